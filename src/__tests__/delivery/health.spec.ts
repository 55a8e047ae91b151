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
    monitor.captured();
  }
  expect(monitor.health.waiting).toBe(3);

  await clock.advance(200);
  monitor.refresh();
  await clock.advance(200);
  // One count at a time, and for what came meanwhile another one.
  expect(outbox.answers).toHaveLength(1);
  outbox.answers[0]();
  await settled();
  expect(monitor.health.waiting).toBe(3);

  await clock.advance(800);
  outbox.answers[1]();
  await settled();
  expect(monitor.health.waiting).toBe(3);

  await outbox.remove(['a', 'b', 'c']);
  monitor.delivered(3);
  await clock.advance(200);
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
