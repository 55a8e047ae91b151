import * as React from 'react';
import type { StudentEvent } from '../answers/student';
import { Code, Printed } from '../parts/code';
import { momentText } from '../parts/format';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import type { Tone } from './eventwords';
import { propertiesOf, wordsOf } from './eventwords';

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
}): React.JSX.Element {
  const trans = useTrans();
  const { areNamesHidden } = useModel().address;
  const latest = new Map<string, string>();
  return (
    <ol className="jp-cv-Timeline">
      {props.events.map(event => {
        const { code, output, error, cell_id } = propertiesOf(event);
        const { text, tone } = wordsOf(event, trans);
        const cell = `${event.notebook} ${cell_id ?? event.exercise ?? ''}`;
        const before = latest.get(cell) ?? null;
        if (code !== undefined) {
          latest.set(cell, code);
        }
        return (
          <li key={event.uuid} className={`jp-cv-tone-${tone}`}>
            <time dateTime={new Date(event.at_ms).toISOString()}>
              {momentText(event.at_ms)}
            </time>
            <span className="jp-cv-glyph" aria-hidden="true">
              {SIGNS[tone]}
            </span>
            <div>
              <span>{text}</span>
              {props.areTitled && event.title && (
                <span className="jp-cv-quiet"> {event.title}</span>
              )}
              {error?.value && !areNamesHidden && (
                <p className="jp-cv-Timeline-error">{error.value}</p>
              )}
              {code !== undefined && !areNamesHidden && (
                <Code code={code} before={before} />
              )}
              {(output || error?.traceback) && !areNamesHidden && (
                <details>
                  <summary>
                    {error?.traceback
                      ? trans.__('traceback')
                      : trans.__('output')}
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
      })}
    </ol>
  );
}
