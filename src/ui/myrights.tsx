import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { ForgetMe } from './forgetme';
import { MyCode } from './mycode';
import type { ITelemetryModel } from './model';
import { pauseLabel, pausesOf, pauseWords } from './pausewords';
import { Seen } from './seen';
import { TakeAlong } from './takingalong';

/** A part of the student's page; null: what is recorded in this page. */
export type RightsView = 'see' | 'pause' | 'take' | 'forget' | null;

/** What the student can do about the records, as buttons. */
export function RightsButtons(props: {
  readonly model: ITelemetryModel;
  readonly trans: TranslationBundle;
  readonly onView: (view: RightsView) => void;
}): React.JSX.Element {
  const { model, trans, onView } = props;
  const { pause } = model.rights;
  return (
    <div
      role="group"
      aria-label={trans.__('Your records')}
      className="jp-ipynb-telemetry-Rights-buttons"
    >
      {pause.state && (
        <p role="status" className="jp-ipynb-telemetry-Rights-paused">
          {pauseWords(pause.state, trans)}
        </p>
      )}
      <RightsButton onClick={() => onView('see')}>
        {trans.__('See everything')}
      </RightsButton>
      {pause.state ? (
        <RightsButton onClick={() => pause.end()}>
          {trans.__('Go on recording')}
        </RightsButton>
      ) : (
        <RightsButton onClick={() => onView('pause')}>
          {trans.__('Pause')}
        </RightsButton>
      )}
      <RightsButton onClick={() => onView('take')}>
        {trans.__('Take along')}
      </RightsButton>
      <RightsButton onClick={() => onView('forget')}>
        {trans.__('Stop and forget me')}
      </RightsButton>
    </div>
  );
}

/** One of the student's rights, and the way back. */
export function MyRights(props: {
  readonly view: Exclude<RightsView, null>;
  readonly model: ITelemetryModel;
  readonly trans: TranslationBundle;
  readonly onView: (view: RightsView) => void;
}): React.JSX.Element {
  const { view, model, trans, onView } = props;
  // Nobody sees what was shown to another student.
  const who = model.identity.student?.id;
  const heading = React.useRef<HTMLHeadingElement>(null);
  const title = titleOf(view, trans);
  // Whoever opened this part is in it.
  React.useEffect(() => heading.current?.focus(), [view]);
  const back = (): void => onView(null);
  return (
    <section aria-label={title} className="jp-ipynb-telemetry-Rights">
      <header>
        <RightsButton onClick={back}>{trans.__('← Back')}</RightsButton>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
      </header>
      {view === 'see' && (
        <>
          <Seen key={`seen ${who}`} rights={model.rights} trans={trans} />
          <MyCode key={`code ${who}`} rights={model.rights} trans={trans} />
        </>
      )}
      {view === 'pause' && (
        <PauseChoice model={model} trans={trans} onDone={back} />
      )}
      {view === 'take' && <TakeAlong key={who} model={model} trans={trans} />}
      {view === 'forget' && (
        <ForgetMe
          rights={model.rights}
          isSentAway={model.whereabouts.isSentAway}
          trans={trans}
          onDone={back}
        />
      )}
    </section>
  );
}

function titleOf(
  view: Exclude<RightsView, null>,
  trans: TranslationBundle
): string {
  switch (view) {
    case 'see':
      return trans.__('What is recorded about me');
    case 'pause':
      return trans.__('Take a pause');
    case 'take':
      return trans.__('Take my records along');
    default:
      return trans.__('Stop and forget me');
  }
}

function PauseChoice(props: {
  readonly model: ITelemetryModel;
  readonly trans: TranslationBundle;
  readonly onDone: () => void;
}): React.JSX.Element {
  const { model, trans, onDone } = props;
  const { pause } = model.rights;
  const kinds = pausesOf(pause.policy);
  return (
    <>
      <p>
        {kinds.length === 0
          ? trans.__(
              'Your course does not allow pauses. Ask your instructor about it.'
            )
          : trans.__(
              'While you pause, nothing you do here is recorded: not kept back, and not made up for later. Your instructor sees that you paused, and it is no fault of yours.'
            )}
      </p>
      {pause.policy === 'limited' && (
        <p>{trans.__('Your course allows 15 minutes at a time.')}</p>
      )}
      <p className="jp-ipynb-telemetry-Activity-actions">
        {kinds.map(kind => (
          <button
            key={kind}
            type="button"
            className="jp-mod-styled jp-mod-accept"
            onClick={() => {
              pause.begin(kind);
              onDone();
            }}
          >
            {pauseLabel(kind, trans)}
          </button>
        ))}
      </p>
    </>
  );
}

function RightsButton(props: {
  readonly onClick: () => void;
  readonly children: string;
}): React.JSX.Element {
  return (
    <button
      type="button"
      className="jp-mod-styled jp-mod-reject"
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}
