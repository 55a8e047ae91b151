import * as React from 'react';
import type { StudentsRow } from '../answers/students';
import type { Only } from '../model/address';
import { NOTHING_OPEN } from '../model/address';
import { durationText, ratioText } from '../parts/format';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';

/** What is counted of a student; each figure opens the events that it is made of. */
export function StudentFigures({
  row
}: {
  readonly row: StudentsRow;
}): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const figures: ReadonlyArray<
    readonly [string, string, Only | null, string?]
  > = [
    [trans.__('solved'), row.of ? `${row.solved}/${row.of}` : '–', 'passes'],
    [trans.__('active'), durationText(row.active_ms, trans), null],
    [trans.__('pastes'), String(row.pastes), 'pastes'],
    [
      trans.__('EQ'),
      ratioText(row.eq),
      'runs',
      trans.__(
        'Error Quotient (Jadud 2006), 0 to 1: how often two runs in a row end in an error, and in the same one'
      )
    ],
    [
      trans.__('RED'),
      ratioText(row.red),
      'runs',
      trans.__(
        'Repeated Error Density (Becker 2016): how long the same error is repeated'
      )
    ]
  ];
  return (
    <dl className="jp-cv-Figures">
      {figures.map(([name, text, only, meaning]) => (
        <React.Fragment key={name}>
          <dt title={meaning}>{name}</dt>
          <dd>
            <button
              type="button"
              className="jp-cv-Link"
              aria-label={`${name} ${text}`}
              onClick={() =>
                model.go({
                  ...NOTHING_OPEN,
                  student: model.names.addressOf(row.student),
                  only
                })
              }
            >
              {text}
            </button>
          </dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
