import type { IClock } from '../delivery/clock';
import type { Ask } from './places';

/** What a collector answered, read to its end. */
export interface IAnswer {
  readonly status: number;
  readonly text: string;
}

/** A question that does not wait for long. */
export interface IHastyQuestion {
  /** The way to ask the collector. */
  readonly ask: Ask;
  readonly clock: IClock;
  /** The route. */
  readonly what: string;
  /** Of a POST; undefined: a GET. */
  readonly body?: object;
  /** So long the collector may take, in milliseconds. */
  readonly patienceMs: number;
}

const OK = 200;

/** Ask, and give up on a collector that takes too long, be it in the midst of its answer. */
export async function answerInTime(question: IHastyQuestion): Promise<IAnswer> {
  const { ask, clock, what, body, patienceMs } = question;
  const abort = new AbortController();
  const cancel = clock.after(patienceMs, () => abort.abort());
  try {
    const response = await ask(what, { body, signal: abort.signal });
    return { status: response.status, text: await response.text() };
  } finally {
    cancel();
  }
}

/**
 * Read the document of an answer.
 *
 * @throws an `Error` where the answer is a refusal, or no JSON
 */
export function documentOf({ status, text }: IAnswer): unknown {
  if (status !== OK) {
    throw new Error(`The collector answers ${status}.`);
  }
  return JSON.parse(text);
}
