/** @jest-environment node */
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import { DEFAULT_LIMITS, Retention } from '../../../delivery/outbox/retention';
import { byteLength, toRow } from '../../../delivery/wire';
import { range, row, uuidsOf, wireEvent } from '../../deliverystage';

let outbox: MemoryOutbox;

const fill = (uuids: string[], padding = 0): Promise<void> =>
  outbox.add(uuids.map(uuid => row(uuid, padding)));
const waiting = async (): Promise<string[]> =>
  uuidsOf(await outbox.peek(100_000));

beforeEach(() => {
  outbox = new MemoryOutbox();
});

afterEach(() => jest.restoreAllMocks());

describe('a limit of events', () => {
  let retention: Retention;

  beforeEach(() => {
    retention = new Retention(outbox, { events: 200, bytes: 1e9 });
  });

  it('is not touched by as many', async () => {
    await fill(range(200));
    expect(await retention.trim()).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ waiting: 200 });
  });

  it('costs the oldest, and leaves room for more than the next', async () => {
    await fill(range(201));
    expect(uuidsOf(await retention.trim())).toEqual(range(3));
    expect(await waiting()).toEqual(range(201).slice(3));
    expect(await outbox.counts()).toMatchObject({ dropped: 3 });
    await outbox.add([row('z0'), row('z1')]);
    expect(await retention.trim()).toEqual([]);
    await outbox.add([row('z2')]);
    expect(uuidsOf(await retention.trim())).toHaveLength(3);
    expect(await outbox.counts()).toMatchObject({ dropped: 6 });
  });

  it('holds however many there are', async () => {
    await fill(range(1000));
    expect(uuidsOf(await retention.trim())).toEqual(range(802));
    expect(await outbox.counts()).toMatchObject({ waiting: 198 });
  });

  it('reads each event once', async () => {
    const peek = jest.spyOn(outbox, 'peek');
    await fill(range(190));
    await retention.trim();
    peek.mockClear();
    await outbox.add([row('z')]);
    await retention.trim();
    expect(peek.mock.calls).toEqual([[50, range(190)[189]]]);
  });

  it('goes on from the newest, whatever comes from elsewhere', async () => {
    const peek = jest.spyOn(outbox, 'peek');
    await fill(range(190));
    const foreign = 'z8b5a03e-edc1-53c5-9a41-e567224b79d2';
    await outbox.add([row(foreign)]);
    await retention.trim();
    peek.mockClear();
    expect(await retention.trim()).toEqual([]);
    expect(peek.mock.calls).toEqual([[50, range(190)[189]]]);
    // Read again, it is counted once.
    await fill(range(200).slice(190));
    expect(uuidsOf(await retention.trim())).toHaveLength(3);
  });

  it('does not count what was taken away meanwhile', async () => {
    await fill(range(190));
    await retention.trim();
    // By another page, or by one that was left.
    await outbox.remove(range(190));
    await outbox.add(['z1', 'z2'].map(uuid => row(uuid)));
    expect(await retention.trim()).toEqual([]);
    const added = range(150).map(uuid => `y${uuid}`);
    await fill(added);
    expect(await retention.trim()).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ waiting: 152 });
  });

  it('does not count twice what was restored or cut', async () => {
    await fill(range(200), 1000);
    await retention.trim();
    await fill(range(200));
    expect(await retention.trim()).toEqual([]);
  });

  it('is measured anew once something was taken', async () => {
    await fill(range(190));
    await retention.trim();
    await outbox.remove(range(190));
    retention.reset();
    await fill(range(200).map(uuid => `z${uuid}`));
    expect(await retention.trim()).toEqual([]);
  });

  it('counts no event a second time that told of an earlier loss', async () => {
    const loss = { ...wireEvent('a'), event: 'events_dropped' };
    await outbox.add([toRow(loss)]);
    await fill(range(200));
    const given = await retention.trim();
    expect(uuidsOf(given)).toEqual(['a', ...range(2)]);
    expect(await outbox.counts()).toMatchObject({ dropped: 2 });
  });
});

