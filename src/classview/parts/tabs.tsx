import * as React from 'react';
import { directionOf } from '../../direction';
import type { Tab } from '../model/address';
import { NOTHING_OPEN, TABS } from '../model/address';
import type { Trans } from '../trans';
import { useTrans } from '../trans';
import { useModel } from './usemodel';

/** What a view is called. */
export function titleOf(tab: Tab, trans: Trans): string {
  return {
    now: trans.__('Now'),
    progress: trans.__('Progress'),
    exercises: trans.__('Exercises'),
    errors: trans.__('Errors'),
    students: trans.__('Students'),
    delivery: trans.__('Delivery')
  }[tab];
}

/** The views' tabs, one stop of the keyboard (WAI-ARIA Authoring Practices, "Tabs"). */
export function Tabs(props: { readonly id: string }): React.JSX.Element {
  const trans = useTrans();
  const model = useModel();
  const { tab } = model.address;
  const go = (to: Tab): void =>
    model.go({ ...NOTHING_OPEN, tab: to, sessions: null });
  const onKeyDown = (event: React.KeyboardEvent<HTMLElement>): void => {
    const here = TABS.indexOf(tab);
    const [back, on] =
      directionOf(trans) === 'ltr'
        ? ['ArrowLeft', 'ArrowRight']
        : ['ArrowRight', 'ArrowLeft'];
    const next = {
      [back]: (here + TABS.length - 1) % TABS.length,
      [on]: (here + 1) % TABS.length,
      Home: 0,
      End: TABS.length - 1
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      go(TABS[next]);
      event.currentTarget.querySelectorAll('button')[next].focus();
    }
  };
  return (
    <div
      className="jp-cv-Tabs"
      role="tablist"
      aria-label={trans.__('Views of the class')}
      onKeyDown={onKeyDown}
    >
      {TABS.map(name => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`${props.id}-${name}`}
          aria-selected={name === tab}
          aria-controls={`${props.id}-panel`}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => go(name)}
        >
          {titleOf(name, trans)}
        </button>
      ))}
    </div>
  );
}
