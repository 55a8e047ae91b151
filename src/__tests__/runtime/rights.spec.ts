import { Signal } from '@lumino/signaling';
import { DeliveryLog } from '../../capture/log';
import type { IPayload } from '../../events/payload';
import type { IStudent } from '../../events/student';
import { PersonCodes, verifierOf } from '../../identity/personcode';
import type { IPlace } from '../../runtime/places';
import { Rights } from '../../runtime/rights';
import { FakeClock, settled } from '../deliverystage';
import { JOHN, makeSession, payloadOf, SAMPLES, until } from '../fakes';

const SCOPE = 'http://hub.example/|ann';
const OTHER = '7K3QM0ZD9RXV2HTE';

/** A collector, as far as a person's routes go. */
class FakePlace implements IPlace {
  readonly key = 'server';
  readonly kind = 'server';
  readonly asked: { what: string; code: string | null; body?: unknown }[] = [];
  isAway = false;
  events = [eventOf('b', 2), eventOf('a', 1)];

  ask(what: string, code: string | null, body?: object): Promise<Response> {
    this.asked.push({ what, code, body });
    if (this.isAway) {
      return Promise.reject(new TypeError('Failed to fetch'));
    }
    const [route, query = ''] = what.split('?');
    const isSecond = query.includes('cursor=next');
    const answers: Record<string, unknown> = {
      sessions: { status: 1 },
      // Two pages of one event each.
      events: {
        events: [this.events[isSecond ? 1 : 0]],
        next: isSecond ? null : 'next'
      },
      access: {
        visits: [
          {
            reader: 'tess',
            what: 'student',
            notebook: 'D1',
            cell: '',
            first_ms: 1,
            last_ms: 2
          }
        ]
      },
      forget: {
        events: 2,
        sessions: 1,
        forwarded: 1,
        damaged_copies: 0,
        kernel_events: 0,
        unreached: 0,
        is_scrubbed: true
      }
    };
    return Promise.resolve({
      ok: true,
      status: 200,
      json: () => Promise.resolve(answers[route])
    } as Response);
  }

  /** What was asked of a route. */
  of(route: string): { code: string | null; body?: unknown }[] {
    return this.asked
      .filter(({ what }) => what.split('?')[0] === route)
      .map(({ code, body }) => ({ code, body }));
  }
}

function eventOf(uuid: string, seq: number): object {
  return {
    uuid,
    event: 'cell_executed',
    distinct_id: JOHN.id,
    timestamp: `2026-03-01T10:00:0${seq}.000Z`,
    properties: { seq, notebook: 'D1' }
  };
}

let place: FakePlace;
let clock: FakeClock;
let rights: Rights;
let codes: PersonCodes;
let isShared: boolean;
let identity: { student: IStudent | null };
let recorded: Signal<object, IPayload>;
let stop: jest.Mock;
const log = new DeliveryLog();
const delivery = {
  log,
  forget: jest.fn(() => Promise.resolve(3)),
  undelivered: jest.fn(() =>
    Promise.resolve({
      waiting: [
        { ...eventOf('c', 3) },
        { ...eventOf('x', 4), distinct_id: 'MARY_ROE' }
      ] as never[],
      setAside: []
    })
  )
};

function start(): Rights {
  return new Rights({
    scope: SCOPE,
    storage: localStorage,
    clock,
    codes,
    identity,
    recorder: { recorded } as never,
    delivery,
    places: () => [place],
    isSentAway: () => false,
    isShared: () => isShared,
    policy: () => 'allowed',
    stop
  });
}

/** A session of the student's begins. */
function begin(): string {
  const payload = payloadOf(makeSession(), 'blur', SAMPLES.blur);
  recorded.emit(payload);
  void clock.advance(1_000);
  return payload.session_id;
}

beforeEach(() => {
  localStorage.clear();
  isShared = false;
  place = new FakePlace();
  clock = new FakeClock();
  codes = new PersonCodes(SCOPE, localStorage);
  identity = { student: JOHN };
  recorded = new Signal<object, IPayload>({});
  stop = jest.fn(() => {
    identity.student = null;
  });
  delivery.forget.mockClear();
  rights = start();
});

