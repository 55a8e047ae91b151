/** @jest-environment node */
import type { IRelayHealth } from '../../../delivery/sending/relay';
import { readRelayHealth, RelayWatch } from '../../../delivery/sending/relay';
import { FakeClock, settled } from '../../deliverystage';

const IDLE = {
  waiting: 0,
  set_aside: 0,
  refusals: [],
  problem: null,
  last_contact: '2026-03-01T10:00:00.000Z',
  next_attempt: null
};
const REFUSED = {
  waiting: 12,
  set_aside: 3,
  refusals: [{ reason: '400 Bad Request', count: 3 }],
  problem: '401 Unauthorized',
  last_contact: '2026-03-01T10:00:00.000Z',
  next_attempt: '2026-03-01T10:02:00.000Z'
};

describe('readRelayHealth', () => {
  it('reads what a relay answers', () => {
    expect(readRelayHealth(REFUSED)).toEqual({
      waiting: 12,
      setAside: 3,
      refusals: [{ reason: '400 Bad Request', count: 3 }],
      problem: '401 Unauthorized',
      lastContact: '2026-03-01T10:00:00.000Z',
      nextAttempt: '2026-03-01T10:02:00.000Z'
    });
  });

  it('reads what one of an older version answers', () => {
    const { refusals, ...older } = REFUSED;
    expect(refusals).toHaveLength(1);
    expect(readRelayHealth(older)).toMatchObject({ setAside: 3, refusals: [] });
  });

  it.each([
    undefined,
    null,
    'ok',
    { message: 'Forbidden' },
    { ...IDLE, waiting: '12' },
    { ...IDLE, set_aside: undefined },
    { ...IDLE, problem: { toString: 1 } },
    { ...IDLE, refusals: null },
    { ...IDLE, refusals: {} },
    { ...IDLE, refusals: [null] },
    { ...IDLE, refusals: [{ reason: 400, count: 1 }] },
    { ...IDLE, refusals: [{ reason: '400', count: '1' }] },
    { ...IDLE, last_contact: 1 },
    { ...IDLE, next_attempt: undefined }
  ])('takes nothing else for one: %j', answer => {
    expect(readRelayHealth(answer)).toBeNull();
  });
});

describe('RelayWatch', () => {
  let clock: FakeClock;
  let asked: number;
  let answer: () => unknown;
  let told: IRelayHealth[];
  let posted: unknown[];
  let watch: RelayWatch;

  /** Whether the page is to ask. */
  let asks: boolean;
  /** Where events go. */
  let transport: { isRelay: boolean; status(): Promise<unknown> } | null;

  /** A relay that answers as the test says. */
  const relay = {
    isRelay: true,
    status: (): Promise<unknown> => {
      asked++;
      return new Promise(resolve => resolve(answer()));
    }
  };

  beforeEach(() => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    clock = new FakeClock();
    asked = 0;
    answer = () => IDLE;
    told = [];
    posted = [];
    asks = true;
    transport = relay;
    watch = new RelayWatch({
      transport: () => transport,
      asks: () => asks,
      clock,
      told: health => told.push(health),
      post: message => posted.push(message)
    });
    watch.refresh();
  });

  afterEach(() => jest.restoreAllMocks());

  it('asks once when nothing waits, and again only when there is news', async () => {
    await clock.advance(86_400_000);
    expect(told).toEqual([readRelayHealth(IDLE)]);
    expect(posted).toEqual([IDLE]);
    expect(clock.timers).toBe(0);
    watch.refresh();
    await clock.advance(86_400_000);
    expect(asked).toBe(2);
  });

  it('asks with growing pauses as long as something waits', async () => {
    answer = () => REFUSED;
    const times: number[] = [];
    for (let second = 1; second <= 500; second++) {
      await clock.advance(1000);
      times.push(...Array<number>(asked - times.length).fill(second));
    }
    expect(times).toEqual([1, 3, 7, 15, 31, 63, 127, 247, 367, 487]);
    answer = () => IDLE;
    await clock.advance(120_000);
    expect(clock.timers).toBe(0);
    expect(told[told.length - 1]).toMatchObject({ waiting: 0, problem: null });
  });

  it('asks soon when there is news, however long the pause, and not for each', async () => {
    answer = () => REFUSED;
    await clock.advance(100_000);
    const before = asked;
    for (let news = 0; news < 9; news++) {
      watch.refresh();
      await clock.advance(100);
    }
    expect(asked).toBe(before);
    await clock.advance(100);
    expect(asked).toBe(before + 1);
  });

  it('asks nothing while another page does, or nobody is at work', async () => {
    answer = () => REFUSED;
    await clock.advance(1000);
    asks = false;
    await clock.advance(60_000);
    watch.refresh();
    expect(clock.timers).toBe(0);
    await clock.advance(86_400_000);
    expect(asked).toBe(1);
    asks = true;
    watch.refresh();
    await clock.advance(1000);
    expect(asked).toBe(2);
  });

  it('does not hear of a place that is not the place any more', async () => {
    let say: (value: unknown) => void = () => undefined;
    answer = () => new Promise(resolve => (say = resolve));
    await clock.advance(1000);
    transport = { ...relay };
    say(REFUSED);
    await settled();
    transport = { ...relay, isRelay: false };
    expect(watch.hear(REFUSED)).toBeNull();
    transport = null;
    expect(watch.hear(REFUSED)).toBeNull();
    expect([asked, told, posted]).toEqual([1, [], []]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no server'))],
    ['says something else', () => ({ message: 'Forbidden' })]
  ])(
    'keeps what it knows of a relay that %s, and asks again',
    async (_, no) => {
      answer = () => REFUSED;
      await clock.advance(1000);
      answer = no;
      await clock.advance(2000);
      expect(told).toHaveLength(1);
      expect(posted).toHaveLength(1);
      answer = () => IDLE;
      await clock.advance(4000);
      expect(told[1]).toMatchObject({ waiting: 0 });
    }
  );

  it('believes another page what it was answered, and nothing else', () => {
    watch.hear(REFUSED);
    watch.hear({ waiting: 'many' });
    expect(told).toEqual([readRelayHealth(REFUSED)]);
    // Who was told by another page does not tell it back.
    expect(posted).toEqual([]);
  });
});
