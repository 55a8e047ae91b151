/** @jest-environment node */
import { IndexedDBOutbox } from '../../../delivery/outbox/indexeddb';
import type { IOutbox } from '../../../delivery/outbox/outbox';
import { MemoryOutbox } from '../../../delivery/outbox/outbox';
import { row, uuidsOf } from '../../deliverystage';
import 'fake-indexeddb/auto';

let count = 0;

const KINDS: [name: string, make: () => IOutbox][] = [
  ['MemoryOutbox', () => new MemoryOutbox()],
  ['IndexedDBOutbox', () => new IndexedDBOutbox(`outbox ${++count}`)]
];

describe.each(KINDS)('%s', (_, make) => {
  let outbox: IOutbox;

  const waiting = async (limit = 10, after?: string): Promise<string[]> =>
    uuidsOf(await outbox.peek(limit, after));

  beforeEach(async () => {
    outbox = make();
    await outbox.add([row('a'), row('b')]);
    await outbox.add([row('c')]);
  });

  afterEach(() => outbox.close());

  it('gives the oldest first, and keeps them', async () => {
    expect(await waiting(2)).toEqual(['a', 'b']);
    expect(await waiting()).toEqual(['a', 'b', 'c']);
    expect(await outbox.peek(1)).toEqual([row('a')]);
    expect(await outbox.counts()).toMatchObject({ waiting: 3 });
  });

  it('goes on after an event', async () => {
    expect(await waiting(1, 'a')).toEqual(['b']);
    expect(await waiting(10, 'b')).toEqual(['c']);
    expect(await waiting(10, 'c')).toEqual([]);
  });

  it('keeps an event once, in its place, as it was added last', async () => {
    await outbox.add([row('a', 10), row('a', 20)]);
    expect(await waiting()).toEqual(['a', 'b', 'c']);
    expect(await outbox.peek(1)).toEqual([row('a', 20)]);
  });

  it('removes by uuid, not by position', async () => {
    const [first] = await outbox.peek(1);
    await outbox.remove(['b']);
    await outbox.add([row('d')]);
    expect(await outbox.remove(['unknown', first.uuid])).toEqual(['a']);
    expect(await waiting()).toEqual(['c', 'd']);
    expect(await outbox.counts()).toMatchObject({ waiting: 2 });
  });

  it('takes and gives nothing at all, too', async () => {
    await outbox.add([]);
    await outbox.remove([]);
    expect(await outbox.counts()).toMatchObject({ waiting: 3 });
  });

  it('says which of those it removed were there: they count once', async () => {
    const all = ['a', 'b', 'c'];
    const [first, second] = await Promise.all([
      outbox.remove(['a', 'b']),
      outbox.remove(all)
    ]);
    expect([first, second]).toEqual([['a', 'b'], ['c']]);
    expect(await outbox.remove(all)).toEqual([]);
  });

  it('gives events up, and counts those that were there', async () => {
    expect(await outbox.counts()).toMatchObject({ dropped: 0 });
    expect(await outbox.drop(['a', 'b'])).toEqual(['a', 'b']);
    expect(await outbox.drop(['a', 'c'])).toEqual(['c']);
    expect(await outbox.drop([])).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ dropped: 3 });
    expect(await waiting()).toEqual([]);
  });

  it('keeps apart what was set aside, with its reason, until it is restored', async () => {
    await outbox.setAside({ ...row('c'), reason: '400' });
    await outbox.setAside({ ...row('b'), reason: '422' });
    expect(await waiting()).toEqual(['a']);
    expect(await outbox.counts()).toMatchObject({ waiting: 1 });
    expect(await outbox.asides()).toEqual(
      expect.arrayContaining([
        { ...row('b'), reason: '422' },
        { ...row('c'), reason: '400' }
      ])
    );

    expect(await outbox.asides(1)).toHaveLength(1);

    await outbox.restore();
    expect(await outbox.asides()).toEqual([]);
    expect(await outbox.counts()).toMatchObject({ setAside: 0 });
    // As they were: the reason was not theirs.
    expect(await outbox.peek(10)).toEqual(
      expect.arrayContaining([row('a'), row('b'), row('c')])
    );
    await outbox.restore();
    expect(await outbox.counts()).toMatchObject({ waiting: 3 });
  });

  it('may be used again after it was closed', async () => {
    outbox.close();
    await outbox.add([row('d')]);
    expect(await waiting()).toEqual(['a', 'b', 'c', 'd']);
  });
});
