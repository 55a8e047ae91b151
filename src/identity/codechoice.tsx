import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { Field } from '../dialogs/field';
import { NOTICE_ID } from './notice';
import type { IChoiceProps } from './choice';
import type { IRosterRow } from './roster';
import { shownOf } from './roster';
import { readStudentCode } from './studentcode';
import { useFocusOfPredecessor } from './successor';

const STATUS_ID = 'jp-ipynb-telemetry-preview';

/** What a collector says of a code. */
type Answer = IRosterRow | 'looking' | 'nobody' | 'wait' | null;

/**
 * The field for the code that an instructor has handed out. A slip is noticed
 * here; a collector with a roster says whose the code is, for the student to confirm.
 */
export function CodeChoice(props: IChoiceProps): React.JSX.Element {
  const { trans, roster, isPseudonym, onChange, onFailed } = props;
  const [{ row: known, typed: begun }] = React.useState(props.choice);
  const [typed, setTyped] = React.useState(isPseudonym ? begun : '');
  const [said, setSaid] = React.useState({
    of: meaningOf(typed),
    answer: known as Answer
  });
  const field = useFocusOfPredecessor();
  const read = readStudentCode(typed);
  const code = 'code' in read ? read.code : null;
  // No collector has to tell whose the code is that a student came with.
  const isOwn = known !== null && code === known.id;
  const isAnswered = isOwn || said.of === meaningOf(typed);
  React.useEffect(() => {
    // Whoever was told to wait, and types the code again, has waited.
    if (!roster || code === null || (isAnswered && said.answer !== 'wait')) {
      return;
    }
    let isCurrent = true;
    roster.whose(code).then(
      answer => isCurrent && setSaid({ of: code, answer: answer ?? 'nobody' }),
      () => isCurrent && onFailed()
    );
    return () => {
      isCurrent = false;
    };
  }, [code, roster]);
  const answer = isOwn
    ? known
    : isAnswered
      ? said.answer
      : code !== null && roster
        ? 'looking'
        : null;
  const row = typeof answer === 'string' ? null : answer;
  React.useEffect(() => onChange({ typed, row }), [typed, row]);
  return (
    <div ref={field}>
      <Field
        name="roster"
        label={trans.__('Your code')}
        value={typed}
        problem={row ? '' : problemWords(read, answer, trans)}
        isSubmitted={props.isSubmitted}
        describedBy={`${STATUS_ID} ${NOTICE_ID}`}
        attributes={{ className: 'jp-mod-styled jp-mod-code' }}
        onChange={setTyped}
      />
      <p
        id={STATUS_ID}
        role="status"
        className="jp-ipynb-telemetry-Form-preview"
        dir="auto"
      >
        {row
          ? trans.__('You are %1?', `\u2068${shownOf(row)}\u2069`)
          : answer === 'looking'
            ? trans.__('Looking for your name…')
            : trans.__('You have the code from your instructor.')}
        {isPseudonym && code !== null && (
          <>
            <br />
            {trans.__(
              'Your work is recorded under the code %1. Your name stays in this browser.',
              `\u2066${code}\u2069`
            )}
          </>
        )}
      </p>
    </div>
  );
}

/** The code that a text is, however it is written; else the text. */
function meaningOf(typed: string): string {
  const read = readStudentCode(typed);
  return 'code' in read ? read.code : typed;
}

/** Why a code will not do, or nothing. */
function problemWords(
  read: ReturnType<typeof readStudentCode>,
  answer: Answer,
  trans: TranslationBundle
): string {
  switch ('problem' in read ? read.problem : answer) {
    case 'missing':
      return trans.__('The code is missing');
    case 'letters':
      return trans.__('A code has digits and English letters, and no U');
    case 'length':
      return trans.__('A code has 12 characters');
    case 'check':
      return trans.__('A character of the code is wrong');
    case 'nobody':
      return trans.__('Nobody in your class has this code');
    case 'wait':
      return trans.__(
        'Too many wrong codes came from here: wait a minute, then type yours again'
      );
    default:
      return '';
  }
}
