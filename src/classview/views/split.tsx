import * as React from 'react';
import { NOTHING_OPEN } from '../model/address';
import { useModel } from '../parts/usemodel';
import { useTrans } from '../trans';
import { CauseView } from './cause';
import { EverybodyView } from './everybody';
import { FigureView } from './figures/figure';
import { StudentView } from './student';

/** A view, and beside it what was opened from it. */
export function Split(props: {
  readonly children: React.ReactNode;
}): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { student, notebook, exercise, part, session, fold, figure } =
    model.address;
  const { fromMs, toMs, only } = model.address;
  const opened =
    student !== null ? (
      <StudentView address={student} session={session} />
    ) : notebook !== null && exercise !== null ? (
      <EverybodyView notebook={notebook} exercise={exercise} part={part} />
    ) : fold !== null ? (
      <CauseView fold={fold} />
    ) : figure !== null ? (
      <FigureView figure={figure} />
    ) : null;
  const key = JSON.stringify([
    student,
    notebook,
    exercise,
    part,
    session,
    fold,
    figure,
    fromMs,
    toMs,
    only
  ]);
  const aside = React.useRef<HTMLElement>(null);
  const before = React.useRef<Element | null>(null);
  const shown = React.useRef(key);
  const isClosing = React.useRef(false);
  const isOpen = opened !== null;
  React.useEffect(() => {
    // A view that a link opened begins at its top.
    if (shown.current !== key && isOpen && aside.current) {
      if (!aside.current.contains(document.activeElement)) {
        before.current = document.activeElement;
      }
      aside.current.scrollTop = 0;
      aside.current.focus({ preventScroll: true });
    }
    if (isClosing.current && !isOpen) {
      // Not sooner: a narrow view hides places while something is open.
      (before.current as HTMLElement | null)?.focus();
    }
    isClosing.current = false;
    shown.current = key;
  }, [key, isOpen]);
  const close = (): void => {
    isClosing.current = true;
    model.go(NOTHING_OPEN);
  };
  return (
    <div className={isOpen ? 'jp-cv-Split jp-cv-isOpen' : 'jp-cv-Split'}>
      <div className="jp-cv-Split-main">{props.children}</div>
      {opened && (
        <section
          className="jp-cv-Aside"
          aria-label={trans.__('Opened')}
          tabIndex={-1}
          ref={aside}
          onKeyDown={event => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              close();
            }
          }}
        >
          <button
            type="button"
            className="jp-cv-Button jp-cv-Aside-close"
            onClick={close}
          >
            {trans.__('Close')}
          </button>
          {opened}
        </section>
      )}
    </div>
  );
}
