import { Dialog } from '@jupyterlab/apputils';
import { promptForAnyName } from '../../identity/anynameprompt';
import { promptForCode } from '../../identity/codeprompt';
import type { INames } from '../../identity/name';
import { promptForName } from '../../identity/nameprompt';
import { consentWords, noticeFacts } from '../../identity/noticefacts';
import type { IRoster, IRosterRow } from '../../identity/roster';
import type { IPseudonym, IRosterName } from '../../identity/rostername';
import { termsOf, trans, until } from '../fakes';
import { FakeRoster, MARK_ROE, MARY_ROE } from '../rosterfake';

const CODE = 'c951-w80h-wfyn';
const OTHER_CODE = 'd14w-r9gp-ax34';

const query = <E extends HTMLElement>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (!found) {
    throw new Error(`no ${selector}`);
  }
  return found;
};
const has = (selector: string): Promise<void> =>
  until(() => document.querySelector(selector) !== null);
const field = (name = 'roster'): HTMLInputElement =>
  query(`input[name="${name}"]`);
const status = (): string => query('.jp-Dialog [role="status"]').textContent;
const error = (): string =>
  query('#jp-ipynb-telemetry-roster-error').textContent;
const options = (): (string | null)[] =>
  [...document.querySelectorAll('[role="option"]')].map(
    each => each.textContent
  );
const click = (selector: string): void => query(selector).click();
const start = (): void => click('.jp-Dialog .jp-mod-accept');

async function type(value: string, name = 'roster'): Promise<void> {
  const { set } = Object.getOwnPropertyDescriptor(
    HTMLInputElement.prototype,
    'value'
  ) as { set: (value: string) => void };
  field(name).focus();
  set.call(field(name), value);
  field(name).dispatchEvent(new Event('input', { bubbles: true }));
  await Promise.resolve();
}

async function press(key: string): Promise<void> {
  const keyCode = { Enter: 13, Escape: 27 }[key] ?? 0;
  field().dispatchEvent(
    new KeyboardEvent('keydown', { key, keyCode, bubbles: true })
  );
  await Promise.resolve();
}

const shown = {
  trans,
  notice: 'Your runs are recorded.',
  destination: 'Your records stay on this Jupyter server.',
  facts: noticeFacts(termsOf(), null, trans),
  words: consentWords(termsOf(), false, trans),
  signal: new AbortController().signal
};

const askName = (
  roster: IRoster | Promise<IRoster | null>,
  known: INames | null = null
): Promise<INames | null> =>
  promptForName({
    ...shown,
    known,
    recorded: null,
    roster: Promise.resolve(roster)
  });

const askCode = (
  roster: IRoster | null,
  known: IPseudonym | null = null
): Promise<INames | null> =>
  promptForCode({
    ...shown,
    known,
    recorded: null,
    roster: Promise.resolve(roster)
  });

afterEach(() => Dialog.flush());

