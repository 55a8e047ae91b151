import type { Cell } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { cleanJSON } from '../events/text';
import { cellOfNode } from './cellnode';
import type { ICellPlace, ITrackerContext, TrackerFactory } from './tracker';

const MAX_SUMMARY_LENGTH = 200;
const CLICK_LASTS_MS = 500;

/** A solution that stands open. */
interface IOpening extends ICellPlace {
  readonly summary: string;
  readonly peek: number;
  readonly cell: Cell | null;
  readonly at: number;
}

/** A student's opening and closing of `<details>` blocks. */
export const solutionPeekTracker: TrackerFactory = context => {
  const peeks = new Map<string, number>();
  return context.views.each(view => new PeekListener(context, view, peeks));
};

/**
 * A block also toggles when it is rendered open and when find-in-page unfolds
 * it. Only a toggle that follows a click on its own summary (Enter and Space
 * click too) is the student's.
 */
class PeekListener implements IDisposable {
  constructor(
    private readonly _context: ITrackerContext,
    private readonly _view: NotebookPanel,
    /** How often each solution was opened in the session, in any view. */
    private readonly _peeks: Map<string, number>
  ) {
    _view.node.addEventListener('click', this, true);
    // `toggle` does not bubble.
    _view.node.addEventListener('toggle', this, true);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    // A solution that is still open was open until the session ended.
    [...this._open.keys()].forEach(details => this._onClosed(details));
    [...this._clicked.keys()].forEach(details => this._forget(details));
    this._changes.disconnect();
    this._view.node.removeEventListener('click', this, true);
    this._view.node.removeEventListener('toggle', this, true);
  }

  handleEvent(event: Event): void {
    if (event.type === 'click') {
      this._onClick(event);
    } else if (event.target instanceof HTMLDetailsElement) {
      this._onToggle(event.target);
    }
  }

  private _onClick(event: Event): void {
    const target = event.target as Element | null;
    // Where a block has no summary, the browser makes one, within the block.
    const details =
      target instanceof HTMLDetailsElement && !summaryOf(target)
        ? target
        : target?.closest('summary')?.parentElement;
    if (event.isTrusted && details instanceof HTMLDetailsElement) {
      this._forget(details);
      // The toggle comes at once or, where the click was prevented, never.
      this._clicked.set(
        details,
        window.setTimeout(() => this._forget(details), CLICK_LASTS_MS)
      );
    }
  }

  /** @returns whether there was a click that has not led to a toggle yet */
  private _forget(details: HTMLDetailsElement): boolean {
    // The time of an earlier click must not end that of the next one.
    window.clearTimeout(this._clicked.get(details));
    return this._clicked.delete(details);
  }

  private _onToggle(details: HTMLDetailsElement): void {
    const isClicked = this._forget(details);
    if (!details.open) {
      // A block also closes when another one of its group is opened.
      this._onClosed(details);
    } else if (isClicked) {
      this._onOpened(details);
    }
  }

  private _onClosed(details: HTMLDetailsElement): void {
    const opening = this._open.get(details);
    if (opening) {
      this._open.delete(details);
      const { at, cell: _, ...which } = opening;
      this._context.record({
        name: 'solution_closed',
        properties: {
          ...which,
          open_ms: Math.round(performance.now() - at)
        }
      });
    }
    if (this._open.size === 0) {
      this._changes.disconnect();
    }
  }

  /** Rendered again, or with its cell deleted, a block goes without a toggle. */
  private _closeGone(): void {
    for (const [details, { cell }] of this._open) {
      // A cell that is scrolled out of sight is out of the page, and has it still.
      if (cell?.isDisposed || !(cell ?? this._view).node.contains(details)) {
        this._onClosed(details);
      }
    }
  }

  private _onOpened(details: HTMLDetailsElement): void {
    const cell = cellOfNode(this._view, details);
    const cellPlace = this._context.placeOf(cell?.model ?? null);
    const summary = cleanJSON(summaryOf(details)?.textContent ?? '')
      .trim()
      .replace(/\s+/g, ' ')
      .slice(0, MAX_SUMMARY_LENGTH);
    // Rendering again makes another element: a solution is known by its place.
    const siblings = [...(cell?.node.querySelectorAll('details') ?? [])];
    const place = `${cellPlace.cell_id} ${siblings.indexOf(details)}`;
    const peek = (this._peeks.get(place) ?? 0) + 1;
    this._peeks.set(place, peek);
    const which = { summary, ...cellPlace, peek };
    this._open.set(details, { ...which, cell, at: performance.now() });
    this._changes.observe(this._view.node, { childList: true, subtree: true });
    this._context.record({ name: 'solution_peek', properties: which });
  }

  /** The blocks that were just clicked, and the timers that forget the clicks. */
  private readonly _clicked = new Map<HTMLDetailsElement, number>();
  private readonly _open = new Map<HTMLDetailsElement, IOpening>();
  /** Watches the view as long as anything is open. */
  private readonly _changes = new MutationObserver(() => this._closeGone());
  private _isDisposed = false;
}

/** A block's own summary, not one of a block within it. */
function summaryOf(details: HTMLDetailsElement): Element | undefined {
  return [...details.children].find(({ tagName }) => tagName === 'SUMMARY');
}