describe('the claims of sessions', () => {
  it('go to the place with the hash of the code, once a session', async () => {
    const session = begin();
    await until(() => place.asked.length === 1);
    expect(place.asked).toEqual([
      {
        what: 'sessions',
        code: null,
        body: {
          verifier: verifierOf(codes.codeOf(JOHN.id)),
          sessions: [session]
        }
      }
    ]);
    expect(JSON.stringify(place.asked)).not.toContain(codes.codeOf(JOHN.id));
    await rights.see();
    expect(place.of('sessions')).toHaveLength(1);
  });

  it('go again where the place was away, with those that came meanwhile', async () => {
    place.isAway = true;
    const first = begin();
    await until(() => place.asked.length === 1);
    const second = begin();
    await until(() => place.asked.length === 2);
    place.isAway = false;
    await settled();
    await clock.advance(60_000);
    await until(() => place.asked.length === 3);
    expect(place.asked[2].body).toMatchObject({ sessions: [first, second] });
  });
});

describe('what is seen', () => {
  it('comes of all pages of all places and of this browser, each event once', async () => {
    begin();
    const mine = await rights.see();
    expect(mine.records.map(({ uuid, places }) => [uuid, ...places])).toEqual([
      ['c', 'browser'],
      ['b', 'server'],
      ['a', 'server']
    ]);
    expect(mine.visits).toEqual(
      [
        {
          reader: 'tess',
          what: 'student',
          notebook: 'D1',
          cell: '',
          first: 1,
          last: 2
        }
      ].map(({ cell: _, ...visit }) => visit)
    );
    expect(mine.troubles).toEqual([]);
    expect(place.of('events').map(({ code }) => code)).toEqual([
      codes.codeOf(JOHN.id),
      codes.codeOf(JOHN.id)
    ]);
  });

  it('asks no place that knows nothing of the student: that would be a wrong code', async () => {
    expect((await rights.see()).records).toHaveLength(1);
    expect(place.asked).toEqual([]);
  });

  it('misses no event that arrives meanwhile', async () => {
    begin();
    delivery.undelivered.mockImplementationOnce(() => {
      const waiting = eventOf(place.asked.length > 1 ? 'gone' : 'c', 3);
      return Promise.resolve({ waiting: [waiting as never], setAside: [] });
    });
    const { records } = await rights.see();
    expect(records.map(({ uuid }) => uuid)).toContain('c');
  });

  it('says where it could not look', async () => {
    begin();
    await until(() => place.asked.length === 1);
    place.isAway = true;
    const { records, troubles } = await rights.see();
    expect(records.map(({ uuid }) => uuid)).toEqual(['c']);
    expect(troubles).toEqual([
      { place: 'server', reason: 'TypeError: Failed to fetch' }
    ]);
  });

  it('says where the place never heard which sessions to look for', async () => {
    place.isAway = true;
    begin();
    const { troubles } = await rights.see();
    expect(troubles).toEqual([
      {
        place: 'server',
        reason: 'This place could not be told which sessions are yours.'
      }
    ]);
  });
});

