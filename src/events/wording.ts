import type { TranslationBundle } from '@jupyterlab/translation';
import type { EventName, Properties } from './catalog.js';
import { isEventName } from './catalog.js';

/** The words in which people are told of one kind of event. */
interface IWording<E extends EventName> {
  /** When the event is captured; the event table of docs/reference/events.md is made from this. */
  readonly when: string;
  /** The title of the event's switch in the settings; `schema/plugin.json` is made from this. */
  readonly switch: string;
  /** Why the event is recorded, in words for the student. */
  readonly why: (trans: TranslationBundle) => string;
  /** What the student reads of the event in the activity panel. */
  readonly words: (
    trans: TranslationBundle,
    properties: Properties<E>
  ) => string;
}

/**
 * The words for every event of the catalogue. The words are a file of their own
 * for what a page loads: only the panel, once it is looked at, shows any.
 */
export const WORDING: { readonly [E in EventName]: IWording<E> } = {
  cell_executed: {
    when: 'A code cell was run, however it was started; also when it failed, was never reached, or the kernel went away',
    switch: 'A cell is run',
    why: trans =>
      trans.__(
        'So that your instructor sees where a task is hard, and can help you before you are stuck for long.'
      ),
    words: (trans, p) => {
      // As the notebook shows it beside the cell, where it was run at all.
      const place = String(p.cell_index + 1);
      const cell =
        p.execution_count === null
          ? trans.__('at place %1', place)
          : `[${p.execution_count}]`;
      switch (p.status) {
        case 'ok':
          return trans.__('Ran cell %1', cell);
        case 'error':
          return trans.__('Ran cell %1: %2', cell, p.error?.name ?? 'Error');
        case 'aborted':
          return trans.__('The cell at place %1 was not reached', place);
        default:
          return trans.__('The cell at place %1 was cancelled', place);
      }
    }
  },
  test_passed: {
    when: 'A test passed: one decorated with `@tracked_test`, an nbgrader test cell, an otter check, a doctest, or one run by pytest in a cell',
    switch: 'A test passes',
    why: trans =>
      trans.__('A test that passes shows which tasks you have solved.'),
    words: (trans, p) => trans.__('Test passed: %1', p.test)
  },
  test_failed: {
    when: 'A test of one of these kinds failed; where its error ends the run of the cell too, `cell_executed` has it again and says so by `error_of`',
    switch: 'A test fails',
    why: trans =>
      trans.__('Many failed tests at one task tell that it needs explaining.'),
    words: (trans, p) => trans.__('Test failed: %1', p.test)
  },
  solution_peek: {
    when: 'The student opened a `<details>` block, in a text cell or an output',
    switch: 'A solution is opened',
    why: trans =>
      trans.__(
        'Your instructor sees which tasks most people needed the solution for.'
      ),
    words: (trans, p) => trans.__('Opened “%1”', p.summary)
  },
  solution_closed: {
    when: 'An opened `<details>` block was closed again, or rendered anew',
    switch: 'A solution is closed again',
    why: trans =>
      trans.__(
        'How long solutions are read tells whether they explain enough.'
      ),
    words: (trans, p) => trans.__('Closed “%1”', p.summary)
  },
  blur: {
    when: 'The student left the notebook: for another browser tab, another window, or another JupyterLab tab',
    switch: 'The student leaves the notebook',
    why: trans =>
      trans.__('Without it, a break would look like time spent on a task.'),
    words: trans => trans.__('Left the notebook')
  },
  focus: {
    when: 'The student came back to the notebook',
    switch: 'The student comes back',
    why: trans =>
      trans.__('Without it, a break would look like time spent on a task.'),
    words: trans => trans.__('Came back to the notebook')
  },
  paste: {
    when: 'Text or whole cells were pasted, or dropped with the mouse, into the notebook; the length, never the text',
    switch: 'Something is pasted or dropped (its length only)',
    why: trans =>
      trans.__(
        'A long paste tells that code came from elsewhere. How long it was is recorded, never the text.'
      ),
    words: (trans, p) =>
      p.by === 'drop'
        ? trans._n('Dropped %1 character', 'Dropped %1 characters', p.length)
        : trans._n('Pasted %1 character', 'Pasted %1 characters', p.length)
  },
  session_ended: {
    when: 'The notebook was closed or unflagged, the student changed, or the page was left',
    switch: 'A student stops working',
    why: trans => trans.__('The end of a visit tells how long you worked.'),
    words: trans => trans.__('Stopped working')
  },
  session_started: {
    when: 'A flagged notebook is ready and the student is known',
    switch: 'A student starts working',
    why: trans =>
      trans.__('The beginning of a visit says which program you used.'),
    words: trans => trans.__('Started working')
  },
  events_dropped: {
    when: 'Events are missing: code in the kernel sent more than are let through (`rate`) or what fits no event (`invalid`), or more waited to be sent than are kept (`storage`)',
    switch: 'Events are missing, and how many',
    why: trans =>
      trans.__(
        'So that a gap in the records is not taken for a gap in your work.'
      ),
    words: (trans, p) =>
      trans._n('%1 event is missing', '%1 events are missing', p.count)
  },
  cell_marked: {
    when: 'A cell marked itself: its code called `_cell`',
    switch: 'A cell marks itself with _cell',
    why: trans =>
      trans.__('Your instructor gave this cell a name, to find it again.'),
    words: (trans, p) => trans.__('Marked “%1”', p.cell_id)
  },
  recording_paused: {
    when: 'The student takes a pause; nothing that happens in it is captured, and the session ends',
    switch: 'The student takes a pause',
    why: trans =>
      trans.__('So that nobody takes your pause for a lack of work.'),
    words: (trans, p) =>
      p.until === null
        ? trans.__('Paused, until you go on')
        : trans.__('Paused, until %1', new Date(p.until).toLocaleTimeString())
  },
  recording_resumed: {
    when: 'The student goes on after a pause, in a new session',
    switch: 'The student goes on after a pause',
    why: trans =>
      trans.__('So that nobody takes your pause for a lack of work.'),
    words: trans => trans.__('Went on after a pause')
  },
  consent_given: {
    when: 'The student agreed to be recorded in a course. A refusal by somebody who never agreed is remembered in the browser, and sent to nobody',
    switch: 'A student agrees to be recorded',
    why: trans =>
      trans.__('The record shows that you were asked, and what you answered.'),
    words: trans => trans.__('You agreed to be recorded')
  },
  consent_declined: {
    when: 'A student who had agreed before, to the same destination, did not agree to another notice or a wider recording',
    switch: 'A student declines what was changed',
    why: trans =>
      trans.__('The record shows that you were asked, and what you answered.'),
    words: trans => trans.__('You declined to be recorded')
  },
  consent_withdrawn: {
    when: 'The student withdrew the consent; nothing that happens later is recorded',
    switch: 'A student withdraws the consent',
    why: trans =>
      trans.__('The record shows that you were asked, and what you answered.'),
    words: trans => trans.__('You withdrew your consent')
  }
};

/** What the student reads of an event, also of a custom one. */
export function describeEvent(
  trans: TranslationBundle,
  name: string,
  properties: Record<string, unknown>
): string {
  if (!isEventName(name)) {
    const told = Object.entries(properties)
      .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
      .join(', ');
    return told === ''
      ? trans.__('Event: %1', name)
      : trans.__('Event: %1 (%2)', name, shorten(told));
  }
  const words = WORDING[name].words as (
    trans: TranslationBundle,
    properties: Record<string, unknown>
  ) => string;
  return words(trans, properties);
}

/** Why an event is recorded, also a custom one. */
export function reasonFor(trans: TranslationBundle, name: string): string {
  return isEventName(name)
    ? WORDING[name].why(trans)
    : trans.__(
        'Your instructor’s notebook, or another extension, records this.'
      );
}

/** The most characters of an event's properties in a row. */
const MAX_SHOWN = 120;

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}
