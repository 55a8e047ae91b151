import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { IDisposable } from '@lumino/disposable';
import type { IStudent } from '../events/student';
import { isOwnName } from './anyname';
import { formerId } from './former';
import type { INames } from './name';
import { studentOf } from './name';
import type { NameRule } from './ownname';
import { isPseudonym, isRosterName } from './rostername';

/**
 * Asks for the names; null when the student would rather not, and when the
 * question is answered elsewhere, which `signal` tells.
 */
export type NamePrompt = (
  known: INames | null,
  signal: AbortSignal
) => Promise<INames | null>;

/**
 * The student at work: asked once, remembered in this browser for this server and
 * user, the same in all its windows.
 *
 * The name is not kept in `IStateDB`, which belongs to a workspace: the name
 * would be asked again in each.
 */
export class StudentIdentity implements IDisposable {
  constructor(options: StudentIdentity.IOptions) {
    this._key = `ipynb-telemetry:student:${options.scope}`;
    this._prompt = options.prompt;
    this._storage = options.storage;
    this._assigned = options.assigned ?? (() => null);
    this._rule = options.rule ?? (() => 'english');
    this._names = this._read();
    window.addEventListener('storage', this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** The student, or null while nobody has given a name. */
  get student(): IStudent | null {
    return this._names && studentOf(this._names);
  }

  /**
   * The student as this page shows them: under a pseudonym by their own name, where
   * it is known. That name must not leave the browser.
   */
  get shown(): IStudent | null {
    const { student } = this;
    const name = this._names?.pseudonym?.name;
    return student && name ? { id: student.id, name } : student;
  }

  /** The id that a student with a code had before, where this browser knows it. */
  get former(): string | null {
    return this._names?.pseudonym?.former ?? null;
  }

  /** Whether the student was asked and declined, in this page. */
  get declined(): boolean {
    return this._declined;
  }

  /** Emitted when `student` or `declined` changes. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._isDisposed = true;
    window.removeEventListener('storage', this);
    Signal.clearData(this);
  }

  /**
   * Ask, also when a name is known ("Change student"). However many notebooks
   * ask at once, there is one dialog. Cancel leaves a known student as it was.
   */
  ask(): Promise<void> {
    this._pending ??= this._ask().finally(() => {
      this._pending = null;
    });
    return this._pending;
  }

  /** Forget the name: nothing is recorded until one is given again. */
  forget(): void {
    try {
      this._storage?.removeItem(this._key);
    } catch (reason) {
      console.warn('ipynb-telemetry: the name could not be forgotten', reason);
    }
    this._question?.abort();
    this._names = null;
    this._declined = true;
    this._changed.emit();
  }

  /** Whether the names are assigned, or which, may have changed. */
  refresh(): void {
    this._adopt(this._read());
  }

  /** Forget who is at work, in all pages: somebody else may be. */
  handOver(): void {
    try {
      this._storage?.removeItem(this._key);
    } catch (reason) {
      console.warn('ipynb-telemetry: the name could not be forgotten', reason);
    }
    this._declined = false;
    this._adopt(null);
  }

  /** The question under way is answered elsewhere. */
  settle(): void {
    this._question?.abort();
  }

  handleEvent(event: StorageEvent): void {
    if (event.storageArea === this._storage && event.key === this._key) {
      this.refresh();
    }
  }

  private async _ask(): Promise<void> {
    this._question = new AbortController();
    const names = await this._prompt(this._names, this._question.signal);
    if (this._isDisposed) {
      return;
    }
    if (names && this._allows(names)) {
      const kept = withFormer(names, this._stored());
      this._write(kept);
      this._adopt(kept);
    } else if (!this.student) {
      this._declined = true;
      this._changed.emit();
    }
  }

  private _adopt(names: INames | null): void {
    const before = this.student?.id;
    this._names = names;
    if (names) {
      this._declined = false;
    }
    if (this.student?.id !== before) {
      // Given in another window, or assigned: Cancel would not mean "nothing is recorded".
      this._question?.abort();
      this._changed.emit();
    }
  }

  /** A stored name may have been written by anybody: it is checked like a typed one. */
  private _read(): INames | null {
    const names = this._stored();
    return names && this._allows(names) ? names : null;
  }

  /** The names that this browser keeps, which may be none that count at the moment. */
  private _stored(): INames | null {
    try {
      return readNames(
        JSON.parse(this._storage?.getItem(this._key) ?? '{}') as Record<
          string,
          unknown
        >
      );
    } catch {
      return null;
    }
  }

  /**
   * Nobody works under a name that Jupyter has another one for, nor by an account
   * where accounts do not count.
   */
  private _allows(names: INames): boolean {
    const assigned = this._assigned();
    const student = studentOf(names);
    return (
      student !== null &&
      names.account === assigned?.account &&
      (assigned
        ? studentOf(assigned)?.id === student.id
        : isOfRule(names, this._rule()))
    );
  }

  private _write(names: INames): void {
    try {
      this._storage?.setItem(this._key, JSON.stringify(names));
    } catch (reason) {
      // A full or forbidden storage costs the memory of the name, no more.
      console.warn('ipynb-telemetry: the name could not be remembered', reason);
    }
  }

  private readonly _key: string;
  private readonly _prompt: NamePrompt;
  private readonly _storage: Storage | null;
  private readonly _assigned: () => INames | null;
  private readonly _rule: () => NameRule;
  private readonly _changed = new Signal<this, void>(this);
  private _names: INames | null;
  private _pending: Promise<void> | null = null;
  private _question: AbortController | null = null;
  private _declined = false;
  private _isDisposed = false;
}

/** Whether somebody goes by the kind of names that is taken. */
function isOfRule(names: INames, rule: NameRule): boolean {
  const { own, listed, pseudonym } = names;
  if (pseudonym !== undefined || rule === 'pseudonym') {
    return pseudonym !== undefined && rule === 'pseudonym';
  }
  return listed !== undefined || (own !== undefined) === (rule === 'any');
}

/** Whoever gives a code, with the id of before. */
function withFormer(names: INames, before: INames | null): INames {
  const { pseudonym } = names;
  const former = pseudonym && before && formerId(before, pseudonym);
  return former ? { ...names, pseudonym: { ...pseudonym, former } } : names;
}

/** @returns null where nobody's names are stored, or damaged ones */
function readNames(stored: Record<string, unknown>): INames | null {
  const { first, last, account, own, listed, pseudonym } = stored;
  if (typeof first !== 'string' || typeof last !== 'string') {
    return null;
  }
  if (pseudonym !== undefined) {
    return isPseudonym(pseudonym) ? { first, last, pseudonym } : null;
  }
  if (listed !== undefined) {
    return isRosterName(listed) ? { first, last, listed } : null;
  }
  if (own !== undefined) {
    return isOwnName(own) ? { first, last, own } : null;
  }
  return typeof account === 'string'
    ? { first, last, account }
    : { first, last };
}

/** The namespace for StudentIdentity statics. */
export namespace StudentIdentity {
  /** How an identity is made. */
  export interface IOptions {
    /** Server base URL and hub user: two people behind one origin differ in it. */
    readonly scope: string;
    readonly prompt: NamePrompt;
    /** The names Jupyter has for whoever is signed in, where those count; else null. */
    readonly assigned?: () => INames | null;
    /** Which names are taken; default: two in English letters. */
    readonly rule?: () => NameRule;
    /** The browser's `localStorage`; null where it is forbidden: the name is asked in each page. */
    readonly storage: Storage | null;
  }
}
