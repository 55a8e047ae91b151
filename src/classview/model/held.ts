import type { AnswerName, ResultOf } from '../answers';

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
