import { IndexedDBOutbox } from '../../../delivery/outbox/indexeddb';
import { turn } from '../../browserfakes';
import { row, settled, uuidsOf } from '../../deliverystage';
import 'fake-indexeddb/auto';

let outbox: IndexedDBOutbox;
let begin: jest.SpyInstance;
let count = 0;

beforeEach(async () => {
  globalThis.structuredClone ??= <T>(value: T) =>
    JSON.parse(JSON.stringify(value)) as T;
  outbox = new IndexedDBOutbox(`cached ${++count}`);
  await outbox.add([row('a')]);
  begin = jest.spyOn(IDBDatabase.prototype, 'transaction');
});

afterEach(() => {
  turn('pageshow');
  outbox.close();
  jest.restoreAllMocks();
});

describe('while the page lies in the browser’s back/forward cache', () => {
  it('nothing is begun, and everything is done afterwards', async () => {
    turn('pagehide');
    const added = outbox.add([row('b')]);
    const seen = outbox.peek(10);
    const counts = outbox.counts();
    await settled();
    expect(begin).not.toHaveBeenCalled();
    turn('pageshow');
    await added;
    expect(uuidsOf(await seen)).toEqual(['a', 'b']);
    expect(await counts).toMatchObject({ waiting: 2 });
  });

  it.each([
    ['a removal', () => outbox.remove(['a'])],
    ['a look', () => outbox.peek(10)],
    ['a count', () => outbox.counts()],
    ['a drop', () => outbox.drop(['a'])],
    [
      'an event set aside',
      () => outbox.setAside({ ...row('a'), reason: '400' })
    ]
  ])('%s that was begun is given up, and done again', async (_, act) => {
    const done = act();
    // Its transaction is there.
    while (begin.mock.calls.length === 0) {
      await Promise.resolve();
    }
    const abort = jest.spyOn(IDBTransaction.prototype, 'abort');
    turn('pagehide');
    expect(abort).toHaveBeenCalledTimes(1);
    await settled();
    expect(begin).toHaveBeenCalledTimes(1);
    turn('pageshow');
    await done;
    expect(begin).toHaveBeenCalledTimes(2);
  });

  it('a write whose end is told to nobody is written again', async () => {
    const hear = jest
      .spyOn(IDBTransaction.prototype, 'addEventListener')
      .mockImplementation(() => undefined);
    const added = outbox.add([row('b')]);
    while (begin.mock.calls.length === 0) {
      await Promise.resolve();
    }
    turn('pagehide');
    hear.mockRestore();
    await settled();
    expect(begin).toHaveBeenCalledTimes(1);
    turn('pageshow');
    await added;
    expect(begin).toHaveBeenCalledTimes(2);
    expect(uuidsOf(await outbox.peek(10))).toEqual(['a', 'b']);
  });
});

it('a page that is left for good writes to the last', async () => {
  turn('pagehide', false);
  await outbox.add([row('b')]);
  expect(uuidsOf(await outbox.peek(10))).toEqual(['a', 'b']);
});
