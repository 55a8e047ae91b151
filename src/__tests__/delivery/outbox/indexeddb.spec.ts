/** @jest-environment node */
import { forceCloseDatabase } from 'fake-indexeddb';
import { IndexedDBOutbox } from '../../../delivery/outbox/indexeddb';
import { row, uuidsOf } from '../../deliverystage';
import 'fake-indexeddb/auto';

let name: string;
let outbox: IndexedDBOutbox;
let count = 0;

const waiting = async (of = outbox): Promise<string[]> =>
  uuidsOf(await of.peek(100));

beforeEach(() => {
  name = `database ${++count}`;
  outbox = new IndexedDBOutbox(name);
});

afterEach(() => {
  outbox.close();
  jest.restoreAllMocks();
});

describe('IndexedDBOutbox', () => {
  it('has the order of the uuids, whoever comes first', async () => {
    await outbox.add([row('c'), row('a')]);
    await outbox.add([row('b')]);
    expect(await waiting()).toEqual(['a', 'b', 'c']);
    expect(uuidsOf(await outbox.peek(1, 'a'))).toEqual(['b']);
    // The event itself need not be there any more.
    await outbox.remove(['b']);
    expect(uuidsOf(await outbox.peek(10, 'b'))).toEqual(['c']);
  });

  it('keeps everything for a later visit', async () => {
    await outbox.add([row('a'), row('b'), row('c')]);
    await outbox.drop(['a']);
    await outbox.setAside({ ...row('b'), reason: '400' });
    outbox.close();

    const later = new IndexedDBOutbox(name);
    expect(await later.peek(10)).toEqual([row('c')]);
    expect(await later.counts()).toMatchObject({ dropped: 1 });
    expect(await later.asides()).toEqual([{ ...row('b'), reason: '400' }]);
    later.close();
  });

  it('gives up what waits and what was set aside alike', async () => {
    await outbox.add([row('a'), row('b'), row('c')]);
    await outbox.setAside({ ...row('b'), reason: '400' });
    await outbox.setAside({ ...row('c'), reason: '400' });
    expect(await outbox.drop(['a', 'b', 'x'])).toEqual(['a', 'b']);
    expect(await waiting()).toEqual([]);
    expect(uuidsOf(await outbox.asides())).toEqual(['c']);
    expect(await outbox.counts()).toMatchObject({ dropped: 2 });
  });

  it('says of each event that it is as good as there', async () => {
    const progressed = jest.fn();
    await outbox.add([row('a'), row('b'), row('c')], progressed);
    expect(progressed).toHaveBeenCalledTimes(3);
  });

  it('does not write where there is nothing to', async () => {
    await outbox.add([row('a')]);
    const begin = jest.spyOn(IDBDatabase.prototype, 'transaction');
    await outbox.add([]);
    expect([await outbox.remove([]), await outbox.drop([])]).toEqual([[], []]);
    expect(begin).not.toHaveBeenCalled();
  });

  it('is one for all who give its name, and for nobody else', async () => {
    const same = new IndexedDBOutbox(name);
    const other = new IndexedDBOutbox(`${name} of another`);
    await outbox.add([row('a')]);
    await same.add([row('b')]);
    await outbox.setAside({ ...row('b'), reason: '400' });
    await outbox.add([row('c')]);
    await outbox.drop(['c']);
    expect(await waiting(same)).toEqual(['a']);
    expect(await waiting(other)).toEqual([]);
    expect(await other.asides()).toEqual([]);
    expect(await other.counts()).toMatchObject({ dropped: 0 });
    same.close();
    other.close();
  });

  it('removes what lies side by side at once, and no stranger among it', async () => {
    const removals = jest.spyOn(IDBObjectStore.prototype, 'delete');
    await outbox.add(['a', 'b', 'd', 'e'].map(uuid => row(uuid)));
    expect(await outbox.remove(['b', 'a'])).toEqual(['a', 'b']);
    expect(removals).toHaveBeenCalledTimes(1);
    // What another page wrote meanwhile, between those that were sent.
    await outbox.add([row('c'), row('f')]);
    expect(await outbox.remove(['d', 'b', 'e'])).toEqual(['d', 'e']);
    await outbox.add([row('d')]);
    expect(await outbox.remove(['f', 'c'])).toEqual(['c', 'f']);
    expect(await waiting()).toEqual(['d']);
  });

  it('counts what two pages give up at the same time', async () => {
    const same = new IndexedDBOutbox(name);
    await outbox.add(['a', 'b', 'c'].map(uuid => row(uuid)));
    const given = await Promise.all([
      outbox.drop(['a', 'b']),
      same.drop(['b', 'c'])
    ]);
    expect(given).toEqual([['a', 'b'], ['c']]);
    expect(await outbox.counts()).toMatchObject({ dropped: 3 });
    same.close();
  });
});

describe('a database that is taken away', () => {
  it('is opened again', async () => {
    const opened: IDBDatabase[] = [];
    const { transaction } = IDBDatabase.prototype;
    jest
      .spyOn(IDBDatabase.prototype, 'transaction')
      .mockImplementation(function (this: IDBDatabase, ...args) {
        opened.push(this);
        return transaction.apply(this, args);
      });
    await outbox.add([row('a')]);
    // As the browser does it when site data are cleared.
    forceCloseDatabase(opened[0] as never);
    await outbox.add([row('b')]);
    expect(await waiting()).toEqual(['a', 'b']);
    expect(new Set(opened).size).toBe(2);
  });

  it('may be refused and granted later', async () => {
    const open = jest.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('private window', 'SecurityError');
    });
    await expect(outbox.add([row('a')])).rejects.toThrow('private window');
    await expect(outbox.counts()).rejects.toThrow('private window');
    open.mockRestore();
    await outbox.add([row('b')]);
    expect(await waiting()).toEqual(['b']);
  });
});

describe('a full disk', () => {
  /** End the transaction of the n-th `put` from now on as a browser does it. */
  function fill(place: number): void {
    let calls = 0;
    const { put } = IDBObjectStore.prototype;
    jest.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...args
    ) {
      const request = put.apply(this, args);
      if (calls++ === place) {
        request.addEventListener('success', () => {
          abort(this.transaction);
        });
      }
      return request;
    });
  }

  function abort(transaction: IDBTransaction): void {
    const { _abort } = transaction as unknown as {
      _abort: (name: string) => void;
    };
    _abort.call(transaction, 'QuotaExceededError');
  }

  it.each([0, 1, 2])(
    'is told, and nothing of the burst is kept (at event %d)',
    async place => {
      await outbox.add([row('z')]);
      fill(place);
      const burst = [row('a'), row('b'), row('c')];
      await expect(outbox.add(burst)).rejects.toMatchObject({
        name: 'QuotaExceededError'
      });
      jest.restoreAllMocks();
      expect(await waiting()).toEqual(['z']);
      await outbox.add([row('d')]);
      expect(await waiting()).toEqual(['d', 'z']);
    }
  );

  it('costs nothing of what was set aside', async () => {
    const asides = ['a', 'b'].map(uuid => ({ ...row(uuid), reason: '400' }));
    for (const aside of asides) {
      await outbox.setAside(aside);
    }
    fill(1);
    await expect(outbox.restore()).rejects.toThrow();
    jest.restoreAllMocks();
    expect(await outbox.asides()).toEqual(asides);
    expect(await outbox.counts()).toMatchObject({ setAside: 2 });
    expect(await waiting()).toEqual([]);
  });
});
