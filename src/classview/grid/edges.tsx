import * as React from 'react';
import type { IColumn, IFoot } from './column';
import type { IRows } from './row';
import type { ISorted } from './usesorted';

/** The header: a click or Enter sorts by the column. */
export function HeadRow<R>(
  props: IRows<R> & {
    /** The number of the column that the keyboard is at. */
    readonly active: number | null;
    readonly sorted: ISorted<R>;
    readonly strong: ReadonlySet<string> | undefined;
  }
): React.JSX.Element {
  const { columns, shown, height, active, sorted, strong } = props;
  return (
    <tr role="row" aria-rowindex={1} style={{ height }}>
      {shown.map(({ nth, style }) => {
        const column = columns[nth];
        const { id, title, group, label, sort, align = 'start' } = column;
        const direction = sorted.directionOf(id);
        return (
          <th
            key={nth}
            role="columnheader"
            scope="col"
            aria-colindex={nth + 1}
            aria-sort={direction ? ORDERS[direction] : undefined}
            className={classOf(align, strong?.has(id))}
            style={style}
            title={label}
          >
            <button
              type="button"
              tabIndex={active === nth ? 0 : -1}
              aria-label={label}
              aria-disabled={sort ? undefined : true}
              onClick={() => sort && sorted.toggle(id)}
            >
              {group && <span className="jp-cv-HeadGroup">{group}</span>}
              <span className="jp-cv-HeadTitle">{title}</span>
              {direction && (
                <span aria-hidden="true">
                  {direction === 'asc' ? '▴' : '▾'}
                </span>
              )}
            </button>
          </th>
        );
      })}
    </tr>
  );
}

const ORDERS = { asc: 'ascending', desc: 'descending' } as const;

/** What is said of the class, column by column. */
export function FootRow<R>(
  props: IRows<R> & {
    readonly index: number;
    readonly label: string;
    readonly foot: IFoot;
    readonly active: number | null;
  }
): React.JSX.Element {
  const { columns, shown, height, index, label, foot, active } = props;
  return (
    <tr role="row" aria-rowindex={index + 2} style={{ height }}>
      {shown.map(({ nth, style }) => {
        const { id, align = 'start' } = columns[nth];
        const Cell = nth === 0 ? 'th' : 'td';
        return (
          <Cell
            key={nth}
            role={nth === 0 ? 'rowheader' : 'gridcell'}
            aria-colindex={nth + 1}
            className={classOf(align, foot.strong.has(id), foot.opens.has(id))}
            style={style}
            tabIndex={active === nth ? 0 : -1}
          >
            {nth === 0 ? label : (foot.texts.get(id) ?? '')}
          </Cell>
        );
      })}
    </tr>
  );
}

/** Above and below states what is said is centred. */
function classOf(
  align: NonNullable<IColumn<unknown>['align']>,
  isStrong = false,
  isOpening = false
): string {
  const side =
    align === 'state' ? 'jp-cv-center jp-cv-state' : `jp-cv-${align}`;
  return [side, isStrong && 'jp-cv-strong', isOpening && 'jp-cv-opens']
    .filter(Boolean)
    .join(' ');
}
