import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { ILogEntry } from '../capture/log';
import type { IPayload } from '../events/payload';
import { describeEvent } from '../events/wording';
import type { KeptAt } from './model';

/** Rows shown at first and with each "Show older". */
const PAGE = 100;
/** So many rows are passed with Page Up and Page Down. */
const LEAP = 10;

/**
 * The events, newest first. The whole list is one stop for the Tab key: within
 * the list arrow keys lead from row to row.
 */
export function Entries(props: {
  readonly entries: ReadonlyArray<ILogEntry>;
  /** Whether there are some that are not kept for showing. */
  readonly hasOlder: boolean;
  readonly keptAt: KeptAt;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { entries, hasOlder, keptAt, trans } = props;
  const [limit, setLimit] = React.useState(PAGE);
  const [current, setCurrent] = React.useState<string | null>(null);
  const list = React.useRef<HTMLDivElement>(null);
  const shown = entries.slice(0, limit);
  const ids = shown.map(({ payload }) => payload.uuid);
  const hasMore = entries.length > limit;
  // A row that went away hands its place to the newest one.
  const stop =
    current !== null && (ids.includes(current) || (hasMore && current === MORE))
      ? current
      : ids[0];
  const nameOf = namesOf(shown);
  const showOlder = (): void => {
    setLimit(limit + PAGE);
    setCurrent(entries[limit].payload.uuid);
  };
  React.useLayoutEffect(() => {
    // The button may be gone now: go on with the first of the older ones.
    if (limit > PAGE) {
      list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    }
  }, [limit]);
  return (
    <div ref={list} onKeyDown={event => moveFocus(event, list.current)}>
      <ol aria-label={trans.__('Events, newest first')}>
        {shown.map(entry => (
          <Entry
            key={entry.payload.uuid}
            entry={entry}
            name={nameOf(entry)}
            isStop={entry.payload.uuid === stop}
            onFocus={setCurrent}
            keptAt={keptAt}
            trans={trans}
          />
        ))}
      </ol>
      {hasMore ? (
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          data-stop
          tabIndex={stop === MORE ? 0 : -1}
          onFocus={() => setCurrent(MORE)}
          onClick={showOlder}
        >
          {trans.__('Show older')}
        </button>
      ) : (
        hasOlder && (
          <p>
            {keptAt
              ? trans.__(
                  'Older ones are not shown here; they are kept all the same.'
                )
              : trans.__(
                  'Older ones are not shown here; they are sent all the same.'
                )}
          </p>
        )
      )}
    </div>
  );
}

/** Stands for the button behind the rows; no event has this uuid. */
const MORE = 'more';

/** Arrow keys and their like lead from one stop to another. */
function moveFocus(event: React.KeyboardEvent, list: HTMLElement | null): void {
  const stops = [...(list?.querySelectorAll<HTMLElement>('[data-stop]') ?? [])];
  const at = stops.indexOf(event.target as HTMLElement);
  const to = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + LEAP,
    PageUp: at - LEAP,
    Home: 0,
    End: stops.length - 1
  }[event.key];
  // In the detail of a row these keys scroll.
  if (at >= 0 && to !== undefined) {
    event.preventDefault();
    event.stopPropagation();
    stops[Math.min(Math.max(to, 0), stops.length - 1)].focus();
  }
}

/**
 * @returns what to call an entry's notebook: nothing where there is but one, its
 * file too where two files have one id
 */
function namesOf(
  entries: ReadonlyArray<ILogEntry>
): (entry: ILogEntry) => string {
  const files = new Map<string, Set<string>>();
  for (const { payload, file = '' } of entries) {
    const { notebook } = payload;
    const known = files.get(notebook) ?? new Set();
    // A consent is of a course, and of no file.
    files.set(notebook, file === '' ? known : known.add(file));
  }
  return ({ payload: { notebook }, file = '' }) =>
    file !== '' && (files.get(notebook)?.size ?? 0) > 1
      ? `${notebook} (${file}) · `
      : files.size > 1
        ? `${notebook} · `
        : '';
}

const Entry = React.memo(function Entry(props: {
  readonly entry: ILogEntry;
  /** What to call the notebook. */
  readonly name: string;
  /** Whether the Tab key leads here. */
  readonly isStop: boolean;
  readonly onFocus: (uuid: string) => void;
  readonly keptAt: KeptAt;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { entry, name, isStop, onFocus, keptAt, trans } = props;
  const { payload, state } = entry;
  const [isOpen, setOpen] = React.useState(false);
  const time = new Date(payload.timestamp).toLocaleTimeString();
  const words = describeEvent(trans, payload.event_type, payload.properties);
  return (
    <li data-state={state}>
      <button
        type="button"
        data-stop
        tabIndex={isStop ? 0 : -1}
        aria-expanded={isOpen}
        onFocus={() => onFocus(payload.uuid)}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="jp-ipynb-telemetry-Activity-words">{words}</span>
        <span className="jp-ipynb-telemetry-Activity-facts">
          {`${name}${time} · `}
          {stateWords(entry, keptAt, trans)}
        </span>
      </button>
      {isOpen && (
        <pre tabIndex={0} aria-label={words}>
          {detailOf(payload)}
        </pre>
      )}
    </li>
  );
});

/** The event as it is sent, what was run first and the technical lines last. */
function detailOf({ event_type, properties, ...rest }: IPayload): string {
  const { code, output, error, ...others } = properties as Record<
    string,
    unknown
  >;
  return JSON.stringify(
    {
      event_type,
      properties: { code, output, error, ...others },
      ...rest
    },
    undefined,
    2
  );
}

function stateWords(
  { state, reason }: ILogEntry,
  keptAt: KeptAt,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'waiting':
      return keptAt === 'browser' ? trans.__('kept') : trans.__('waiting');
    case 'delivered':
      return keptAt ? trans.__('kept') : trans.__('delivered');
    case 'dropped':
      return trans.__('given up');
    default:
      return trans.__('refused: %1', reason ?? '');
  }
}
