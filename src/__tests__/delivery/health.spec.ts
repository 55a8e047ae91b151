/**
 * @jest-environment node
 */
import { HealthMonitor } from '../../delivery/health';
import type { IOutboxCounts } from '../../delivery/outbox/outbox';
import { MemoryOutbox } from '../../delivery/outbox/outbox';
import { FakeClock, row, settled } from '../deliverystage';

/** A disk that answers when it is told to. */
class SlowOutbox extends MemoryOutbox {
  readonly answers: (() => void)[] = [];

  override async counts(): Promise<IOutboxCounts> {
    await new Promise<void>(resolve => this.answers.push(resolve));
    return super.counts();
  }
}

it('reads a hundred of the events that were set aside, however many they are', async () => {
  const clock = new FakeClock();
  const outbox = new MemoryOutbox();
  for (const uuid of ['a', 'b']) {
    await outbox.setAside({ ...row(uuid), reason: '400' });
  }
  const asides = jest.spyOn(outbox, 'asides');
  const monitor = new HealthMonitor({
    outboxes: [outbox],
    isDurable: true,
    clock,
    idle: () => Promise.resolve(),
    changed: () => undefined
  });
  await clock.advance(200);
  expect(monitor.health.setAside).toBe(2);
  expect(asides.mock.calls).toEqual([[100]]);
});

it('counts what was captured once, however long and often it is counted', async () => {
  const clock = new FakeClock();
  const outbox = new SlowOutbox();
  const monitor = new HealthMonitor({
    outboxes: [outbox],
    isDurable: true,
    clock,
    idle: () => Promise.resolve(),
    changed: () => undefined
  });
  for (const uuid of ['a', 'b', 'c']) {
    await outbox.add([row(uuid)]);
    monitor.captured(uuid);
  }
  expect(monitor.health.waiting).toBe(3);

  await clock.advance(200);
  monitor.refresh();
  await clock.advance(200);
  // There is one count at a time, and another for what came meanwhile.
  expect(outbox.answers).toHaveLength(1);
  outbox.answers[0]();
  await settled();
  expect(monitor.health.waiting).toBe(3);

  await clock.advance(1_000);
  outbox.answers[1]();
  await settled();
  expect(monitor.health.waiting).toBe(3);

  await outbox.remove(['a', 'b', 'c']);
  monitor.delivered(['a', 'b', 'c']);
  await clock.advance(1_000);
  outbox.answers[2]();
  await settled();
  expect(monitor.health).toMatchObject({ waiting: 0, delivered: 3 });
});

it('counts the less often, the longer it takes, but every ten seconds', async () => {
  const clock = new FakeClock();
  const outbox = new SlowOutbox();
  const monitor = new HealthMonitor({
    outboxes: [outbox],
    isDurable: true,
    clock,
    idle: () => Promise.resolve(),
    changed: () => undefined
  });
  const answerAfter = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    outbox.answers.at(-1)?.();
    await settled();
    monitor.refresh();
  };
  await clock.advance(200);
  await answerAfter(1_000);
  await clock.advance(3_999);
  expect(outbox.answers).toHaveLength(1);
  await clock.advance(1);
  expect(outbox.answers).toHaveLength(2);

  await answerAfter(60_000);
  await clock.advance(9_999);
  expect(outbox.answers).toHaveLength(2);
  await clock.advance(1);
  expect(outbox.answers).toHaveLength(3);
  monitor.close();
});

it('counts a burst every second, and at once what comes alone', async () => {
  const clock = new FakeClock();
  const outbox = new SlowOutbox();
  const monitor = new HealthMonitor({
    outboxes: [outbox],
    isDurable: true,
    clock,
    idle: () => Promise.resolve(),
    changed: () => undefined
  });
  await clock.advance(200);
  outbox.answers[0]();
  await settled();
  monitor.captured('a');
  await clock.advance(999);
  expect(outbox.answers).toHaveLength(1);
  await clock.advance(1);
  expect(outbox.answers).toHaveLength(2);
  outbox.answers[1]();
  await settled();

  await clock.advance(60_000);
  monitor.captured('b');
  await clock.advance(200);
  expect(outbox.answers).toHaveLength(3);
  outbox.answers[2]();
  await settled();
  // A clock that is set back keeps no count waiting.
  jest.spyOn(clock, 'now').mockReturnValue(0);
  monitor.captured('c');
  await clock.advance(200);
  expect(outbox.answers).toHaveLength(4);
  monitor.close();
});

it('says at once what became of events, however long it takes to count', async () => {
  const clock = new FakeClock();
  const outbox = new SlowOutbox();
  const monitor = new HealthMonitor({
    outboxes: [outbox],
    isDurable: true,
    clock,
    idle: () => Promise.resolve(),
    changed: () => undefined
  });
  // Of an earlier visit.
  await outbox.add([row('old')]);
  await clock.advance(200);
  outbox.answers[0]();
  await settled();
  for (const uuid of ['a', 'b', 'c', 'd']) {
    await outbox.add([row(uuid)]);
    monitor.captured(uuid);
  }
  expect(monitor.health).toMatchObject({ waiting: 5, delivered: 0 });
  await clock.advance(1_000);
  monitor.delivered(['a', 'old']);
  expect(monitor.health).toMatchObject({ waiting: 3, delivered: 2 });
  monitor.setAside('b');
  monitor.dropped(['c']);
  expect(monitor.health).toMatchObject({
    waiting: 1,
    delivered: 2,
    setAside: 1,
    dropped: 1
  });
  // The count that was under way all the time knows part of that.
  await outbox.remove(['a', 'old']);
  outbox.answers[1]();
  await settled();
  expect(monitor.health.waiting).toBe(1);
  monitor.close();
});

it('believes a count when nothing happened meanwhile', async () => {
  const clock = new FakeClock();
  const outbox = new MemoryOutbox();
  const monitor = new HealthMonitor({
    outboxes: [outbox],
    isDurable: true,
    clock,
    idle: () => Promise.resolve(),
    changed: () => undefined
  });
  // Another page has sent it, and this page slept when that was told.
  monitor.captured('gone');
  monitor.captured('here');
  await outbox.add([row('here')]);
  await clock.advance(200);
  expect(monitor.health.waiting).toBe(1);
  monitor.delivered(['here']);
  expect(monitor.health.waiting).toBe(0);
  monitor.close();
});
