import type * as React from 'react';
import type { CsvValue } from '../model/csv';

/** A column of a grid, whose rows are `R`. */
export interface IColumn<R> {
  readonly id: string;
  /** What stands at its top. */
  readonly title: string;
  /** The same in full, for a tooltip and for a screen reader. */
  readonly label?: string;
  /** In pixels, at the usual size of type. */
  readonly width: number;
  readonly align?: 'start' | 'end' | 'center';
  /** By what rows are sorted; null comes last. Without it, the column sorts nothing. */
  readonly sort?: (row: R) => number | string | null;
  /** Whether the largest comes first when the column is first sorted by. */
  readonly isLargestFirst?: boolean;
  /** What a cell says. */
  readonly text: (row: R) => string;
  /** What a screen reader says instead. */
  readonly spoken?: (row: R) => string;
  /** What is saved, where it is not the text. */
  readonly csv?: (row: R) => CsvValue;
  /** What is drawn, where it is not the text. */
  readonly draw?: (row: R) => React.ReactNode;
  /** More classes of a cell. */
  readonly className?: (row: R) => string;
  /** What is opened from a cell, by a click or Enter. */
  readonly open?: (row: R) => void;
  /** What stands in the row of the class. */
  readonly foot?: string;
  /** Whether the eye should land here. */
  readonly isStrong?: boolean;
}

/** Where somebody is in a grid, whatever the order of its rows: null is the header. */
export interface IPlace {
  readonly row: string | null;
  readonly column: string;
}
