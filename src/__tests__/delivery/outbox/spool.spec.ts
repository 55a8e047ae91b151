import { LocalStorageSpool } from '../../../delivery/outbox/spool';
import { row, uuidsOf } from '../../deliverystage';

const NAME = 'ipynb-telemetry:test';

const page = (name = NAME): LocalStorageSpool =>
  new LocalStorageSpool(name, localStorage);

beforeEach(() => localStorage.clear());

describe('LocalStorageSpool', () => {
  it('gives the next page what earlier ones left, once', () => {
    page().keep([row('a'), row('b')]);
    page().keep([row('c')]);
    const taken = page().take();
    expect(uuidsOf(taken).sort()).toEqual(['a', 'b', 'c']);
    expect(taken).toContainEqual(row('a'));
    expect(page().take()).toEqual([]);
    expect(localStorage).toHaveLength(0);
  });

  it('holds the last that was said, or nothing', () => {
    const left = page();
    left.keep([row('a')]);
    left.keep([row('b')]);
    const stayed = page();
    stayed.keep([row('c')]);
    stayed.keep([]);
    expect(uuidsOf(page().take())).toEqual(['b']);
  });

  it('holds the newest of too much', () => {
    page().keep([row('a'), row('b', 600_000), row('c', 600_000), row('d')]);
    expect(uuidsOf(page().take())).toEqual(['c', 'd']);
  });

  it('leaves alone what is its own, another’s, or not an event', () => {
    const own = page();
    own.keep([row('own')]);
    page(`${NAME}|bob`).keep([row('bob')]);
    localStorage.setItem(`${NAME}:student`, '[{}]');
    for (const [key, text] of [
      ['1', 'no JSON'],
      ['2', 'null'],
      ['3', '[null, 7, {"uuid": "a"}, {"uuid": "a", "json": "{}"}]'],
      ['4', '[{"uuid": "a", "json": "no JSON"}]'],
      ['5', JSON.stringify([{ uuid: 'a', json: '{' }, row('b')])],
      ['6', '[{"uuid": "a", "json": "{\\"uuid\\": \\"a\\"}"}]']
    ]) {
      localStorage.setItem(`${NAME}:left:${key}`, text);
    }
    expect(uuidsOf(own.take())).toEqual(['b']);
    // What nobody can read is cleared away.
    expect(Object.keys(localStorage)).toHaveLength(3);
  });

  it('is without effect where the browser refuses, or for too much', () => {
    const refuse = (): never => {
      throw new DOMException('no', 'SecurityError');
    };
    const spies = (['setItem', 'getItem', 'removeItem'] as const).map(name =>
      jest.spyOn(Storage.prototype, name).mockImplementation(refuse)
    );
    page().keep([row('a')]);
    page().keep([]);
    page().keep([row('b', 1_000_000)]);
    expect(page().take()).toEqual([]);
    expect(spies[0]).toHaveBeenCalledTimes(1);
    spies.forEach(spy => spy.mockRestore());
  });
});
