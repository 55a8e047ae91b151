import { Inbox } from '../../../notebook/kernel/inbox';

let status: 'idle' | 'busy';
let sent: unknown[];
let inbox: Inbox;
const uuid = (nth: number): string =>
  `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`;
/** A message; which event it is the number says, unless it is told. */
const told = (number: number, after = number - 1, of = number): object => ({
  event: 'mark',
  uuid: uuid(of),
  number,
  after
});
const take = (...messages: object[]): boolean[] =>
  messages.map(message => inbox.take(message as Record<string, unknown>));

beforeEach(() => {
  jest.useFakeTimers();
  status = 'idle';
  sent = [];
  inbox = new Inbox({
    status: () => status,
    send: acknowledgement => sent.push(acknowledgement)
  });
  inbox.begin();
});
afterEach(() => jest.useRealTimers());

it('takes messages in their order, and acknowledges many at once', () => {
  expect(take(told(1), told(2), told(3))).toEqual([true, true, true]);
  expect(sent).toEqual([]);
  jest.advanceTimersByTime(300);
  expect(sent).toEqual([{ ack: 3 }]);
  jest.advanceTimersByTime(60_000);
  expect(sent).toHaveLength(1);
});

it('acknowledges nothing where the kernel told nothing that is numbered', () => {
  expect(take({ event: 'mark' }, { ready: true })).toEqual([true, true]);
  inbox.acknowledge();
  inbox.end();
  jest.advanceTimersByTime(60_000);
  expect(sent).toEqual([]);
  expect(inbox.acknowledgement).toEqual({});
});

it('acknowledges in the midst of a steady stream', () => {
  for (let nth = 1; nth <= 10; nth++) {
    take(told(nth));
    jest.advanceTimersByTime(100);
  }
  expect(sent).toEqual([{ ack: 3 }, { ack: 6 }, { ack: 9 }]);
});

it('waits with it while cells run', () => {
  status = 'busy';
  take(told(1));
  jest.advanceTimersByTime(60_000);
  expect(sent).toEqual([]);
  status = 'idle';
  jest.advanceTimersByTime(300);
  expect(sent).toEqual([{ ack: 1 }]);
});

it('leaves what comes after a gap to come again', () => {
  expect(take(told(1), told(3), told(4))).toEqual([true, false, false]);
  jest.advanceTimersByTime(300);
  expect(sent).toEqual([{ ack: 1 }]);
  expect(take(told(2, 1), told(3), told(4))).toEqual([true, true, true]);
});

it('takes what comes after messages that the kernel has given up', () => {
  expect(take(told(1), told(900, 1), told(901))).toEqual([true, true, true]);
});

it('takes a repeat once, over a new Comm too', () => {
  expect(take(told(1), told(2), told(1), told(2))).toEqual([
    true,
    true,
    false,
    false
  ]);
  inbox.begin();
  expect(take(told(1, 0, 2), told(2, 1, 9))).toEqual([false, true]);
  expect(inbox.acknowledgement).toEqual({ ack: 2 });
});

it('takes what an older kernel side repeats once', () => {
  const buffered = { event: 'mark', uuid: uuid(1), buffered: true };
  expect(take(buffered, buffered)).toEqual([true, false]);
});

it.each([
  ['far ahead', { ...told(1), number: 2 ** 40, uuid: uuid(77) }],
  ['that the next one will have', { ...told(1), uuid: uuid(77) }]
])('lets no forged number %s keep another event out', (_, forged) => {
  take(forged);
  expect(take(told(1, 0), told(2), told(3))).toEqual([true, true, true]);
  jest.advanceTimersByTime(300);
  expect(sent).toEqual([{ ack: 3 }]);
});

it('lets no other event keep out one whose uuid can be told', () => {
  expect(
    take({ ...told(1), event: 'forged' }, { ...told(2), uuid: uuid(1) })
  ).toEqual([true, true]);
});

it.each([
  { number: '1' },
  { number: -1 },
  { number: 1.5 },
  { number: 2 ** 60 },
  { after: null },
  { uuid: 7 }
])('does not take a message with %j', forged => {
  expect(take({ ...told(1), ...forged })).toEqual([false]);
});

it('keeps no long texts, and not too many', () => {
  const long = { event: 'x'.repeat(100_000), uuid: uuid(1) };
  expect(take(long, long)).toEqual([true, true]);
  take(...Array.from({ length: 5_000 }, (_, nth) => told(nth + 1)));
  const kept = (inbox as unknown as { _taken: Set<string> })._taken;
  expect(kept.size).toBe(2_000);
});

it('says before the Comm is closed what it has taken, and only then', () => {
  inbox.end();
  take(told(1));
  inbox.end();
  inbox.end();
  jest.advanceTimersByTime(60_000);
  expect(sent).toEqual([{ ack: 1 }]);
});
