import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { solutionPeekTracker } from '../../trackers/solutionpeek';
import { until } from '../fakes';
import { ListenerCount } from '../listeners';
import { FakeDocument } from '../notebookfakes';

export const SOLUTION = '<details><summary>Solution</summary>42</details>';

/** A notebook whose solutions are watched, made anew for each test. */
export class PeekStage {
  constructor() {
    document.addEventListener('toggle', () => this.toggles++, true);
    beforeEach(() => {
      this.doc = new FakeDocument();
      this.view = this.doc.addView();
      this.listeners = new ListenerCount();
      this.tracker = solutionPeekTracker(this.doc.context);
      this.toggles = 0;
    });
    afterEach(() => {
      this.tracker.dispose();
      this.listeners.restore();
      this.doc.dispose();
      document.body.replaceChildren();
      // Not before the tracker is gone, which asks the clock what is still open.
      jest.restoreAllMocks();
      jest.useRealTimers();
    });
  }

  doc!: FakeDocument;
  view!: NotebookPanel;
  tracker!: IDisposable;
  listeners!: ListenerCount;
  toggles = 0;

  readonly addCell = (html: string): Cell => {
    const cell = this.doc.addCell('text', 'markdown');
    cell.node.innerHTML = html;
    return cell;
  };

  /** Until the page has told of one more toggle. */
  readonly toggled = async (act: () => void): Promise<void> => {
    const before = this.toggles;
    act();
    await until(() => this.toggles > before);
  };

  readonly click = (target: Element): Promise<void> =>
    this.toggled(() => dispatchTrusted(target));

  readonly clickSummary = (cell: Cell, place = 0): Promise<void> =>
    this.click(summaryOf(cell, place));
}

export const details = (cell: Cell, place = 0): HTMLDetailsElement =>
  cell.node.querySelectorAll('details')[place];

export const summaryOf = (cell: Cell, place = 0): Element =>
  details(cell, place).querySelector('summary') as Element;

/** A click as a student's: a page cannot make a trusted one by itself. */
export function dispatchTrusted(target: Element): void {
  const event = new MouseEvent('click', { bubbles: true, cancelable: true });
  const impl = (object: object): Record<string, unknown> => {
    const [key] = Object.getOwnPropertySymbols(object).filter(
      symbol => symbol.description === 'impl'
    );
    return (object as Record<symbol, Record<string, unknown>>)[key];
  };
  impl(event).isTrusted = true;
  (impl(target)._dispatch as (event: unknown) => void).call(
    impl(target),
    impl(event)
  );
}
