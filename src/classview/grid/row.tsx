import * as React from 'react';
import type { IColumn } from './column';
import type { ICellPlace } from './layout';

/** What the rows of a grid have in common. */
export interface IRows<R> {
  readonly columns: ReadonlyArray<IColumn<R>>;
  /** The columns that are drawn, the first one always among them. */
  readonly shown: ReadonlyArray<ICellPlace>;
  /** Pixels. */
  readonly height: number;
}

/**
 * A row of a grid, drawn again only when something of it is another. Grids have a thousand cells
 * in sight: a cell is one element, and the grid listens in their stead.
 */
function RowOf<R>(
  props: IRows<R> & {
    readonly row: R;
    readonly index: number;
    readonly top: number;
    /** The number of the column that the keyboard is at. */
    readonly active: number | null;
    readonly isSelected: boolean;
  }
): React.JSX.Element {
  const { columns, shown, height, row, index, active } = props;
  return (
    <tr
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.isSelected || undefined}
      style={{ top: props.top, height }}
    >
      {shown.map(({ nth, style }) => {
        const column = columns[nth];
        const look = column.look?.(row);
        const Cell = nth === 0 ? 'th' : 'td';
        return (
          <Cell
            key={nth}
            role={nth === 0 ? 'rowheader' : 'gridcell'}
            aria-colindex={nth + 1}
            aria-label={look?.spoken}
            className={classesOf(column, look?.className)}
            style={style}
            tabIndex={active === nth ? 0 : -1}
          >
            {look?.content ?? column.text(row)}
          </Cell>
        );
      })}
    </tr>
  );
}

export const Row = React.memo(RowOf) as typeof RowOf;

/** The classes of a cell. */
function classesOf<R>(
  { align = 'start', open }: IColumn<R>,
  more: string | undefined
): string {
  const own = open ? `jp-cv-${align} jp-cv-opens` : `jp-cv-${align}`;
  return more ? `${own} ${more}` : own;
}
