/** @jest-environment node */
import { byteLength } from '../../../delivery/wire';
import {
  ACCEPTED,
  DispatcherStage,
  propertiesOf,
  range,
  row
} from '../../deliverystage';

const LARGEST = 900 * 1024;

let stage: DispatcherStage;

beforeEach(() => {
  stage = new DispatcherStage();
  stage.dispatcher.start();
});

const sizes = (): number[][] =>
  stage.transport.sent.map(batch => batch.map(({ json }) => byteLength(json)));

describe('an event larger than any PostHog takes', () => {
  it('is cut and marked before it is sent', async () => {
    const { dispatcher, observer, outbox, transport } = stage;
    await outbox.add([row('a'), row('large', 1_000_000), row('z')]);
    await dispatcher.flush();
    expect(observer.deliveries).toEqual(['a', 'large', 'z']);
    const sent = transport.sent.flat();
    expect(sent.map(({ json }) => byteLength(json) <= LARGEST)).toEqual([
      true,
      true,
      true
    ]);
    expect(sent.map(each => propertiesOf(each).truncated)).toEqual([
      undefined,
      true,
      undefined
    ]);
  });

  it('is cut once, however often it is tried', async () => {
    const { clock, dispatcher, outbox, transport } = stage;
    await outbox.add([row('large', 1_000_000)]);
    transport.answer = () => ({ status: 'retry', reason: 'down' });
    await dispatcher.flush();
    const [kept] = await outbox.peek(1);
    expect(byteLength(kept.json)).toBeLessThanOrEqual(LARGEST);
    await clock.advance(10_000);
    expect(new Set(transport.sent.flat())).toEqual(new Set([kept]));
  });

  it('goes as it is when there is nothing to cut', async () => {
    const { dispatcher, observer, outbox, transport } = stage;
    const { uuid } = row('large');
    const numbers = Array.from({ length: 500_000 }, () => 1);
    const json = JSON.stringify({
      uuid,
      event: 'quiz',
      properties: { numbers }
    });
    await outbox.add([{ uuid, json }]);
    transport.answer = () => ({ status: 'too_large', reason: '413' });
    await dispatcher.flush();
    expect(transport.sent).toEqual([[{ uuid, json }]]);
    // The other end had the last word; still it is not lost.
    expect(observer.asides).toEqual([['large', '413']]);
    expect(await outbox.asides()).toEqual([{ uuid, json, reason: '413' }]);
  });
});

it('what is large and no JSON holds up nothing', async () => {
  const { dispatcher, observer, outbox } = stage;
  const json = 'x'.repeat(1_000_000);
  await outbox.add([{ uuid: 'foreign', json }, row('z')]);
  await dispatcher.flush();
  expect(observer.asides).toEqual([['foreign', 'it is no event']]);
  expect(observer.deliveries).toEqual(['z']);
});

describe('an event the other end finds too large', () => {
  it.each([50_000, 20_000, 7_000])(
    'is cut until it takes it, at %d bytes',
    async limit => {
      const { dispatcher, observer, outbox, transport } = stage;
      transport.answer = (_, batch) =>
        batch.some(({ json }) => byteLength(json) > limit)
          ? { status: 'too_large', reason: '413' }
          : ACCEPTED;
      await outbox.add([row('a'), row('large', 100_000), row('z')]);
      await dispatcher.flush();
      expect(observer.deliveries).toEqual(['a', 'large', 'z']);
      expect(observer.asides).toEqual([]);
      const taken = transport.sent
        .flat()
        .filter(({ uuid }) => uuid === 'large')
        .pop();
      expect(taken && propertiesOf(taken).truncated).toBe(true);
      expect(taken && byteLength(taken.json)).toBeGreaterThan(limit / 4);
    }
  );

  it('is set aside when even little is too much, and not cut to nothing', async () => {
    const { dispatcher, observer, outbox, transport } = stage;
    transport.answer = () => ({ status: 'too_large', reason: '413' });
    await outbox.add([row('large', 100_000)]);
    await dispatcher.flush();
    expect(observer.asides).toEqual([['large', '413']]);
    expect(await stage.waiting()).toEqual([]);
    const [aside] = await outbox.asides();
    expect(byteLength(aside.json)).toBeGreaterThan(2 * 1024);
    expect(sizes().length).toBeLessThan(8);
  });
});

describe('a connection too slow for a batch', () => {
  it('is given less until it gets through, and more again', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    transport.answer = uuids =>
      uuids.length > 100
        ? stage.later(60_000, {
            status: 'retry',
            reason: 'no answer',
            isSlow: true
          })
        : stage.later(uuids.length * 300);
    dispatcher.start();
    stage.enqueue(...range(400));
    await clock.advance(600_000);
    expect(observer.deliveries).toEqual(range(400));
    const counts = transport.sent.map(({ length }) => length);
    expect(counts.slice(0, 3)).toEqual([200, 100, 200]);
  });

  it('is given a single event as it is, for as long as it takes', async () => {
    const { clock, dispatcher, observer, transport } = stage;
    const slow = {
      status: 'retry',
      reason: 'no answer',
      isSlow: true
    } as const;
    transport.answer = () => (transport.sent.length > 3 ? ACCEPTED : slow);
    dispatcher.start();
    stage.enqueue('a');
    await clock.advance(600_000);
    expect(transport.batches).toEqual([['a'], ['a'], ['a'], ['a']]);
    expect(observer.deliveries).toEqual(['a']);
  });
});
