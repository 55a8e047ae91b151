import type { IAddress } from '../../classview/model/address';
import {
  questionOf,
  readAddress,
  START,
  writeAddress
} from '../../classview/model/address';
import { queryOf } from '../../classview/model/question';

const FULL: IAddress = {
  tab: 'errors',
  notebooks: ['D1 & more', 'Übung=2'],
  group: 'A?b#c',
  sinceMs: Date.UTC(2026, 10, 29, 13, 30),
  untilMs: Date.UTC(2026, 10, 29, 15, 0),
  atMs: Date.UTC(2026, 10, 29, 14, 31),
  areNamesHidden: true,
  simulated: true,
  student: '~7',
  notebook: 'D1 & more',
  exercise: 'exercise 1',
  part: 'after_failure',
  session: '0b4f-1',
  fold: 'a+b %',
  figure: 'present',
  fromMs: Date.UTC(2026, 10, 29, 14, 5),
  toMs: Date.UTC(2026, 10, 29, 14, 10),
  only: 'errors',
  sessions: 'missing'
};

describe('an address', () => {
  it('keeps all that is looked at, in a link', () => {
    expect(readAddress(`#${writeAddress(FULL)}`)).toEqual(FULL);
    expect(new URL(`http://class/#${writeAddress(FULL)}`).hash).toBe(
      `#${writeAddress(FULL)}`
    );
  });

  it('is the name of the view where nothing else was chosen', () => {
    expect(writeAddress(START)).toBe('now');
    expect(readAddress('')).toEqual(START);
  });

  it.each(['#nowhere', '#?', '#progress?since=yesterday&names=maybe', '#%'])(
    'is as at the start in what %s does not say',
    text => {
      const { tab, ...rest } = readAddress(text);
      const { tab: _, ...start } = START;
      expect(rest).toEqual(start);
      expect(['now', 'progress']).toContain(tab);
    }
  );

  it('asks up to the moment of a replay', () => {
    expect(questionOf(FULL).untilMs).toBe(FULL.atMs);
    expect(questionOf({ ...FULL, atMs: null }).untilMs).toBe(FULL.untilMs);
  });
});

describe('a question', () => {
  it('is written as the server reads it', () => {
    const query = new URLSearchParams(
      queryOf(questionOf(FULL), { student: 'ANN_LEE' })
    );
    expect(query.getAll('notebook')).toEqual(FULL.notebooks);
    expect(Object.fromEntries(query)).toMatchObject({
      group: 'A?b#c',
      since: '2026-11-29T13:30:00.000Z',
      until: '2026-11-29T14:31:00.000Z',
      simulated: '1',
      student: 'ANN_LEE'
    });
  });

  it('says nothing of what is open', () => {
    expect(queryOf(questionOf(START))).toBe('');
  });
});