describe('a dialog with a roster of names', () => {
  it('finds names as they are typed, and one is chosen with the keyboard', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([MARY_ROE, MARK_ROE]);
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await until(() => document.activeElement === field());
    expect(field().getAttribute('aria-expanded')).toBe('false');
    await type('m');
    await type('ma');
    await has('[role="option"]');
    expect(roster.find.mock.calls).toEqual([['ma']]);
    expect(options()).toEqual(['Mary RoeA', 'Mark Roe']);
    expect(field().getAttribute('aria-expanded')).toBe('true');

    // Enter on no name chooses none, and says what is missing.
    await press('Enter');
    await until(() => error() === 'Choose your name from the list');
    await press('ArrowDown');
    await press('ArrowDown');
    const active = query('[aria-selected="true"]');
    expect(active.textContent).toBe('Mark Roe');
    expect(field().getAttribute('aria-activedescendant')).toBe(active.id);
    await press('ArrowUp');
    await press('Enter');
    await until(() => status().includes('Mary Roe, A'));
    expect(options()).toEqual([]);
    expect(error()).toBe('');
    await press('Enter');
    await expect(answer).resolves.toEqual({
      first: '',
      last: '',
      listed: { id: 's17', name: 'Mary Roe' }
    });
  });

  it('takes Escape for the list first, and then for no', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([MARY_ROE]);
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('mary');
    await has('[role="option"]');
    await press('Escape');
    await until(() => options().length === 0);
    await press('ArrowDown');
    expect(options()).toHaveLength(1);
    await press('Escape');
    await press('Escape');
    await expect(answer).resolves.toBeNull();
  });

  it('chooses nobody any more once the name is changed', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([MARY_ROE]);
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('mary');
    await has('[role="option"]');
    click('[role="option"]');
    await until(() => status().includes('Mary Roe'));
    await type('Mary Ro');
    start();
    await until(() => error() !== '');
    click('.jp-Dialog .jp-mod-reject');
    await expect(answer).resolves.toBeNull();
  });

  it('tells two of one name apart', async () => {
    const roster = new FakeRoster('names');
    const row = (id: string, group: string | null): IRosterRow => ({
      id,
      name: 'Kim Lim',
      group
    });
    roster.find.mockResolvedValue([
      row('s0001', 'A'),
      row('s0002', null),
      row('s0003', null)
    ]);
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('kim');
    await has('[role="option"]');
    expect(options()).toEqual(['Kim LimA', 'Kim Lim…0002', 'Kim Lim…0003']);
    click('.jp-Dialog .jp-mod-reject');
    await answer;
  });

  it('asks those who are not in the list as without a roster', async () => {
    const answer = askName(new FakeRoster('names'));
    await has('input[role="combobox"]');
    click('.jp-Dialog input[type="checkbox"]');
    await has('input[name="last"]');
    await type('Ann', 'first');
    await type('Lee', 'last');
    start();
    await expect(answer).resolves.toEqual({ first: 'Ann', last: 'Lee' });
  });

  it('goes on with what was typed before the roster came', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([MARY_ROE]);
    let come: (roster: IRoster) => void = () => undefined;
    const answer = askName(new Promise(resolve => (come = resolve)));
    await has('input[name="first"]');
    await type('Mary', 'first');
    come(roster);
    await has('[role="option"]');
    expect(field().value).toBe('Mary');
    expect(document.activeElement).toBe(field());
    click('.jp-Dialog .jp-mod-reject');
    await answer;
  });

  it('is without one as soon as the collector does not answer', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockRejectedValue(new Error('down'));
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('Ann');
    await has('input[name="first"]');
    expect(document.querySelector('input[type="checkbox"]')).toBeNull();
    await type('Ann', 'first');
    await type('Lee', 'last');
    start();
    await expect(answer).resolves.toEqual({ first: 'Ann', last: 'Lee' });
  });

  it('knows who was chosen before, also while no collector answers', async () => {
    const listed = { id: 's17', name: 'Mary Roe' };
    const answer = promptForName({
      ...shown,
      known: { first: '', last: '', listed },
      recorded: null,
      roster: Promise.resolve(null)
    });
    await has('input[role="combobox"]');
    expect(field().value).toBe('Mary Roe');
    start();
    await expect(answer).resolves.toEqual({ first: '', last: '', listed });
  });
});

