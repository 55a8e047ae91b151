import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { placeWords, troubleWords } from './placewords';
import type { IErasure, IReceipt, IRights } from './rights';

/** Asks whether the student is sure, stops and erases, and says honestly what came of it. */
export function ForgetMe(props: {
  readonly rights: IRights;
  /** Whether events go, or are sent on, to PostHog. */
  readonly isSentAway: boolean;
  readonly trans: TranslationBundle;
  readonly onDone: () => void;
}): React.JSX.Element {
  const { rights, isSentAway, trans, onDone } = props;
  const [erasure, setErasure] = React.useState<IErasure | null>(
    rights.unfinished
  );
  const [isBusy, setBusy] = React.useState(false);
  const [failure, setFailure] = React.useState('');
  const forget = (): void => {
    setBusy(true);
    setFailure('');
    rights
      .forget()
      .then(setErasure, reason => setFailure(String(reason)))
      .finally(() => setBusy(false));
  };
  const isDone = erasure !== null && erasure.troubles.length === 0;
  return (
    <>
      {!erasure && (
        <>
          <p>
            {trans.__(
              'Recording stops at once. Everything about you that is kept in this browser is deleted, and the places that keep your records are asked to erase them. This cannot be undone.'
            )}
          </p>
          <p>
            {trans.__(
              'You can go on working in the notebook as before. If you want your records first, take them along.'
            )}
          </p>
          {isSentAway && (
            <p>
              {trans.__(
                'What was sent to PostHog cannot be erased from here. Afterwards you get a text to ask your instructor with.'
              )}
            </p>
          )}
        </>
      )}
      {erasure && <Outcome erasure={erasure} trans={trans} />}
      {failure && (
        <p role="alert">{trans.__('That did not work: %1', failure)}</p>
      )}
      <p className="jp-ipynb-telemetry-Activity-actions">
        {!isDone && (
          <button
            type="button"
            className="jp-mod-styled jp-mod-warn"
            disabled={isBusy}
            onClick={forget}
          >
            {isBusy
              ? trans.__('Erasing…')
              : erasure
                ? trans.__('Try again')
                : trans.__('Stop and erase everything')}
          </button>
        )}
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          disabled={isBusy}
          onClick={onDone}
        >
          {isDone ? trans.__('Close') : trans.__('Back')}
        </button>
      </p>
    </>
  );
}

function Outcome(props: {
  readonly erasure: IErasure;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { erasure, trans } = props;
  const [isCopied, setCopied] = React.useState(false);
  const request = requestOf(erasure, trans);
  return (
    <>
      <p role="status">
        {erasure.troubles.length === 0
          ? trans.__('Recording has stopped, and your records are erased.')
          : trans.__('Recording has stopped, but not all records are erased.')}
      </p>
      <ul className="jp-ipynb-telemetry-Rights-visits">
        <li>
          {trans._n(
            '%1 record that waited in this browser is deleted.',
            '%1 records that waited in this browser are deleted.',
            erasure.fromBrowser
          )}
        </li>
        {erasure.receipts.map(receipt => (
          <li key={receipt.place}>{receiptWords(receipt, trans)}</li>
        ))}
      </ul>
      {erasure.troubles.map(trouble => (
        <p role="alert" key={trouble.place}>
          {troubleWords(trouble, trans)}
        </p>
      ))}
      <p>{trans.__('This is beyond reach from here:')}</p>
      <ul className="jp-ipynb-telemetry-Rights-visits">
        {beyondReach(erasure, trans).map(words => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <p>{trans.__('You can ask your instructor with this text:')}</p>
      <textarea
        readOnly
        rows={8}
        aria-label={trans.__('A request to your instructor')}
        value={request}
      />
      <p className="jp-ipynb-telemetry-Activity-actions">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          onClick={() => {
            void navigator.clipboard
              ?.writeText(request)
              .then(() => setCopied(true));
          }}
        >
          {isCopied ? trans.__('Copied') : trans.__('Copy the text')}
        </button>
      </p>
    </>
  );
}

function receiptWords(
  { place, events, kernelEvents, unreached, isScrubbed }: IReceipt,
  trans: TranslationBundle
): string {
  return [
    trans._n(
      '%1 record is erased %2.',
      '%1 records are erased %2.',
      events + kernelEvents,
      placeWords(place, trans)
    ),
    ...(isScrubbed
      ? []
      : [
          trans.__(
            'The file is large: rests stay in it until it is written anew.'
          )
        ]),
    ...(unreached > 0
      ? [
          trans.__(
            'A kernel that runs holds some of them: shut it down, and ask your instructor.'
          )
        ]
      : [])
  ].join(' ');
}

/** What an erasure could not get to. */
function beyondReach(
  { isSentAway, receipts }: IErasure,
  trans: TranslationBundle
): string[] {
  const forwarded = receipts.reduce((sum, each) => sum + each.forwarded, 0);
  return [
    ...(isSentAway || forwarded > 0
      ? [
          trans.__(
            'What was sent on to PostHog. Your instructor can erase it there.'
          )
        ]
      : []),
    trans.__('Files and backups that somebody made before.'),
    trans.__(
      'Records under your name that were made without your code: on another device where you did not enter it, or outside of Jupyter’s pages.'
    ),
    trans.__('Your name on the class list, which is your instructor’s.')
  ];
}

/** A request that the student can send. */
function requestOf(erasure: IErasure, trans: TranslationBundle): string {
  return trans.__(
    'Please erase everything that is recorded about me in our course’s notebooks under the name %1, also in PostHog, in exports and in backups. On %2 I had what I could reach erased myself. Please tell me when it is done.',
    erasure.student,
    new Date().toLocaleDateString()
  );
}
