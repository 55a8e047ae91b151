import type { AnswerName, ResultOf } from '../answers';
import type { IAnswer } from './client';
import { shared } from './sharing';

/** The age at which an answer is asked for again although no event came: some of it is about now. */
const STALE_MS = 15_000;

/** What an answer is asked for besides the question, such as `student`. */
export type More = Readonly<Record<string, string>>;

/** An answer as a view has it. */
export interface IHeld<N extends AnswerName> {
  readonly name: N;
  readonly more: More;
  /** Null until the first answer. */
  readonly result: ResultOf<N> | null;
  /** When the server made it. */
  readonly atMs: number | null;
  /** Why there is no newer one; empty: there is none. */
  readonly problem: string;
}

/** The same for the same answer to the same question. */
export function keyOf(name: AnswerName, more: More): string {
  return `${name} ${new URLSearchParams(more).toString()}`;
}

/** The answers that are here, and of which state of the store each is. */
export class HeldAnswers {
  /** The answer as far as it is known. */
  get<N extends AnswerName>(name: N, more: More): IHeld<N> {
    const held = this._held.get(keyOf(name, more)) as IHeld<N> | undefined;
    return held ?? { name, more, result: null, atMs: null, problem: '' };
  }

  /** Take an answer; what is in it as before stays the same object. */
  take(name: AnswerName, more: More, answer: IAnswer<AnswerName>): void {
    const key = keyOf(name, more);
    const { atMs, rev } = answer;
    const result = shared(this._held.get(key)?.result, answer.result);
    this._held.set(key, { name, more, result, atMs, problem: '' });
    this._asked.set(key, { atMs: Date.now(), rev });
  }

  /** Keep the answer of before, and say why there is no newer one. */
  fail(name: AnswerName, more: More, problem: string): void {
    const key = keyOf(name, more);
    this._held.set(key, { ...this.get(name, more), problem });
    this._asked.set(key, { atMs: Date.now(), rev: null });
  }

  /**
   * Whether an answer is not there, is old, or is of an older state than the others are.
   *
   * @param rev - the state that the others are of, or null
   */
  isStale(key: string, rev: number | null): boolean {
    const asked = this._asked.get(key);
    return (
      !asked ||
      Date.now() - asked.atMs >= STALE_MS ||
      (asked.rev !== null && rev !== null && asked.rev < rev)
    );
  }

  /** Keep no answer about something that was opened and is closed: there are as many as students. */
  letGo(isWanted: (key: string) => boolean): void {
    for (const [key, { more }] of this._held) {
      if (!isWanted(key) && Object.keys(more).length > 0) {
        this._held.delete(key);
        this._asked.delete(key);
      }
    }
  }

  clear(): void {
    this._held.clear();
    this._asked.clear();
  }

  private readonly _held = new Map<string, IHeld<AnswerName>>();
  private readonly _asked = new Map<
    string,
    { readonly atMs: number; readonly rev: number | null }
  >();
}