describe('a dialog for names in whatever letters', () => {
  const ask = (
    roster: IRoster | null,
    listed: IRosterName | null = null
  ): ReturnType<typeof promptForAnyName> =>
    promptForAnyName({
      ...shown,
      known: '',
      own: null,
      listed,
      recorded: null,
      roster: Promise.resolve(roster)
    });

  it('has the roster, too, and a name of one’s own beside it', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([MARY_ROE]);
    const listed = ask(roster);
    await has('input[role="combobox"]');
    await type('mary');
    await has('[role="option"]');
    click('[role="option"]');
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(listed).resolves.toEqual({
      names: { first: '', last: '', listed: { id: 's17', name: 'Mary Roe' } },
      code: null
    });

    const own = ask(roster, { id: 's17', name: 'Mary Roe' });
    await has('input[role="combobox"]');
    expect(field().value).toBe('Mary Roe');
    click('.jp-Dialog input[type="checkbox"]');
    await has('input[name="name"]');
    await type('Zoë', 'name');
    start();
    await expect(own).resolves.toMatchObject({
      names: { own: { name: 'Zoë' } }
    });
  });

  it('leaves the keys to an input method that composes a word', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([MARY_ROE]);
    const answer = ask(roster);
    await has('input[role="combobox"]');
    await type('mary');
    await has('[role="option"]');
    field().dispatchEvent(
      new KeyboardEvent('keydown', {
        key: 'ArrowDown',
        isComposing: true,
        bubbles: true
      })
    );
    await press('Enter');
    await until(() => error() !== '');
    expect(document.querySelector('[aria-selected="true"]')).toBeNull();
    click('.jp-Dialog .jp-mod-reject');
    await answer;
  });
});

describe('a dialog with a roster of codes', () => {
  it('shows whose the code is before anybody is recorded', async () => {
    const roster = new FakeRoster('codes');
    roster.whose.mockImplementation(code =>
      Promise.resolve(code === CODE ? MARY_ROE : null)
    );
    const answer = askName(roster);
    await has('input[name="roster"]');
    await type('c951-w80h-wfym');
    start();
    await until(() => error() === 'A character of the code is wrong');
    expect(roster.whose).not.toHaveBeenCalled();
    await type(OTHER_CODE);
    await until(() => error() === 'Nobody in your class has this code');
    await type(CODE.toUpperCase());
    await until(() => status().includes('You are'));
    expect(status()).toBe('You are \u2068Mary Roe, A\u2069?');
    start();
    await expect(answer).resolves.toMatchObject({
      listed: { id: 's17', name: 'Mary Roe' }
    });
  });

  it('records nobody by an Enter that comes before the name', async () => {
    const roster = new FakeRoster('codes');
    let tell: (row: IRosterRow) => void = () => undefined;
    roster.whose.mockReturnValue(new Promise(resolve => (tell = resolve)));
    const answer = askName(roster);
    await has('input[name="roster"]');
    await type(CODE);
    await press('Enter');
    await until(() => status() === 'Looking for your name…');
    tell(MARY_ROE);
    await until(() => status().includes('Mary Roe'));
    await press('Enter');
    await expect(answer).resolves.toMatchObject({ listed: { id: 's17' } });
  });

  it('knows a code again, however it is written and whatever came between', async () => {
    const roster = new FakeRoster('codes');
    roster.whose.mockImplementation(code =>
      Promise.resolve(code === CODE ? MARY_ROE : MARK_ROE)
    );
    const answer = askName(roster);
    await has('input[name="roster"]');
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    await type(`${CODE} `);
    expect(status()).toContain('Mary Roe');
    await type(OTHER_CODE);
    await until(() => status().includes('Mark Roe'));
    await type(CODE.slice(1));
    expect(status()).not.toContain('Roe');
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(answer).resolves.toMatchObject({ listed: { id: 's17' } });
  });

  it('asks whoever was chosen before for no more than a yes, and for a code of somebody else', async () => {
    const known = {
      first: '',
      last: '',
      listed: { id: 's18', name: 'Mark Roe' }
    };
    const roster = new FakeRoster('codes');
    roster.whose.mockResolvedValue(MARY_ROE);
    const same = askName(roster, known);
    await has('input[name="roster"]:not([role])');
    expect(status()).toBe('You are \u2068Mark Roe\u2069?');
    start();
    await expect(same).resolves.toEqual(known);

    const other = askName(roster, known);
    await has('input[name="roster"]:not([role])');
    await type('c9');
    start();
    await until(() => error() === 'A code has 12 characters');
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(other).resolves.toMatchObject({ listed: { id: 's17' } });
  });

  it('says when too many codes were wrong', async () => {
    const roster = new FakeRoster('codes');
    roster.whose.mockResolvedValue('wait');
    const answer = askName(roster);
    await has('input[name="roster"]');
    await type(CODE);
    start();
    await until(() => error().startsWith('Too many wrong codes'));
    roster.whose.mockResolvedValue(MARY_ROE);
    await type(CODE.slice(1));
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(answer).resolves.toMatchObject({ listed: { id: 's17' } });
  });
});

