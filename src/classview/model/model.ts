import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { AnswerName, ResultOf } from '../answers';
import type { Trans } from '../trans';
import type { IAddress } from './address';
import { goFrom, questionOf } from './address';
import type { ClassClient } from './client';
import { AnswerError } from './client';
import type { ICsvTable } from './csv';
import type { IHeld, More } from './held';
import { HeldAnswers, keyOf } from './held';
import { Names } from './names';
import { Wishes } from './wishes';

const NOBODY: ResultOf<'overview'>['students'] = [];

/** What the views show: where they look, and what the server answered. */
export class ClassModel {
  constructor(
    readonly client: ClassClient,
    address: IAddress,
    private readonly _trans: Trans
  ) {
    this._address = address;
    this.want('overview');
  }

  /** Emitted when anything here is another. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Emitted when an answer is wanted that is not there. */
  get wanted(): ISignal<this, void> {
    return this._wanted;
  }

  get address(): IAddress {
    return this._address;
  }

  /** A number for what is here, another one after each change. */
  get version(): number {
    return this._version;
  }

  /** When the server last said what is new, or that nothing is. */
  get updatedAt(): number | null {
    return this._updatedAt;
  }

  /** Why the server is not heard; empty: it is. */
  get away(): string {
    return this._away;
  }

  /** Whether the store still builds what answers are made of. */
  get isBuilding(): boolean {
    return this._isBuilding;
  }

  /** The class as it is known; null until the first answer. */
  get overview(): ResultOf<'overview'> | null {
    return this.get('overview').result;
  }

  /** How students are called; the same as long as they are called the same. */
  get names(): Names {
    const students = this.overview?.students ?? NOBODY;
    const { areNamesHidden } = this._address;
    if (this._names?.areHidden !== areNamesHidden || this._named !== students) {
      this._named = students;
      this._names = new Names(students, areNamesHidden, this._trans);
    }
    return this._names;
  }

  /** The table that is on the screen, to be saved. */
  csv: (() => ICsvTable) | null = null;

  /** Look elsewhere. */
  go(there: Partial<IAddress>): void {
    const before = JSON.stringify(questionOf(this._address));
    const { sinceMs, untilMs, atMs } = this._address;
    this._address = goFrom(this._address, there);
    if (JSON.stringify(questionOf(this._address)) !== before) {
      this._generation += 1;
      this._rev = null;
      const sameMoment =
        this._address.sinceMs === sinceMs &&
        this._address.untilMs === untilMs &&
        this._address.atMs === atMs;
      if (sameMoment) {
        // Figures of one group must not stand under the name of another.
        this._held.clear();
      }
      this._wanted.emit();
    }
    this._emit();
  }

  /** Say that an answer is on the screen, and from now on is to be kept fresh. */
  want<N extends AnswerName>(name: N, more: More = {}): () => void {
    const release = this._wishes.add(name, more);
    if (this._held.isStale(keyOf(name, more), this._rev)) {
      this._wanted.emit();
    }
    return release;
  }

  /** The answer as far as it is known. */
  get<N extends AnswerName>(name: N, more: More = {}): IHeld<N> {
    return this._held.get(name, more);
  }

  /** Ask anew for all that is on the screen. */
  forget(): void {
    this._rev = null;
    this._wanted.emit();
  }

  /**
   * Look at the server once: for what is new, and for what is wanted and not there.
   *
   * @throws AnswerError while the server is away
   */
  async refresh(): Promise<void> {
    this._held.letGo(key => this._wishes.has(key));
    try {
      const generation = this._generation;
      const rev = this._rev;
      const isChanged =
        rev === null || (await this.client.changes(rev)) !== null;
      const revs = await Promise.all(
        this._wishes.all
          .filter(([key]) => isChanged || this._held.isStale(key, this._rev))
          .map(([, wish]) => this._ask(wish.name, wish.more))
      );
      const known = revs.filter(answered => answered !== null);
      if (isChanged && known.length > 0 && generation === this._generation) {
        // Of several answers the oldest counts: what came after it is asked for again.
        this._rev = Math.min(...known);
      }
      this._updatedAt = Date.now();
      this._away = '';
    } catch (error) {
      this._away = wordsOf(error, this._trans);
      throw error;
    } finally {
      this._emit();
    }
  }

  /** @returns the revision that the answer was made of; null: there is no answer */
  private async _ask(name: AnswerName, more: More): Promise<number | null> {
    const generation = this._generation;
    const question = questionOf(this._address);
    try {
      const answer = await this.client.ask(name, question, more);
      if (generation !== this._generation) {
        return null;
      }
      this._held.take(name, more, answer);
      this._isBuilding = answer.isBuilding;
      return answer.rev;
    } catch (error) {
      if (generation !== this._generation) {
        return null;
      }
      if (error instanceof AnswerError && error.isAway) {
        throw error;
      }
      this._held.fail(name, more, wordsOf(error, this._trans));
      return null;
    }
  }

  private _emit(): void {
    this._version += 1;
    this._changed.emit();
  }

  private _address: IAddress;
  private _names: Names | null = null;
  private _named: ResultOf<'overview'>['students'] = NOBODY;
  private _rev: number | null = null;
  private _generation = 0;
  private _version = 0;
  private _updatedAt: number | null = null;
  private _away = '';
  private _isBuilding = false;
  private readonly _held = new HeldAnswers();
  private readonly _wishes = new Wishes();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _wanted = new Signal<this, void>(this);
}

function wordsOf(error: unknown, trans: Trans): string {
  return error instanceof AnswerError
    ? error.message
    : trans.__('Something went wrong here: %1', String(error));
}