describe('an erasure', () => {
  it('stops, deletes here, asks the places, and forgets the code last', async () => {
    begin();
    const code = codes.codeOf(JOHN.id);
    const erasure = await rights.forget();
    expect(stop).toHaveBeenCalledTimes(1);
    expect(delivery.forget).toHaveBeenCalledWith(JOHN.id);
    expect(place.of('forget')).toEqual([{ code, body: {} }]);
    expect(erasure).toMatchObject({
      fromBrowser: 3,
      troubles: [],
      student: JOHN.id,
      receipts: [{ place: 'server', events: 2, forwarded: 1 }]
    });
    expect(rights.unfinished).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('that reached no place keeps the code, and goes on when asked again', async () => {
    begin();
    await until(() => place.asked.length === 1);
    const code = codes.codeOf(JOHN.id);
    place.isAway = true;
    const first = await rights.forget();
    expect(first.troubles).toHaveLength(1);
    expect(rights.unfinished).toBe(first);
    expect(codes.knownOf(JOHN.id)).toBe(code);
    place.isAway = false;
    const second = await rights.forget();
    expect(second.troubles).toEqual([]);
    expect(second.fromBrowser).toBe(6);
    expect(place.of('forget').map(asked => asked.code)).toEqual([code, code]);
    expect(rights.unfinished).toBeNull();
    expect(localStorage).toHaveLength(0);
  });

  it('is not done where the place never heard which sessions are the student\u2019s', async () => {
    place.isAway = true;
    begin();
    await until(() => place.asked.length === 1);
    const first = await rights.forget();
    expect(first.receipts).toEqual([]);
    expect(first.troubles).toHaveLength(1);
    expect(rights.unfinished).toBe(first);
    place.isAway = false;
    const second = await rights.forget();
    expect(second.troubles).toEqual([]);
    expect(second.receipts).toHaveLength(1);
    expect(place.asked.slice(-2).map(({ what }) => what)).toEqual([
      'sessions',
      'forget'
    ]);
  });
});

describe('a handover to the next student', () => {
  it('leaves nothing of the former, and has places told what they did not know yet', async () => {
    place.isAway = true;
    const session = begin();
    await until(() => place.asked.length === 1);
    place.isAway = false;
    rights.pause.begin('open');
    const verifier = verifierOf(codes.codeOf(JOHN.id));
    rights.handOver();
    expect(place.of('sessions')[1].body).toEqual({
      verifier,
      sessions: [session]
    });
    expect(Object.keys(localStorage)).toEqual([]);
    await clock.advance(60_000);
    expect(place.asked).toHaveLength(2);
    expect(rights.pause.state).toBeNull();
    expect(verifierOf(codes.codeOf(JOHN.id))).not.toBe(verifier);
  });

  it('leaves nothing in another window, either', () => {
    const elsewhere = new PersonCodes(SCOPE, localStorage);
    const code = elsewhere.codeOf(JOHN.id);
    begin();
    rights.handOver();
    expect(elsewhere.codeOf(JOHN.id)).not.toBe(code);
  });

  it('does not bring back what a claim under way was about', async () => {
    const answers: ((response: Response) => void)[] = [];
    jest
      .spyOn(place, 'ask')
      .mockImplementation(() => new Promise(each => answers.push(each)));
    begin();
    await until(() => answers.length === 1);
    rights.handOver();
    answers.forEach(answer => answer({ ok: true } as Response));
    await settled();
    expect(Object.keys(localStorage)).toEqual([]);
  });

  it('lets whoever gives the same name see what this page made alone', async () => {
    isShared = true;
    const { records } = await rights.see();
    expect(records).toEqual([]);
  });

  it('ends what was left of an erasure', async () => {
    begin();
    place.isAway = true;
    await rights.forget();
    expect(rights.unfinished).not.toBeNull();
    rights.handOver();
    expect(rights.unfinished).toBeNull();
    await expect(rights.forget()).rejects.toThrow('Nobody');
  });
});

describe('another device', () => {
  it('is joined by its code, and what this browser began goes over', async () => {
    begin();
    const own = codes.codeOf(JOHN.id);
    expect(await rights.join(' 7k3q-m0zd-9rxv-2hte ')).toBeNull();
    expect(place.of('sessions')[1]).toEqual({
      code: own,
      body: { verifier: verifierOf(OTHER), sessions: [] }
    });
    expect(codes.codeOf(JOHN.id)).toBe(OTHER);
    await rights.see();
    expect(place.of('events')[0].code).toBe(OTHER);
  });

  it('is asked about at once where this browser had begun nothing', async () => {
    expect(await rights.join(OTHER)).toBeNull();
    await rights.see();
    expect(place.of('events')[0].code).toBe(OTHER);
  });

  it('takes no text that is no code, and no code that a place was not told of', async () => {
    expect(await rights.join('Ann Lee')).toBe('no code');
    begin();
    await until(() => place.asked.length === 1);
    place.isAway = true;
    const own = codes.codeOf(JOHN.id);
    expect(await rights.join(OTHER)).toEqual({
      place: 'server',
      reason: 'TypeError: Failed to fetch'
    });
    expect(codes.codeOf(JOHN.id)).toBe(own);
  });
});
