import * as React from 'react';
import { useTrans } from '../trans';
import { FootRow, HeadRow, Row } from './cells';
import type { IColumn, IPlace } from './column';
import { moveBy } from './keys';
import { useHeldOrder } from './order';
import { useScale } from './usescale';
import { useSorted } from './usesorted';
import { useWindow } from './usewindow';

/** Pixels, at the usual size of type. */
const ROW_HEIGHT = 28;
/** The row of the class, which is no student's. */
const FOOT = '\0class';

/** A table that is seen a part at a time, and that a keyboard reaches every cell of. */
export function Grid<R>(props: {
  readonly label: string;
  readonly columns: ReadonlyArray<IColumn<R>>;
  /** In the order in which they stand where nothing else was asked for. */
  readonly rows: ReadonlyArray<R>;
  readonly idOf: (row: R) => string;
  readonly first?: { readonly column: string; readonly isDescending: boolean };
  /** Whether the columns have a row of the class, at the bottom. */
  readonly hasFoot?: boolean;
  /** Pixels, at the usual size of type. */
  readonly rowHeight?: number;
  /** The row that is open beside the grid. */
  readonly selected?: string | null;
}): React.JSX.Element {
  const { label, columns, rows, idOf, first, hasFoot = false } = props;
  const trans = useTrans();
  const scroller = React.useRef<HTMLDivElement>(null);
  const scale = useScale(scroller);
  const height = Math.round((props.rowHeight ?? ROW_HEIGHT) * scale);
  const headHeight = Math.round(ROW_HEIGHT * scale);
  const sorted = useSorted(columns, rows, idOf, first ?? null);
  const [isPointed, setPointed] = React.useState(false);
  const [isFocused, setFocused] = React.useState(false);
  const { order, isBehind, update } = useHeldOrder(
    sorted.ids,
    sorted.sorting,
    isPointed || isFocused
  );
  const widths = React.useMemo(
    () => columns.map(({ width }) => Math.round(width * scale)),
    [columns, scale]
  );
  const [place, setPlace] = React.useState<IPlace>({
    row: null,
    column: columns[0].id
  });
  const active = {
    row: rowOf(place, order),
    column: Math.max(
      columns.findIndex(({ id }) => id === place.column),
      0
    )
  };
  const shown = useWindow(
    scroller,
    order.length,
    height,
    React.useMemo(() => widths.slice(1), [widths]),
    active
  );

  const isMoved = React.useRef(false);
  React.useLayoutEffect(() => {
    const node = scroller.current;
    if (isMoved.current && node) {
      isMoved.current = false;
      const edges = headHeight * (hasFoot ? 2 : 1);
      reveal(node, active, order.length, height, widths, edges);
      node
        .querySelector<HTMLElement>('[tabindex="0"]')
        ?.focus({ preventScroll: true });
    }
  });

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const isControl = event.ctrlKey || event.metaKey;
    const visible = (scroller.current?.clientHeight ?? 0) / height - 2;
    const next = moveBy(event.key, isControl, active, {
      rows: order.length + (hasFoot ? 1 : 0),
      columns: columns.length,
      page: Math.max(Math.floor(visible), 1)
    });
    if (next && !event.altKey) {
      event.preventDefault();
      // Neither JupyterLab's shortcuts nor the tabs have a claim to it.
      event.stopPropagation();
      isMoved.current = true;
      setPlace({
        row: next.row === order.length ? FOOT : (order[next.row] ?? null),
        column: columns[next.column].id
      });
    }
  };

  const total = widths.reduce((sum, width) => sum + width, 0);
  const shared = { columns, widths, shown: shown.columns, total };
  return (
    <div
      className="jp-cv-GridFrame"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={event => {
        setFocused(event.currentTarget.contains(event.relatedTarget));
      }}
    >
      <div className="jp-cv-Grid" ref={scroller} onKeyDown={onKeyDown}>
        <table
          role="grid"
          aria-label={label}
          aria-rowcount={order.length + (hasFoot ? 2 : 1)}
          aria-colcount={columns.length}
          style={{ width: total }}
        >
          <thead role="rowgroup" style={{ height: headHeight }}>
            <HeadRow
              {...shared}
              height={headHeight}
              active={active.row === -1 ? active.column : null}
              sorted={sorted}
              onActivate={column => setPlace({ row: null, column })}
            />
          </thead>
          <tbody role="rowgroup" style={{ height: shown.height }}>
            {shown.rows.map(({ index, start }) => {
              const id = order[index];
              const row = id === undefined ? undefined : sorted.rows.get(id);
              return row === undefined ? null : (
                <Row
                  key={id}
                  {...shared}
                  row={row}
                  id={id}
                  index={index}
                  top={start}
                  height={height}
                  active={active.row === index ? active.column : null}
                  isSelected={props.selected === id}
                  onActivate={setPlace}
                />
              );
            })}
          </tbody>
          {hasFoot && (
            <tfoot role="rowgroup" style={{ height: headHeight }}>
              <FootRow
                {...shared}
                height={headHeight}
                index={order.length}
                label={trans.__('class')}
                active={active.row === order.length ? active.column : null}
                onActivate={column => setPlace({ row: FOOT, column })}
              />
            </tfoot>
          )}
        </table>
      </div>
      <button
        type="button"
        className="jp-cv-Grid-update"
        hidden={!isBehind}
        onClick={update}
      >
        {trans.__('Update order')}
      </button>
    </div>
  );
}

/** The number of the row somebody is at; of a row that is gone, the header's. */
function rowOf({ row }: IPlace, order: ReadonlyArray<string>): number {
  return row === null ? -1 : row === FOOT ? order.length : order.indexOf(row);
}

/** Scroll as little as it takes to see a place below the header and beside the names. */
function reveal(
  node: HTMLElement,
  { row, column }: { readonly row: number; readonly column: number },
  count: number,
  height: number,
  widths: ReadonlyArray<number>,
  edges: number
): void {
  if (row >= 0 && row < count) {
    const lowest = (row + 1) * height - (node.clientHeight - edges);
    node.scrollTop = Math.min(Math.max(node.scrollTop, lowest), row * height);
  }
  if (column > 0) {
    const left = widths.slice(1, column).reduce((sum, width) => sum + width, 0);
    const rightmost = left + widths[column] + widths[0] - node.clientWidth;
    node.scrollLeft = Math.min(Math.max(node.scrollLeft, rightmost), left);
  }
}
