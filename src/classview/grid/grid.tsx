import * as React from 'react';
import { useTrans } from '../trans';
import type { IColumn, IFoot, IPlace } from './column';
import { FootRow, HeadRow } from './edges';
import { moveBy } from './keys';
import { useCellPlaces, useLayout } from './layout';
import { useHeldOrder } from './order';
import { Row } from './row';
import { useFocusMove } from './usefocusmove';
import { useScale } from './usescale';
import { useSorted } from './usesorted';
import { useWindow } from './usewindow';

/** Pixels, at the usual size of type. */
const ROW_HEIGHT = 28;
/** A header whose columns say their group above their title, in rows. */
const GROUPED_LINES = 1.5;
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
  readonly foot?: IFoot;
  /** Pixels, at the usual size of type. */
  readonly rowHeight?: number;
  /** The row that is open beside the grid. */
  readonly selected?: string | null;
}): React.JSX.Element {
  const { label, columns, rows, idOf, first, foot } = props;
  const trans = useTrans();
  const scroller = React.useRef<HTMLDivElement>(null);
  const em = React.useRef<HTMLDivElement>(null);
  const scale = useScale(em);
  const height = Math.round((props.rowHeight ?? ROW_HEIGHT) * scale);
  const footHeight = Math.round(ROW_HEIGHT * scale);
  const headLines = columns.some(({ group }) => group) ? GROUPED_LINES : 1;
  const headHeight = Math.round(ROW_HEIGHT * headLines * scale);
  const sorted = useSorted(columns, rows, idOf, first ?? null);
  const [isPointed, setPointed] = React.useState(false);
  const [isFocused, setFocused] = React.useState(false);
  const { order, isBehind, update } = useHeldOrder(
    sorted.ids,
    sorted.sorting,
    isPointed || isFocused
  );
  const layout = useLayout(columns, scale);
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
  const shown = useWindow(scroller, order.length, height, layout, active);

  const moveFocus = useFocusMove(scroller, active, {
    count: order.length,
    rowHeight: height,
    widths: layout.widths,
    edges: headHeight + (foot ? footHeight : 0)
  });

  /** Where in the grid something happened; null: beside its cells. */
  const placeOf = ({ target }: React.SyntheticEvent): IPlace | null => {
    const cell = (target as Element).closest('[aria-colindex]');
    const row = cell?.closest('[aria-rowindex]');
    if (!cell || !row) {
      return null;
    }
    const index = Number(row.getAttribute('aria-rowindex')) - 2;
    const { id } = columns[Number(cell.getAttribute('aria-colindex')) - 1];
    return {
      row: index < 0 ? null : index === order.length ? FOOT : order[index],
      column: id
    };
  };
  /** @returns whether there is anything to open */
  const open = (at: IPlace | null): boolean => {
    const openFoot = at?.row === FOOT && foot?.opens.get(at.column);
    if (openFoot) {
      openFoot();
      return true;
    }
    const row = sorted.rows.get(at?.row ?? FOOT);
    const column = columns.find(({ id }) => id === at?.column);
    if (row === undefined || !column?.open) {
      return false;
    }
    column.open(row);
    return true;
  };

  const onKeyDown = (event: React.KeyboardEvent): void => {
    const isControl = event.ctrlKey || event.metaKey;
    const visible = (scroller.current?.clientHeight ?? 0) / height - 2;
    const next = moveBy(event.key, isControl, active, {
      rows: order.length + (foot ? 1 : 0),
      columns: columns.length,
      page: Math.max(Math.floor(visible), 1)
    });
    const isOpening = event.key === 'Enter' || event.key === ' ';
    if (isOpening && open(placeOf(event))) {
      event.preventDefault();
      event.stopPropagation();
    } else if (next && !event.altKey) {
      event.preventDefault();
      // Neither JupyterLab's shortcuts nor the tabs have a claim to it.
      event.stopPropagation();
      moveFocus();
      setPlace({
        row: next.row === order.length ? FOOT : (order[next.row] ?? null),
        column: columns[next.column].id
      });
    }
  };

  const shared = {
    columns,
    shown: useCellPlaces(columns, layout, shown.columns)
  };
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
      <div className="jp-cv-Em" ref={em} />
      <div
        className="jp-cv-Grid"
        ref={scroller}
        onKeyDown={onKeyDown}
        onClick={event => open(placeOf(event))}
        onFocus={event => {
          const at = placeOf(event);
          if (at && (at.row !== place.row || at.column !== place.column)) {
            setPlace(at);
          }
        }}
      >
        <table
          role="grid"
          aria-label={label}
          aria-rowcount={order.length + (foot ? 2 : 1)}
          aria-colcount={columns.length}
          style={
            {
              width: layout.total,
              '--cv-state': `${layout.stateWidth}px`
            } as React.CSSProperties
          }
        >
          <thead role="rowgroup" style={{ height: headHeight }}>
            <HeadRow
              {...shared}
              height={headHeight}
              active={active.row === -1 ? active.column : null}
              sorted={sorted}
              strong={foot?.strong}
            />
          </thead>
          <tbody
            role="rowgroup"
            style={{
              height: order.length * height,
              lineHeight: `${height - 1}px`
            }}
          >
            {shown.rows.map(index => {
              const id = order[index];
              const row = id === undefined ? undefined : sorted.rows.get(id);
              return row === undefined ? null : (
                <Row
                  key={id}
                  {...shared}
                  row={row}
                  index={index}
                  top={index * height}
                  height={height}
                  active={active.row === index ? active.column : null}
                  isSelected={props.selected === id}
                />
              );
            })}
          </tbody>
          {foot && (
            <tfoot
              role="rowgroup"
              style={{ height: footHeight, lineHeight: `${footHeight - 1}px` }}
            >
              <FootRow
                {...shared}
                height={footHeight}
                index={order.length}
                label={trans.__('class')}
                foot={foot}
                active={active.row === order.length ? active.column : null}
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
