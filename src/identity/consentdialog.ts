import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';

/** The id of the text that is consented to, which describes whatever has the focus. */
export const NOTICE_ID = 'jp-ipynb-telemetry-notice';

/**
 * Without a close button, for a click beside the dialog is no answer; Escape is
 * one, the same as Cancel.
 */
export class ConsentDialog<T> extends Dialog<T> {
  /** @param signal - tells that no answer is needed any more: it is taken for Cancel */
  constructor(
    options: Partial<Dialog.IOptions<T>> & { title: string },
    private readonly _signal: AbortSignal
  ) {
    super({ ...options, hasClose: false });
    _signal.addEventListener('abort', this);
    this.addClass('jp-ipynb-telemetry-NameDialog');
    // JupyterLab names only those dialogs whose body is a text.
    this.node.setAttribute('aria-label', options.title);
  }

  override dispose(): void {
    this._signal.removeEventListener('abort', this);
    super.dispose();
  }

  override handleEvent(event: Event): void {
    const target = event.target as HTMLElement;
    if (event.type === 'abort') {
      this.reject();
    } else if (event.type === 'focus') {
      // A field that had the focus gets it back: JupyterLab's Dialog would give it to a button.
      if (this.node.contains(target)) {
        this._focused = target;
      } else {
        event.stopPropagation();
        this._focused?.focus();
      }
    } else if ((event as KeyboardEvent).key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.reject();
    } else {
      super.handleEvent(event);
    }
  }

  private _focused?: HTMLElement;
}

/** The words and fields of a consent dialog. */
export abstract class ConsentBody extends ReactWidget {
  protected override onUpdateRequest(msg: Message): void {
    super.onUpdateRequest(msg);
    // By this promise the Dialog knows when to set the focus. A ReactWidget's own
    // waits for an idle page: the focus would leave where the student types by then.
    this.renderPromise = new Promise(resolve =>
      new MutationObserver(() => resolve()).observe(this.node, {
        childList: true
      })
    );
  }
}
