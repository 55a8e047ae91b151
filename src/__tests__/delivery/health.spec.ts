/**
 * @jest-environment node
 */
import { HealthMonitor } from '../../delivery/health';
import { MemoryOutbox } from '../../delivery/outbox';
import { FakeClock, row, settled } from '../deliverystage';

/** A disk that answers when it is told to. */
class SlowOutbox extends MemoryOutbox {
  readonly answers: (() => void)[] = [];

  override async count(): Promise<number> {
    await new Promise<void>(resolve => this.answers.push(resolve));
    return super.count();
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
  expect(outbox.answers).toHaveLength(2);
  for (const answer of outbox.answers) {
    answer();
    await settled();
    expect(monitor.health.waiting).toBe(3);
  }

  await outbox.remove(['a', 'b', 'c']);
  monitor.delivered(3);
  await clock.advance(200);
  outbox.answers[2]();
  await settled();
  expect(monitor.health).toMatchObject({ waiting: 0, delivered: 3 });
});
