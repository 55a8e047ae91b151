/** @jest-environment node */
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import { nextBatch } from '../../../delivery/sending/batch';
import { BatchTransport } from '../../../delivery/sending/transport';
import { toRow } from '../../../delivery/wire';
import { FakeClock, range, row, uuidsOf, wireEvent } from '../../deliverystage';

const MIB = 1024 * 1024;

let outbox: MemoryOutbox;

beforeEach(() => {
  outbox = new MemoryOutbox();
});

const next = async (maxCount = 200): Promise<string[]> =>
  uuidsOf(await nextBatch(outbox, maxCount));

describe('nextBatch', () => {
  it.each([
    [0, 200, 0],
    [1, 200, 1],
    [49, 200, 49],
    [50, 200, 50],
    [120, 200, 120],
    [1000, 200, 200],
    [1000, 1, 1],
    [1000, 75, 75]
  ])('of %d events, at most %d, takes %d', async (count, max, taken) => {
    await outbox.add(range(count).map(uuid => row(uuid)));
    expect(await next(max)).toEqual(range(count).slice(0, taken));
    expect(await outbox.counts()).toMatchObject({ waiting: count });
  });

  it('keeps below a size, one large event alone if need be', async () => {
    const sizes = [1, 4.5 * MIB, 0.6 * MIB, 6 * MIB, 1];
    await outbox.add(range(5).map((uuid, i) => row(uuid, sizes[i])));
    const batches: number[] = [];
    while ((await outbox.counts()).waiting > 0) {
      const batch = await next();
      batches.push(batch.length);
      await outbox.remove(batch);
    }
    expect(batches).toEqual([2, 1, 1, 1]);
  });

  it('counts bytes, not characters', async () => {
    const text = '語'.repeat(MIB);
    await outbox.add(
      ['a', 'b'].map(uuid =>
        toRow({ ...wireEvent(uuid), properties: { text } })
      )
    );
    expect(await next()).toEqual(['a']);
  });

  it.each([
    [0, 40],
    [1, 39]
  ])('fills a request to the brim (%d bytes more: %d)', async (more, count) => {
    const { length } = row('e10000').json;
    // With the comma after each, and what is around them.
    const padding = (5 * MIB) / 40 - length - 1;
    await outbox.add(range(39).map(uuid => row(uuid, padding)));
    await outbox.add([row('e20000', padding - 2_500 + more), row('e30000')]);
    expect(await next()).toHaveLength(count);
  });

  it('leaves room for what is around the events', async () => {
    const { length } = row('e10000').json;
    const padding = (5 * MIB) / 10 - length - 1;
    await outbox.add(range(10).map(uuid => row(uuid, padding)));
    const fetch = jest.fn(() => Promise.resolve(new Response()));
    const destination = { host: '', key: 'k'.repeat(47), fetch };
    const transport = new BatchTransport(destination, new FakeClock());
    // Not compressed.
    await transport.send(await nextBatch(outbox, 200), true);
    const [[, { body }]] = fetch.mock.calls as unknown as [
      [string, { body: string }]
    ];
    expect(body.length).toBeLessThanOrEqual(5 * MIB);
  });

  it('does not hold all large events in memory', async () => {
    await outbox.add(range(200).map(uuid => row(uuid, 200_000)));
    const peek = jest.spyOn(outbox, 'peek');
    await next();
    expect(peek.mock.calls).toEqual([[50, undefined]]);
  });
});
