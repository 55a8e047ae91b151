/** @jest-environment node */
import { MIGRATIONS } from '../../../delivery/outbox/database';
import { IndexedDBOutbox } from '../../../delivery/outbox/indexeddb';
import { ClientStage, FakeTabs } from '../../clientstage';
import { FakeClock, row, uuidsOf } from '../../deliverystage';
import 'fake-indexeddb/auto';

let name: string;
let count = 0;
const opened: { close(): void }[] = [];

function makeOutbox(migrations = MIGRATIONS): IndexedDBOutbox {
  const outbox = new IndexedDBOutbox(name, migrations);
  opened.push(outbox);
  return outbox;
}

beforeEach(() => {
  name = `migration ${++count}`;
});

afterEach(() => opened.splice(0).forEach(each => each.close()));

/** What a later release may add. */
const NEXT: typeof MIGRATIONS = [
  ...MIGRATIONS,
  database => {
    database.createObjectStore('later' as 'events');
  }
];

/** Rows of the first release, frozen as it wrote them: never to be changed. */
const EVENT = {
  uuid: '018cc813-6c1e-7000-8000-000000000001',
  json: '{"uuid":"018cc813-6c1e-7000-8000-000000000001","event":"blur","distinct_id":"JOHN_DOE","timestamp":"2024-01-02T03:04:05.678Z","properties":{"reason":"tab","student_id":"JOHN_DOE","notebook":"D1","session_id":"5f0f","seq":1}}'
};
const ASIDE = {
  uuid: '018cc813-6c1e-7001-8000-000000000002',
  json: '{"uuid":"018cc813-6c1e-7001-8000-000000000002","event":"focus","distinct_id":"JOHN_DOE","timestamp":"2024-01-02T03:04:06.678Z","properties":{}}',
  reason: '400 Bad Request'
};

/** The database of the first release, made without this package. */
function firstRelease(): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onerror = () => reject(new Error('not opened'));
    opening.onupgradeneeded = () => {
      const { result } = opening;
      result.createObjectStore('events', { keyPath: 'uuid' }).add(EVENT);
      result.createObjectStore('asides', { keyPath: 'uuid' }).add(ASIDE);
      result.createObjectStore('counts').add(7, 'dropped');
    };
    opening.onsuccess = () => {
      opening.result.close();
      resolve();
    };
  });
}

describe.each([
  ['this release', MIGRATIONS],
  ['one with one more migration', NEXT]
])('a database of the first release, opened by %s,', (_, migrations) => {
  it('keeps its rows and takes more', async () => {
    await firstRelease();
    const outbox = makeOutbox(migrations);
    expect(await outbox.peek(10)).toEqual([EVENT]);
    expect(await outbox.asides()).toEqual([ASIDE]);
    expect(await outbox.counts()).toMatchObject({ dropped: 7 });
    await outbox.add([row('b')]);
    await outbox.restore();
    await outbox.drop([EVENT.uuid]);
    expect(uuidsOf(await outbox.peek(10))).toEqual([ASIDE.uuid, 'b']);
    expect(await outbox.counts()).toMatchObject({ dropped: 8 });
  });
});

it('every migration runs once, from whatever version', async () => {
  const runs: number[] = [];
  const steps = MIGRATIONS.concat(
    [1, 2].map(step => () => void runs.push(step))
  );
  await makeOutbox(steps.slice(0, 2)).counts();
  expect(runs).toEqual([1]);
  opened.splice(0).forEach(each => each.close());
  await makeOutbox(steps).counts();
  await makeOutbox(steps).counts();
  expect(runs).toEqual([1, 2]);
});

describe('two releases in two pages', () => {
  it('the older one gives way to the newer', async () => {
    const older = makeOutbox();
    await older.add([row('a')]);
    const newer = makeOutbox(NEXT);
    await newer.add([row('b')]);
    expect(uuidsOf(await newer.peek(10))).toEqual(['a', 'b']);
    // What the older one cannot read any more it does not overwrite either.
    await expect(older.add([row('c')])).rejects.toMatchObject({
      name: 'VersionError'
    });
    expect(await newer.counts()).toMatchObject({ waiting: 2 });
  });

  it('the newer one sends, though the older one was the first', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const clock = new FakeClock();
    const pages: FakeTabs[] = [];
    const open = (migrations: typeof MIGRATIONS): ClientStage => {
      const outbox = makeOutbox(migrations);
      return new ClientStage({ clock, outbox, tabs: new FakeTabs(pages) });
    };
    /** The database has timers of its own, which this clock does not move. */
    const pass = async (isDue: () => boolean): Promise<void> => {
      while (!isDue()) {
        await clock.advance(500);
        await new Promise(resolve => setTimeout(resolve, 1));
      }
    };
    const older = open(MIGRATIONS);
    await pass(() => pages[0].isLeading);
    const newer = open(NEXT);
    await newer.capture('a');
    await pass(() => newer.server.batches.length > 0);
    expect(older.server.batches).toEqual([]);
    expect(newer.server.batches).toEqual([['a']]);
    expect(newer.client.health.problem).toBeNull();
    await Promise.all([older.client.close(), newer.client.close()]);
    warn.mockRestore();
  });

  describe('of which the older one holds on', () => {
    let holder: IDBDatabase;
    let tooLong: () => void;

    beforeEach(async () => {
      await makeOutbox().add([row('a')]);
      opened.splice(0).forEach(each => each.close());
      holder = await new Promise<IDBDatabase>(resolve => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
      });
      opened.push(holder);
      const { setTimeout } = globalThis;
      jest.spyOn(globalThis, 'setTimeout').mockImplementation(((
        work: () => void,
        ms?: number
      ) => {
        // The database itself asks for short ones.
        if ((ms ?? 0) < 1000) {
          return setTimeout(work, ms);
        }
        tooLong = work;
        return undefined;
      }) as typeof setTimeout);
    });

    afterEach(() => jest.restoreAllMocks());

    it('the newer one does not wait for ever, and gets it later', async () => {
      const newer = makeOutbox(NEXT);
      const refused = newer.add([row('b')]);
      tooLong();
      await expect(refused).rejects.toThrow('does not open');
      holder.close();
      await newer.add([row('c')]);
      expect(uuidsOf(await newer.peek(10))).toEqual(['a', 'c']);
    });

    it('what was given up is not held open when it comes after all', async () => {
      const newer = makeOutbox(NEXT);
      const refused = newer.add([row('b')]);
      tooLong();
      await expect(refused).rejects.toThrow('does not open');
      holder.close();
      // Blocked for ever if the newer one still had its late connection.
      await new Promise<void>((resolve, reject) => {
        const deleting = indexedDB.deleteDatabase(name);
        deleting.onsuccess = () => resolve();
        deleting.onblocked = () => reject(new Error('blocked'));
      });
    });
  });
});
