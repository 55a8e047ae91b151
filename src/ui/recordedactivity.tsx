import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import type { ILogEntry } from '../capture/log';
import { CommandIDs } from '../commands';
import { describeEvent } from '../events/catalog';
import { Health } from './health';
import type { ITelemetryModel } from './model';

/** Rows shown at first and with each "Show older". */
const PAGE = 100;

/**
 * Every event this student caused in this page, newest first, and where it is.
 * Events of students who sat here before are none of their business.
 */
export function RecordedActivity(props: {
  readonly model: ITelemetryModel;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { model, commands, trans } = props;
  const { delivery, identity, staysHere } = model;
  const own = [...delivery.log.entries].filter(
    ({ payload }) => payload.student_id === identity.student?.id
  );
  return (
    <section aria-label={trans.__('Recorded activity')}>
      <header>
        <h2>{trans.__('Recorded activity')}</h2>
        <p>
          {!model.canRecord
            ? trans.__('Nothing is recorded: the settings are not readable.')
            : identity.student
              ? trans.__(
                  '%1. %2',
                  identity.student.name,
                  model.destinationWords
                )
              : trans.__('Nothing is recorded: no name was given.')}
        </p>
        <Health
          health={delivery.health}
          staysHere={staysHere}
          isDirect={model.isDirect}
          trans={trans}
          onSend={() => void commands.execute(CommandIDs.sendNow)}
          onExport={() => void commands.execute(CommandIDs.exportUndelivered)}
        />
      </header>
      <Entries
        entries={own.reverse()}
        hasOlder={delivery.log.hasForgotten(identity.student?.id)}
        staysHere={staysHere}
        trans={trans}
      />
    </section>
  );
}

function Entries(props: {
  readonly entries: ReadonlyArray<ILogEntry>;
  /** Whether there are some that are not kept for showing. */
  readonly hasOlder: boolean;
  readonly staysHere: boolean;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { entries, hasOlder, staysHere, trans } = props;
  const [limit, setLimit] = React.useState(PAGE);
  if (entries.length === 0 && !hasOlder) {
    return <p>{trans.__('Nothing was recorded so far.')}</p>;
  }
  return (
    <>
      <ol>
        {entries.slice(0, limit).map(entry => (
          <Entry
            key={entry.payload.uuid}
            entry={entry}
            staysHere={staysHere}
            trans={trans}
          />
        ))}
      </ol>
      {entries.length > limit ? (
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => setLimit(limit + PAGE)}
        >
          {trans.__('Show older')}
        </button>
      ) : (
        hasOlder && (
          <p>
            {staysHere
              ? trans.__(
                  'Older ones are not shown here; they are kept all the same.'
                )
              : trans.__(
                  'Older ones are not shown here; they are sent all the same.'
                )}
          </p>
        )
      )}
    </>
  );
}

const Entry = React.memo(function Entry(props: {
  readonly entry: ILogEntry;
  readonly staysHere: boolean;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { entry, staysHere, trans } = props;
  const { payload, state } = entry;
  const [isOpen, setOpen] = React.useState(false);
  const time = new Date(payload.timestamp).toLocaleTimeString();
  return (
    <li data-state={state}>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="jp-ipynb-telemetry-Activity-words">
          {describeEvent(trans, payload.event_type, payload.properties)}
        </span>
        <span className="jp-ipynb-telemetry-Activity-facts">
          {`${payload.notebook} · ${time} · `}
          {stateWords(entry, staysHere, trans)}
        </span>
      </button>
      {isOpen && (
        <pre tabIndex={0}>{JSON.stringify(payload, undefined, 2)}</pre>
      )}
    </li>
  );
});

function stateWords(
  { state, reason }: ILogEntry,
  staysHere: boolean,
  trans: TranslationBundle
): string {
  switch (state) {
    case 'waiting':
      return staysHere ? trans.__('kept') : trans.__('waiting');
    case 'delivered':
      return trans.__('delivered');
    case 'dropped':
      return trans.__('given up');
    default:
      return trans.__('refused: %1', reason ?? '');
  }
}