it('a thousand events are kept apart, the newest', async () => {
  const aside = async (uuids: string[]): Promise<void> => {
    for (const uuid of uuids) {
      await outbox.setAside({ ...row(uuid), reason: '400' });
    }
  };
  const retention = new Retention(outbox);
  await aside(range(1000));
  expect(await retention.trimAsides()).toEqual([]);
  await aside(['z']);
  expect(uuidsOf(await retention.trimAsides())).toEqual(range(11));
  expect(await outbox.counts()).toMatchObject({ setAside: 990, dropped: 11 });
  // An event that told of an earlier loss was counted then.
  const loss = toRow({ ...wireEvent('a'), event: 'events_dropped' });
  await outbox.drop(['e10011']);
  await outbox.restore();
  await outbox.remove(uuidsOf(await outbox.peek(2_000)));
  await outbox.setAside({ ...loss, reason: '400' });
  await aside(range(1000));
  expect(uuidsOf(await retention.trimAsides())).toEqual(['a', ...range(10)]);
  expect(await outbox.counts()).toMatchObject({ dropped: 22 });
  // What waits is another matter.
  await fill(range(1000));
  expect(await retention.trimAsides()).toEqual([]);
});

it('what is given up before the outbox refuses is told', async () => {
  jest.spyOn(console, 'warn').mockReturnValue();
  const { drop } = outbox;
  jest
    .spyOn(outbox, 'drop')
    .mockImplementationOnce(uuids => drop.call(outbox, uuids))
    .mockRejectedValueOnce(new Error('full'));
  await fill(range(300));
  const retention = new Retention(outbox, { events: 200, bytes: 1e9 });
  expect(uuidsOf(await retention.trim())).toEqual(range(50));
  expect(await outbox.counts()).toMatchObject({ dropped: 50 });
  expect(console.warn).toHaveBeenCalledTimes(1);
  // And the rest the next time.
  expect(uuidsOf(await retention.trim())).toEqual(range(102).slice(50));
  expect(await outbox.counts()).toMatchObject({ dropped: 102 });
});

it('an outbox that refuses for a longer time is told of once', async () => {
  jest.spyOn(console, 'warn').mockReturnValue();
  const retention = new Retention(outbox);
  for (const times of [1, 2]) {
    const peek = jest.spyOn(outbox, 'peek').mockRejectedValue(new Error('no'));
    await retention.trim();
    await retention.trim();
    expect(console.warn).toHaveBeenCalledTimes(times);
    peek.mockRestore();
    await retention.trim();
  }
});

it('what is no JSON is given up like any other', async () => {
  jest.spyOn(console, 'warn').mockReturnValue();
  await outbox.add([{ uuid: 'a', json: 'not by us' }]);
  await fill(range(200));
  const retention = new Retention(outbox, { events: 200, bytes: 1e9 });
  expect(uuidsOf(await retention.trim())).toEqual(['a', ...range(2)]);
});

it('what two pages give up at the same time counts once', async () => {
  await fill(range(300));
  const given = await Promise.all(
    [0, 1].map(() => new Retention(outbox, { events: 200, bytes: 1e9 }).trim())
  );
  expect(await outbox.counts()).toMatchObject({ dropped: 102 });
  expect(uuidsOf(given.flat()).sort()).toEqual(range(102));
});

describe('a limit of bytes', () => {
  const size = byteLength(row(range(1)[0], 1000).json);

  it('costs the oldest', async () => {
    const retention = new Retention(outbox, {
      events: 1e9,
      bytes: 100 * size
    });
    await fill(range(100), 1000);
    expect(await retention.trim()).toEqual([]);
    await outbox.add([row('z', 1000)]);
    expect(uuidsOf(await retention.trim())).toEqual(range(2));
    expect(await outbox.counts()).toMatchObject({ waiting: 99 });
  });

  it('counts bytes, not characters', async () => {
    const { uuid, json } = toRow({
      ...wireEvent('a'),
      properties: { text: '語'.repeat(1000) }
    });
    await outbox.add([
      { uuid, json },
      { uuid: 'b', json }
    ]);
    const retention = new Retention(outbox, { events: 1e9, bytes: 5_000 });
    expect(uuidsOf(await retention.trim())).toEqual(['a']);
  });

  it('may cost everything', async () => {
    await fill(['a'], 10_000);
    const retention = new Retention(outbox, { events: 10, bytes: 100 });
    expect(uuidsOf(await retention.trim())).toEqual(['a']);
    expect(await retention.trim()).toEqual([]);
  });
});

it('50,000 events and 200 MB wait unless something else is said', () => {
  expect(DEFAULT_LIMITS).toEqual({ events: 50_000, bytes: 200_000_000 });
});
