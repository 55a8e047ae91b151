import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';

/** What is consented to, for whatever has the focus to be described by. */
export const NOTICE_ID = 'jp-ipynb-telemetry-notice';

/**
 * Without a close button, for a click beside the dialog is no answer; Escape is
 * one, the same as Cancel.
 */
export class ConsentDialog<T> extends Dialog<T> {
  /** @param signal - tells that no answer is needed any more: it is taken for Cancel */
  constructor(
    options: Partial<Dialog.IOptions<T>>,
    private readonly _signal: AbortSignal
  ) {
    super({ ...options, hasClose: false });
    _signal.addEventListener('abort', this);
    this.addClass('jp-ipynb-telemetry-NameDialog');
    if (typeof options.title === 'string') {
      // JupyterLab names only those dialogs whose body is a text.
      this.node.setAttribute('aria-label', options.title);
    }
  }

  override dispose(): void {
    this._signal.removeEventListener('abort', this);
    super.dispose();
  }

  override handleEvent(event: Event): void {
    if (event.type === 'abort') {
      this.reject();
    } else if (event instanceof KeyboardEvent && event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.reject();
    } else if (event.type !== 'focus' || !this._keepsFocus(event)) {
      super.handleEvent(event);
    }
  }

  /** Whether the focus is inside, or was and comes back: JupyterLab's own gives it to a button. */
  private _keepsFocus(event: Event): boolean {
    const target = event.target as HTMLElement;
    if (this.node.contains(target)) {
      this._focused = target;
    } else {
      event.stopPropagation();
      this._focused?.focus();
    }
    return this._focused !== null;
  }

  private _focused: HTMLElement | null = null;
}

/** What such a dialog says or asks. */
export abstract class ConsentBody extends ReactWidget {
  protected override onUpdateRequest(msg: Message): void {
    super.onUpdateRequest(msg);
    // By this the Dialog knows when to set the focus. JupyterLab's own waits for
    // an idle page: it would take the focus from where the student types by then.
    this.renderPromise = new Promise(resolve =>
      new MutationObserver(() => resolve()).observe(this.node, {
        childList: true
      })
    );
  }
}
