import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { CommandIDs } from '../commands';
import { Entries } from './entries';
import { Health } from './health';
import type { ITelemetryModel } from './model';
import type { RightsView } from './myrights';
import { MyRights, RightsButtons } from './myrights';

/**
 * Every event this student caused in this page, newest first, and where it is.
 * Events of students who sat here before are none of their business.
 */
export function RecordedActivity(props: {
  readonly model: ITelemetryModel;
  readonly commands: CommandRegistry;
  readonly trans: TranslationBundle;
  readonly view: RightsView;
  readonly onView: (view: RightsView) => void;
  readonly onDrawn: () => void;
}): React.JSX.Element {
  const { model, commands, trans, view, onView, onDrawn } = props;
  const { delivery, identity, whereabouts } = model;
  const { keptAt } = whereabouts;
  React.useEffect(onDrawn);
  const { student } = identity;
  const own = [...delivery.log.entries].filter(
    ({ payload }) => payload.student_id === student?.id
  );
  const hasOlder = delivery.log.hasForgotten(student?.id);
  if (view) {
    return (
      <MyRights
        key={model.rights.turn}
        view={view}
        model={model}
        trans={trans}
        onView={onView}
      />
    );
  }
  return (
    <section aria-label={trans.__('Recorded activity')} tabIndex={-1}>
      <header>
        <h2>{trans.__('Recorded activity')}</h2>
        <p>
          {!model.canRecord
            ? trans.__('Nothing is recorded: the settings are not readable.')
            : student
              ? trans.__('%1. %2', identity.shown!.name, whereabouts.words)
              : trans.__('Nothing is recorded: no name was given.')}
        </p>
        <Health
          health={delivery.health}
          keptAt={keptAt}
          isDirect={whereabouts.isDirect}
          isClass={whereabouts.isClass}
          isOfHub={whereabouts.isOfHub}
          trans={trans}
          onSend={() => void commands.execute(CommandIDs.sendNow)}
          onExport={() => void commands.execute(CommandIDs.exportUndelivered)}
        />
        {(student ?? model.rights.unfinished) && (
          <RightsButtons model={model} trans={trans} onView={onView} />
        )}
        {student && (
          <p>
            {own.length > 0 || hasOlder
              ? trans.__(
                  'In this page since %1, without earlier visits:',
                  openedAt()
                )
              : trans.__(
                  'Nothing was recorded in this page since %1. Earlier visits are not listed.',
                  openedAt()
                )}
          </p>
        )}
      </header>
      {own.length > 0 || hasOlder ? (
        <Entries
          entries={own.reverse()}
          hasOlder={hasOlder}
          keptAt={keptAt}
          trans={trans}
        />
      ) : null}
    </section>
  );
}

/** When the page was opened: before, it recorded nothing. */
function openedAt(): string {
  return new Date(performance.timeOrigin).toLocaleTimeString(undefined, {
    hour: 'numeric',
    minute: '2-digit'
  });
}
