import * as React from 'react';
import type { StudentEvent } from '../answers/student';
import { Code, Printed } from '../parts/code';
import { momentText } from '../parts/format';
import { Redacted } from '../parts/redacted';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import type { Tone } from './eventwords';
import { propertiesOf, wordsOf } from './eventwords';
import { gapsOf } from './gaps';

const SIGNS: Readonly<Record<Tone, string>> = {
  good: '✓',
  bad: '✗',
  look: '◐',
  plain: '·'
};

/** What a student did, in order: code as a diff from the attempt before at the same cell. */
export function Timeline(props: {
  readonly events: ReadonlyArray<StudentEvent>;
  /** Whether events say at which exercise they were. */
  readonly areTitled: boolean;
  /** Of events of one session: the number that the first one should have. */
  readonly numberedFrom?: number;
}): React.JSX.Element {
  const trans = useTrans();
  const latest = new Map<string, string>();
  const { events, numberedFrom } = props;
  const gaps = numberedFrom === undefined ? null : gapsOf(events, numberedFrom);
  return (
    <ol className="jp-cv-Timeline">
      {events.map(event => {
        const { code, cell_id } = propertiesOf(event);
        const cell = `${event.notebook} ${cell_id ?? event.exercise ?? ''}`;
        const before = latest.get(cell) ?? null;
        if (code !== undefined) {
          latest.set(cell, code);
        }
        const gap = gaps?.get(event.uuid);
        return (
          <React.Fragment key={event.uuid}>
            {gap && (
              <li className="jp-cv-tone-bad">
                <span />
                <span className="jp-cv-glyph" aria-hidden="true">
                  ?
                </span>
                <strong>
                  {trans._n(
                    '%1 event is missing here',
                    '%1 events are missing here',
                    gap
                  )}
                </strong>
              </li>
            )}
            <Entry event={event} before={before} isTitled={props.areTitled} />
          </React.Fragment>
        );
      })}
    </ol>
  );
}

function Entry(props: {
  readonly event: StudentEvent;
  /** The code of the attempt before. */
  readonly before: string | null;
  readonly isTitled: boolean;
}): React.JSX.Element {
  const trans = useTrans();
  const { areNamesHidden } = useModel().address;
  const { event } = props;
  const { code, output, error, redacted } = propertiesOf(event);
  const { text, tone } = wordsOf(event, trans);
  return (
    <li className={`jp-cv-tone-${tone}`}>
      <time dateTime={new Date(event.at_ms).toISOString()}>
        {momentText(event.at_ms)}
      </time>
      <span className="jp-cv-glyph" aria-hidden="true">
        {SIGNS[tone]}
      </span>
      <div>
        <span>{text}</span>
        {props.isTitled && event.title && (
          <span className="jp-cv-quiet"> {event.title}</span>
        )}
        <Redacted count={redacted} />
        {error?.value && !areNamesHidden && (
          <p className="jp-cv-Timeline-error">{error.value}</p>
        )}
        {code !== undefined && !areNamesHidden && (
          <Code code={code} before={props.before} />
        )}
        {(output || error?.traceback) && !areNamesHidden && (
          <details>
            <summary>
              {error?.traceback ? trans.__('traceback') : trans.__('output')}
            </summary>
            <Printed
              label={trans.__('What was printed')}
              text={error?.traceback ?? output ?? ''}
            />
          </details>
        )}
      </div>
    </li>
  );
}
