import * as React from 'react';
import type { StudentsRow } from '../answers/students';
import { durationText, ratioText } from '../parts/format';
import { useTrans } from '../trans';

/** What is counted of a student. */
export function StudentFigures({
  row
}: {
  readonly row: StudentsRow;
}): React.JSX.Element {
  const trans = useTrans();
  const figures: ReadonlyArray<readonly [string, string, string?]> = [
    [trans.__('solved'), `${row.solved}/${row.of}`],
    [trans.__('active'), durationText(row.active_ms, trans)],
    [trans.__('pastes'), String(row.pastes)],
    [
      trans.__('EQ'),
      ratioText(row.eq),
      trans.__(
        'Error Quotient (Jadud 2006), 0 to 1: how often two runs in a row end in an error, and in the same one'
      )
    ],
    [
      trans.__('RED'),
      ratioText(row.red),
      trans.__(
        'Repeated Error Density (Becker 2016): how long the same error is repeated'
      )
    ]
  ];
  return (
    <dl className="jp-cv-Figures">
      {figures.map(([name, text, meaning]) => (
        <React.Fragment key={name}>
          <dt title={meaning}>{name}</dt>
          <dd>{text}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}
