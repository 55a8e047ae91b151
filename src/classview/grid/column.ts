import type * as React from 'react';
import type { CsvValue } from '../model/csv';

/** How a cell looks, and what is said of it, where its text is not all. */
export interface ICellLook {
  readonly content?: React.ReactNode;
  /** What a screen reader says instead of the text. */
  readonly spoken?: string;
  /** More classes of the cell. */
  readonly className?: string;
}

/** A column of a grid, whose rows are `R`. */
export interface IColumn<R> {
  readonly id: string;
  /** What stands at its top. */
  readonly title: string;
  /** What the column shares with those beside it, above the title. */
  readonly group?: string;
  /** The same in full, for a tooltip and for a screen reader. */
  readonly label?: string;
  /** In pixels, at the usual size of type. */
  readonly width: number;
  readonly align?: 'start' | 'end' | 'center' | 'state';
  /** By what rows are sorted; null comes last. Without it, the column sorts nothing. */
  readonly sort?: (row: R) => number | string | null;
  /** Whether the largest comes first when the column is first sorted by. */
  readonly isLargestFirst?: boolean;
  /** What a cell says. */
  readonly text: (row: R) => string;
  /** What is saved, where it is not the text. */
  readonly csv?: (row: R) => CsvValue;
  readonly look?: (row: R) => ICellLook;
  /** What is opened from a cell, by a click or Enter. */
  readonly open?: (row: R) => void;
}

/** The row of the class, at the bottom. */
export interface IFoot {
  /** What stands there, by the ids of the columns. */
  readonly texts: ReadonlyMap<string, string>;
  /** The columns at which the eye should land. */
  readonly strong: ReadonlySet<string>;
  /** What is opened from there, by the ids of the columns. */
  readonly opens: ReadonlyMap<string, () => void>;
}

/** Where somebody is in a grid, whatever the order of its rows: null is the header. */
export interface IPlace {
  readonly row: string | null;
  readonly column: string;
}
