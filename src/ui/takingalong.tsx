import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { ITelemetryModel } from './model';
import { troubleWords } from './placewords';
import type { IMyRecords } from './rights';

/** Saves everything as one file; what writes that is loaded with the click. */
export function TakeAlong(props: {
  readonly model: ITelemetryModel;
  readonly trans: TranslationBundle;
}): React.JSX.Element {
  const { model, trans } = props;
  const [words, setWords] = React.useState('');
  const [mine, setMine] = React.useState<IMyRecords | null>(null);
  const [isBusy, setBusy] = React.useState(false);
  const save = async (): Promise<void> => {
    const [found, { takeAlong }] = await Promise.all([
      model.rights.see(),
      import('./takealong')
    ]);
    const name = takeAlong(
      found,
      {
        name: model.identity.shown?.name ?? '',
        destination: model.whereabouts.words,
        at: new Date()
      },
      trans
    );
    setMine(found);
    setWords(
      trans._n(
        'Saved as %2: %1 record.',
        'Saved as %2: %1 records.',
        found.records.length,
        name
      )
    );
  };
  return (
    <>
      <p>
        {trans.__(
          'One file with everything that is kept about you: as a table for a spreadsheet, as JSON for programs, and with a readme that explains both. It is yours; keep it where nobody else reads it.'
        )}
      </p>
      <p className="jp-ipynb-telemetry-Activity-actions">
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          disabled={isBusy}
          onClick={() => {
            setBusy(true);
            save()
              .catch(reason =>
                setWords(trans.__('That did not work: %1', String(reason)))
              )
              .finally(() => setBusy(false));
          }}
        >
          {isBusy ? trans.__('Getting your records…') : trans.__('Download')}
        </button>
      </p>
      <p role="status">{words}</p>
      {mine?.troubles.map(trouble => (
        <p role="alert" key={trouble.place}>
          {troubleWords(trouble, trans)}
        </p>
      ))}
    </>
  );
}
