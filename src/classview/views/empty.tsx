import * as React from 'react';
import type { Overview } from '../answers/overview';
import { Printed } from '../parts/code';
import { RosterButton } from '../parts/rosterbutton';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** Whether nothing has come yet, so that a view would have nothing to show. */
export function isEmpty(overview: Overview): boolean {
  return overview.events === 0;
}

/** What to do until the first event comes. */
export function Empty(): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { overview } = model;
  if (overview?.class_collector) {
    return (
      <section className="jp-cv-Empty">
        <h2>{trans.__('Events go to your class’s collector, and not here')}</h2>
        <p>
          {trans.__(
            'This server sends what is done here to your class’s collector at %1: its own class view shows the whole class.',
            new URL(overview.class_collector).host
          )}
        </p>
      </section>
    );
  }
  if (overview?.posthog) {
    return <AtPostHog pages={new URL(overview.posthog).origin} />;
  }
  return (
    <section className="jp-cv-Empty">
      <h2>{trans.__('No event has come yet')}</h2>
      <p>
        {trans.__(
          'No student is connected: opening a notebook of the course and giving a name is the first event, and is seen here seconds later.'
        )}
      </p>
      <ol>
        <li>
          {trans.__(
            'Open a notebook of the course and turn on “Student Telemetry in This Notebook”: in its toolbar, or by “jupyter telemetry enable NOTEBOOK”.'
          )}
        </li>
        <li>
          {trans.__(
            'Give the notebook to the students. Who opens it is asked for a name, and then appears here.'
          )}
        </li>
        <li>
          {overview?.has_roster
            ? trans.__(
                'The roster is there: students without any event will be listed too.'
              )
            : trans.__(
                'Optionally give a roster (a CSV file with id, name, group, staff), so that students without any event are listed too.'
              )}{' '}
          <RosterButton />
        </li>
      </ol>
      {overview?.has_simulated && !model.address.simulated && (
        <p>
          <button
            type="button"
            className="jp-cv-Button"
            onClick={() => model.go({ simulated: true })}
          >
            {trans.__('Look at the simulated class')}
          </button>
        </p>
      )}
      <p>
        {trans.__(
          'To look at a class before there is one: “jupyter telemetry simulate NOTEBOOK” plays one, marked as simulated and left out of every real count.'
        )}
      </p>
    </section>
  );
}

/** Where to look where events go to a PostHog, whose pages are at an origin. */
function AtPostHog({ pages }: { readonly pages: string }): React.JSX.Element {
  const trans = useTrans();
  return (
    <section className="jp-cv-Empty">
      <h2>{trans.__('Events go to PostHog, and not here')}</h2>
      <p>
        {trans.__(
          'The settings of this server send what students do to PostHog: look there, in the project that the key is of.'
        )}
      </p>
      <p>
        <a
          className="jp-cv-Button"
          href={pages}
          target="_blank"
          rel="noopener noreferrer"
        >
          {trans.__('Open %1', new URL(pages).host)}
        </a>
      </p>
      <p>
        {trans.__(
          'This command makes a dashboard there that says what this view says. The number of the project is in the address of each of its pages:'
        )}
      </p>
      <Printed
        label={trans.__('Command')}
        text={`jupyter telemetry posthog provision --project NUMBER --host ${pages}`}
      />
      <p>
        {trans.__(
          'To see the class here, empty the setting “Project key” of Student Telemetry: events then stay on this Jupyter server.'
        )}
      </p>
    </section>
  );
}
