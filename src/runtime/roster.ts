import * as z from 'zod/mini';
import type { IClock } from '../delivery/clock';
import type { IFoundRows, IRoster, IRosterRow } from '../identity/roster';
import { isPseudonym, isRosterName } from '../identity/rostername';
import type { IAnswer } from './answerintime';
import { answerInTime, documentOf } from './answerintime';
import type { Ask } from './places';

const PATIENCE_MS = 3_000;
const TOO_MANY_REQUESTS = 429;

const OFFER = z.object({ offer: z.enum(['names', 'codes', 'nothing']) });
const FOUND = z.object({
  found: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        group: z.nullable(z.string().check(z.maxLength(200)))
      })
    )
    .check(z.maxLength(8)),
  has_more: z.optional(z.boolean())
});

/**
 * Ask a collector for the roster that it offers.
 *
 * @param ask - one of the collector's routes
 * @param identity - whether students are to be known by a name or by a code
 * @returns null where there is none, and where the collector does not answer in
 * time, or badly
 */
export async function askRoster(
  ask: Ask,
  identity: 'name' | 'pseudonym',
  clock: IClock
): Promise<IRoster | null> {
  try {
    const answer = await answerInTime({
      ask,
      clock,
      what: `roster/offer?identity=${identity}`,
      patienceMs: PATIENCE_MS
    });
    const { offer } = OFFER.parse(documentOf(answer));
    return offer === 'nothing' ? null : new Roster(ask, identity, clock, offer);
  } catch {
    return null;
  }
}

class Roster implements IRoster {
  constructor(
    private readonly _ask: Ask,
    private readonly _identity: 'name' | 'pseudonym',
    private readonly _clock: IClock,
    readonly offer: 'names' | 'codes'
  ) {}

  async find(typed: string): Promise<IFoundRows> {
    return this._found(await this._find({ typed }));
  }

  async whose(code: string): Promise<IRosterRow | 'wait' | null> {
    const answer = await this._find({ code });
    return answer.status === TOO_MANY_REQUESTS
      ? 'wait'
      : (this._found(answer).rows[0] ?? null);
  }

  /** A collector may be anybody's: rows that no student can be are left out. */
  private _found(answer: IAnswer): IFoundRows {
    const { found, has_more: hasMore = false } = FOUND.parse(
      documentOf(answer)
    );
    const rows = found.filter(row =>
      this._identity === 'pseudonym'
        ? isPseudonym({ code: row.id, name: row.name })
        : isRosterName(row)
    );
    return { rows, hasMore };
  }

  private _find(what: object): Promise<IAnswer> {
    return answerInTime({
      ask: this._ask,
      clock: this._clock,
      what: 'roster/find',
      body: { ...what, identity: this._identity },
      patienceMs: PATIENCE_MS
    });
  }
}
