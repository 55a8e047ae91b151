import { LocalStorageSpool } from '../../delivery/spool';
import { row, uuidsOf } from '../deliverystage';
import type { IRow } from '../../delivery/wire';

const NAME = 'ipynb-telemetry:test';

let taken: IRow[];
const take =
  (isStored = true) =>
  (left: IRow): Promise<boolean> => {
    taken.push(left);
    return Promise.resolve(isStored);
  };
const page = (name = NAME): LocalStorageSpool =>
  new LocalStorageSpool(name, localStorage);

beforeEach(() => {
  localStorage.clear();
  taken = [];
});

describe('LocalStorageSpool', () => {
  it('gives the next page what earlier ones left, once', async () => {
    page().keep([row('a'), row('b')]);
    page().keep([row('c')]);
    await page().takeOver(take());
    expect(uuidsOf(taken).sort()).toEqual(['a', 'b', 'c']);
    expect(taken).toContainEqual(row('a'));
    await page().takeOver(take());
    expect(taken).toHaveLength(3);
    expect(localStorage).toHaveLength(0);
  });

  it('holds it until it is on disk', async () => {
    page().keep([row('a')]);
    await page().takeOver(take(false));
    await page().takeOver(take());
    expect(uuidsOf(taken)).toEqual(['a', 'a']);
    expect(localStorage).toHaveLength(0);
  });

  it('holds the last that was said, or nothing', async () => {
    const left = page();
    left.keep([row('a')]);
    left.keep([row('b')]);
    const stayed = page();
    stayed.keep([row('c')]);
    stayed.clear();
    page().keep([]);
    await page().takeOver(take());
    expect(uuidsOf(taken)).toEqual(['b']);
  });

  it('leaves alone what is its own, another’s, or not an event', async () => {
    const own = page();
    own.keep([row('own')]);
    page(`${NAME}|bob`).keep([row('bob')]);
    localStorage.setItem(`${NAME}:student`, '[{}]');
    for (const [key, text] of [
      ['1', 'no JSON'],
      ['2', 'null'],
      ['3', '[null, 7, {"uuid": "a"}, {"uuid": "a", "json": "{}"}]'],
      ['4', '[{"uuid": "a", "json": "no JSON"}]'],
      ['5', JSON.stringify([{ uuid: 'a', json: '{' }, row('b')])]
    ]) {
      localStorage.setItem(`${NAME}:left:${key}`, text);
    }
    await own.takeOver(take());
    expect(uuidsOf(taken)).toEqual(['b']);
    // What nobody can read is cleared away.
    expect(Object.keys(localStorage)).toHaveLength(3);
  });

  it('is without effect where the browser refuses, or for too much', () => {
    const refuse = jest
      .spyOn(Storage.prototype, 'setItem')
      .mockImplementation(() => {
        throw new DOMException('full', 'QuotaExceededError');
      });
    page().keep([row('a')]);
    expect(refuse).toHaveBeenCalledTimes(1);
    page().keep([row('b', 1_000_000)]);
    expect(refuse).toHaveBeenCalledTimes(1);
    refuse.mockRestore();
  });

  it('holds the newest of too much', async () => {
    page().keep([row('a'), row('b', 600_000), row('c', 600_000), row('d')]);
    await page().takeOver(take());
    expect(uuidsOf(taken)).toEqual(['c', 'd']);
  });
});
