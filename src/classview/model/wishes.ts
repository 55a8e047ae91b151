import type { AnswerName } from '../answers';
import type { More } from './held';
import { keyOf } from './held';

interface IWish {
  readonly name: AnswerName;
  readonly more: More;
}

/** The answers that are on the screen; several parts of it may show the same. */
export class Wishes {
  /** @returns a function to call when a part that shows the answer is gone */
  add(name: AnswerName, more: More): () => void {
    const key = keyOf(name, more);
    const wish = { name, more };
    this._parts.set(key, [...(this._parts.get(key) ?? []), wish]);
    return () => {
      const others = this._parts.get(key)?.filter(each => each !== wish) ?? [];
      if (others.length > 0) {
        this._parts.set(key, others);
      } else {
        this._parts.delete(key);
      }
    };
  }

  has(key: string): boolean {
    return this._parts.has(key);
  }

  /** Each answer once, with its key. */
  get all(): ReadonlyArray<readonly [key: string, wish: IWish]> {
    return [...this._parts].map(([key, [wish]]) => [key, wish]);
  }

  private readonly _parts = new Map<string, ReadonlyArray<IWish>>();
}
