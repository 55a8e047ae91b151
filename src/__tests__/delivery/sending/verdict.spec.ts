/** @jest-environment node */
import deliveries from '../../../../conformance/rules/deliveries.json';
import type { SendResult } from '../../../delivery/sending/answer';
import { judge } from '../../../delivery/sending/answer';
import { FIRST_PACE, verdict } from '../../../delivery/sending/verdict';

// The relay is held to the same cases by `test_deliveries.py`.

const NOW = Date.parse(deliveries.now);

interface IAnswer {
  readonly status: number | null;
  readonly body?: string;
  readonly retry_after?: string;
  readonly is_late?: boolean;
}

type Attempt = [
  answer: string,
  count: number | 'cuttable',
  events: string,
  pause: number,
  maxCount: number,
  isTold: boolean,
  differs?: { page: { pause_s: number }; why: string }
];

const ANSWERS: Readonly<Record<string, IAnswer>> = deliveries.answers;

async function resultOf(answer: IAnswer): Promise<SendResult> {
  const { status, body = null, retry_after, is_late: isSlow } = answer;
  if (status === null) {
    return { status: 'retry', reason: 'no answer', isSlow };
  }
  const headers = retry_after ? { 'Retry-After': retry_after } : undefined;
  const statusText = 'Words';
  return judge(new Response(body, { status, statusText, headers }), NOW);
}

describe.each(Object.entries(deliveries.statuses))(
  '%s is',
  (kind, statuses) => {
    it.each(statuses)('%d', async status => {
      const isSuccess = status < 300 && status !== 204;
      const body = isSuccess ? '{"status": 1}' : undefined;
      expect((await resultOf({ status, body })).status).toBe(kind);
    });
  }
);

it.each(deliveries.cases.map(each => [each.name, each] as const))(
  '%s',
  async (_, { attempts, chance = 1 }) => {
    let pace = FIRST_PACE;
    for (const attempt of attempts as Attempt[]) {
      const [answer, counted, events, pause, maxCount, isTold, differs] =
        attempt;
      const result = await resultOf(ANSWERS[answer]);
      const isCuttable = counted === 'cuttable';
      const next = verdict(pace, result, {
        count: isCuttable ? 1 : counted,
        isCut: isCuttable && result.status === 'too_large',
        chance
      });
      const why = 'reason' in result ? result.reason : undefined;
      expect({ attempt, ...next, pace: next.pace.maxCount }).toEqual({
        attempt,
        pace: maxCount,
        events,
        reason: events === 'set_aside' ? why : undefined,
        pauseMs: 1000 * (differs?.page.pause_s ?? pause),
        problem: events === 'delivered' ? null : isTold ? why : undefined
      });
      expect(Object.keys(deliveries.why)).toContain(differs?.why ?? 'fraction');
      pace = next.pace;
    }
  }
);

describe('what only the page has', () => {
  const attempt = { count: 1, chance: 1 };
  const down: SendResult = { status: 'retry', reason: 'down' };

  it('a place that keeps nothing is no trouble, and not asked again', () => {
    expect(verdict(FIRST_PACE, { status: 'kept' }, attempt)).toEqual({
      pace: FIRST_PACE,
      events: 'waiting',
      pauseMs: null,
      problem: null
    });
  });

  it('after so many failures in a row it rests, and has as many attempts again', () => {
    const limited = { ...attempt, maxRetries: 1 };
    const first = verdict(FIRST_PACE, down, limited);
    expect(first.pauseMs).toBe(1000);
    const second = verdict(first.pace, down, limited);
    expect(second).toEqual({
      pace: FIRST_PACE,
      events: 'waiting',
      pauseMs: null,
      problem: 'down'
    });
  });
});

it('a login that has expired is told at once, and asked after with long pauses', () => {
  let pace = FIRST_PACE;
  for (let attempt = 0; attempt < 3; attempt++) {
    const next = verdict(
      pace,
      { status: 'logged_out' },
      { count: 3, chance: 1 }
    );
    expect(next).toMatchObject({
      events: 'waiting',
      pauseMs: 120_000,
      problem: 'logged out'
    });
    ({ pace } = next);
  }
});
