import { Dialog, ReactWidget } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import { directionOf } from '../direction';

/** Where the keyboard can go. */
const FOCUSABLE = 'a[href], button:not(:disabled), input, [tabindex="0"]';

/**
 * A dialog with two buttons, of which the second one accepts. There is no close
 * button, for a click beside the dialog is no answer; Escape is one, the same as
 * the first button.
 */
export class FormDialog<T> extends Dialog<T> {
  /** @param signal - tells that no answer is needed any more: it is taken for the first button */
  constructor(
    private readonly _form: FormDialog.IOptions,
    private readonly _signal?: AbortSignal
  ) {
    super({
      title: _form.title,
      body: _form.body as Dialog.Body<T>,
      focusNodeSelector: _form.focus,
      buttons: [
        Dialog.cancelButton({ label: _form.refuse }),
        Dialog.okButton({ label: _form.accept })
      ],
      hasClose: false
    });
    _signal?.addEventListener('abort', this);
    this.addClass('jp-ipynb-telemetry-Dialog');
    this.node.dir = directionOf(Dialog.translator.load('ipynb_telemetry'));
    if (_form.isEven) {
      this.addClass('jp-mod-even');
    }
    // JupyterLab names only those dialogs whose body is a text.
    this.node.setAttribute('aria-label', _form.title);
  }

  override dispose(): void {
    this._signal?.removeEventListener('abort', this);
    super.dispose();
  }

  /** A click on a button and Enter come here; of Enter in a field, `index` tells nothing. */
  override resolve(index?: number): void {
    const { body } = this._form;
    const isAccepted = index === undefined ? body.acceptsEnter : index === 1;
    if (index === 0 || (isAccepted && body.check())) {
      super.resolve(index);
    }
  }

  override handleEvent(event: Event): void {
    const target = event.target as HTMLElement;
    const { key, shiftKey } = event as KeyboardEvent;
    if (event.type === 'abort') {
      this.reject();
    } else if (event.type === 'focus') {
      // A field that had the focus gets it back: JupyterLab's Dialog would give it to a button.
      if (this.node.contains(target)) {
        if (!this._focused) {
          // The browser scrolls to the field, past the words that are to be read first.
          requestAnimationFrame(() => this._scrollUp(target));
        }
        this._focused = target;
      } else {
        event.stopPropagation();
        this._focused?.focus();
      }
    } else if (
      event.type === 'keydown' &&
      this._form.body.takesKey(event as KeyboardEvent)
    ) {
      event.stopPropagation();
      event.preventDefault();
    } else if (key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.reject();
    } else if (key === 'Tab') {
      // JupyterLab's Dialog looks for the first field before the fields are drawn.
      event.stopPropagation();
      this._goRound(event, shiftKey);
    } else {
      super.handleEvent(event);
    }
  }

  private _scrollUp(from: HTMLElement): void {
    for (
      let each: HTMLElement | null = from;
      each && this.node.contains(each);
      each = each.parentElement
    ) {
      each.scrollTop = 0;
    }
  }

  /** At either end the focus goes on at the other. */
  private _goRound(event: Event, isBack: boolean): void {
    const all = [...this.node.querySelectorAll<HTMLElement>(FOCUSABLE)];
    const ends = [all[0], all[all.length - 1]];
    const [next, last] = isBack ? ends.reverse() : ends;
    const active = document.activeElement as HTMLElement;
    if (active === last || (isBack && !all.includes(active))) {
      event.preventDefault();
      next.focus();
    }
  }

  private _focused?: HTMLElement;
}

/** The namespace for FormDialog statics. */
export namespace FormDialog {
  /** What a dialog shows. */
  export interface IOptions {
    readonly title: string;
    readonly body: FormBody;
    /** What has the focus at first, as a selector within the body. */
    readonly focus: string;
    /** The words on the two buttons: each says what it does. */
    readonly refuse: string;
    readonly accept: string;
    /** Whether neither button is to look like the one to take. Default: the second one does. */
    readonly isEven?: boolean;
  }
}

/** The words and fields of a dialog. */
export abstract class FormBody extends ReactWidget {
  /** Whether Enter outside of the buttons accepts. */
  readonly acceptsEnter: boolean = true;

  /** Whether what was filled in will do; else the student is told why not. */
  check(): boolean {
    return true;
  }

  /** Take a key before the dialog does. @returns whether the form took it */
  takesKey(_: KeyboardEvent): boolean {
    return false;
  }

  protected override onUpdateRequest(msg: Message): void {
    super.onUpdateRequest(msg);
    // By this promise the Dialog knows when to set the focus. A ReactWidget's own
    // waits for an idle page: the focus would leave where the student types by then.
    this.renderPromise = this._drawn ??= new Promise(resolve =>
      new MutationObserver((_, observer) => {
        observer.disconnect();
        resolve();
      }).observe(this.node, { childList: true })
    );
  }

  private _drawn?: Promise<void>;
}