describe('a dialog for a pseudonym', () => {
  it('takes a code without any roster, and no wrong one', async () => {
    const answer = askCode(null);
    await has('input[name="roster"]');
    start();
    await until(() => error() === 'The code is missing');
    await type('c915-w80h-wfyn');
    start();
    await until(() => error() === 'A character of the code is wrong');
    await type(' C951 W8OH WFYN ');
    await until(() => status().includes(CODE));
    start();
    await expect(answer).resolves.toEqual({
      first: '',
      last: '',
      pseudonym: { code: CODE, name: null }
    });
  });

  it('keeps the name that was chosen for this browser', async () => {
    const roster = new FakeRoster('names');
    roster.find.mockResolvedValue([{ ...MARY_ROE, id: CODE }]);
    const answer = askCode(roster);
    await has('input[role="combobox"]');
    await type('mary');
    await has('[role="option"]');
    click('[role="option"]');
    await until(() => status().includes(CODE));
    start();
    await expect(answer).resolves.toMatchObject({
      pseudonym: { code: CODE, name: 'Mary Roe' }
    });
  });

  it('takes a code beside the names, and shows whose it is', async () => {
    const roster = new FakeRoster('names');
    roster.whose.mockResolvedValue({ ...MARY_ROE, id: CODE });
    const answer = askCode(roster);
    await has('input[role="combobox"]');
    click('.jp-Dialog input[type="checkbox"]');
    await has('input[name="roster"]:not([role])');
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(answer).resolves.toMatchObject({
      pseudonym: { code: CODE, name: 'Mary Roe' }
    });
  });

  it('takes the code alone when the collector does not answer any more', async () => {
    const roster = new FakeRoster('codes');
    roster.whose.mockRejectedValue(new Error('down'));
    const answer = askCode(roster);
    await has('input[name="roster"]');
    await type(CODE);
    await until(() => roster.whose.mock.calls.length > 0);
    await until(() => status().includes(CODE));
    start();
    await expect(answer).resolves.toMatchObject({
      pseudonym: { code: CODE, name: null }
    });
  });

  it('goes back to a code of before, which the collector has told of', async () => {
    const roster = new FakeRoster('codes');
    roster.whose.mockImplementation(id =>
      Promise.resolve({ ...(id === CODE ? MARY_ROE : MARK_ROE), id })
    );
    const answer = askCode(roster, { code: CODE, name: 'Mary Roe' });
    await has('input[name="roster"]:not([role])');
    expect(field().value).toBe(CODE);
    await type(OTHER_CODE);
    await until(() => status().includes('Mark Roe'));
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(answer).resolves.toMatchObject({
      pseudonym: { code: CODE, name: 'Mary Roe' }
    });
  });

  it('asks whoever is known for no more than a yes', async () => {
    const answer = askCode(null, { code: CODE, name: null });
    await has('input[name="roster"]');
    expect(field().value).toBe(CODE);
    start();
    await expect(answer).resolves.toMatchObject({
      pseudonym: { code: CODE, name: null }
    });
  });

  it('takes the own code again that was changed in between', async () => {
    const roster = new FakeRoster('codes');
    const answer = askCode(roster, { code: CODE, name: 'Mary Roe' });
    await has('.jp-Dialog [role="status"]');
    await type(OTHER_CODE);
    start();
    await until(() => error() === 'Nobody in your class has this code');
    await type(CODE);
    await until(() => status().includes('Mary Roe'));
    start();
    await expect(answer).resolves.toMatchObject({
      pseudonym: { code: CODE, name: 'Mary Roe' }
    });
  });
});
