import type { VirtualItem } from '@tanstack/react-virtual';
import * as React from 'react';
import type { IColumn, IPlace } from './column';
import type { ISorted } from './usesorted';

interface IShared<R> {
  readonly columns: ReadonlyArray<IColumn<R>>;
  readonly widths: ReadonlyArray<number>;
  /** The columns that are drawn, numbered from the second one. */
  readonly shown: ReadonlyArray<VirtualItem>;
  readonly total: number;
  readonly height: number;
}

/** Where a cell stands in its row. */
const at = (start: number, width: number): React.CSSProperties => ({
  left: start,
  width
});

/** The header: a click or Enter sorts by the column. */
export function HeadRow<R>(
  props: IShared<R> & {
    /** The number of the column that the keyboard is at. */
    readonly active: number | null;
    readonly sorted: ISorted<R>;
    readonly onActivate: (column: string) => void;
  }
): React.JSX.Element {
  const { columns, widths, shown, total, height, active, sorted } = props;
  const draw = (index: number, style: React.CSSProperties): React.ReactNode => {
    const {
      id,
      title,
      label,
      sort,
      align = 'start',
      isStrong
    } = columns[index];
    const direction = sorted.directionOf(id);
    const order =
      direction === null
        ? undefined
        : direction === 'asc'
          ? 'ascending'
          : 'descending';
    return (
      <th
        key={id}
        role="columnheader"
        scope="col"
        aria-colindex={index + 1}
        aria-sort={order}
        className={`jp-cv-${align}${isStrong ? ' jp-cv-strong' : ''}`}
        style={style}
        title={label}
      >
        <button
          type="button"
          tabIndex={active === index ? 0 : -1}
          aria-label={label}
          aria-disabled={sort ? undefined : true}
          onFocus={() => props.onActivate(id)}
          onClick={() => sort && sorted.toggle(id)}
        >
          <span>{title}</span>
          {direction && (
            <span aria-hidden="true">{direction === 'asc' ? '▴' : '▾'}</span>
          )}
        </button>
      </th>
    );
  };
  return (
    <tr role="row" aria-rowindex={1} style={{ width: total, height }}>
      {draw(0, { width: widths[0] })}
      {shown.map(({ index, start }) =>
        draw(index + 1, at(start + widths[0], widths[index + 1]))
      )}
    </tr>
  );
}

interface IRow<R> extends IShared<R> {
  readonly row: R;
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly active: number | null;
  readonly isSelected: boolean;
  readonly onActivate: (place: IPlace) => void;
}

function RowOf<R>(props: IRow<R>): React.JSX.Element {
  const { columns, widths, shown, total, height, row, id, index } = props;
  const draw = (nth: number, style: React.CSSProperties): React.ReactNode => {
    const column = columns[nth];
    const { align = 'start', open } = column;
    const classes = [`jp-cv-${align}`, column.className?.(row)];
    if (open) {
      classes.push('jp-cv-opens');
    }
    const activate = (): void =>
      props.onActivate({ row: id, column: column.id });
    const common = {
      'aria-colindex': nth + 1,
      'aria-label': column.spoken?.(row),
      className: classes.filter(Boolean).join(' '),
      style,
      tabIndex: props.active === nth ? 0 : -1,
      onFocus: activate,
      onClick: open && (() => open(row)),
      onKeyDown: (event: React.KeyboardEvent) => {
        if (open && (event.key === 'Enter' || event.key === ' ')) {
          event.preventDefault();
          event.stopPropagation();
          open(row);
        }
      }
    };
    const content = column.draw ? column.draw(row) : column.text(row);
    return nth === 0 ? (
      <th key={column.id} role="rowheader" scope="row" {...common}>
        {content}
      </th>
    ) : (
      <td key={column.id} role="gridcell" {...common}>
        {content}
      </td>
    );
  };
  return (
    <tr
      role="row"
      aria-rowindex={index + 2}
      aria-selected={props.isSelected || undefined}
      className={index % 2 ? 'jp-cv-odd' : undefined}
      style={{ top: props.top, width: total, height }}
    >
      {draw(0, { width: widths[0] })}
      {shown.map(({ index: nth, start }) =>
        draw(nth + 1, at(start + widths[0], widths[nth + 1]))
      )}
    </tr>
  );
}

/** A row; drawn again only when something of it is another. */
export const Row = React.memo(RowOf) as typeof RowOf;

/** What the columns say of the class. */
export function FootRow<R>(
  props: IShared<R> & {
    readonly index: number;
    readonly label: string;
    readonly active: number | null;
    readonly onActivate: (column: string) => void;
  }
): React.JSX.Element {
  const { columns, widths, shown, total, height, index, label, active } = props;
  return (
    <tr role="row" aria-rowindex={index + 2} style={{ width: total, height }}>
      <th
        role="rowheader"
        scope="row"
        aria-colindex={1}
        style={{ width: widths[0] }}
        tabIndex={active === 0 ? 0 : -1}
        onFocus={() => props.onActivate(columns[0].id)}
      >
        {label}
      </th>
      {shown.map(({ index: nth, start }) => {
        const { id, foot = '', align = 'start', isStrong } = columns[nth + 1];
        return (
          <td
            key={id}
            role="gridcell"
            aria-colindex={nth + 2}
            className={`jp-cv-${align}${isStrong ? ' jp-cv-strong' : ''}`}
            style={at(start + widths[0], widths[nth + 1])}
            tabIndex={active === nth + 1 ? 0 : -1}
            onFocus={() => props.onActivate(id)}
          >
            {foot}
          </td>
        );
      })}
    </tr>
  );
}
