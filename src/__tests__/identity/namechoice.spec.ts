import { Dialog } from '@jupyterlab/apputils';
import { promptForAnyName } from '../../identity/anynameprompt';
import { promptForName } from '../../identity/nameprompt';
import type { IRoster, IRosterRow } from '../../identity/roster';
import type { IRosterName } from '../../identity/rostername';
import { until } from '../fakes';
import {
  askName,
  click,
  error,
  field,
  has,
  options,
  press,
  query,
  shown,
  start,
  status,
  type
} from '../rosterdialog';
import { FakeRoster, MARY_ROE, MARK_ROE } from '../rosterfake';

afterEach(() => Dialog.flush());

describe('a dialog with a roster of names', () => {
  it('finds names as they are typed, and one is chosen with the keyboard', async () => {
    const roster = new FakeRoster('names');
    roster.names = [MARY_ROE, MARK_ROE];
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await until(() => document.activeElement === field());
    expect(field().getAttribute('aria-expanded')).toBe('false');
    await type('m');
    await type('ma');
    await has('[role="option"]');
    expect(roster.find.mock.calls.at(-1)).toEqual(['ma']);
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
    roster.names = [MARY_ROE];
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
    roster.names = [MARY_ROE];
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
    roster.names = [row('s0001', 'A'), row('s0002', null), row('s0003', null)];
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('kim');
    await has('[role="option"]');
    expect(options()).toEqual(['Kim LimA', 'Kim Lim…0002', 'Kim Lim…0003']);
    click('.jp-Dialog .jp-mod-reject');
    await answer;
  });

  it('finds a name of one letter, and calls for more letters where there is none', async () => {
    const roster = new FakeRoster('names');
    roster.names = [{ id: 's19', name: '李', group: null }];
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('李');
    await has('[role="option"]');
    expect(options()).toEqual(['李']);
    roster.names = [];
    await type('M');
    await until(() => roster.find.mock.calls.length === 2);
    await until(() => options().length === 0);
    expect(status()).toBe('Type at least two letters of your name.');
    await type('Ma');
    await until(() => status() === 'No name in your class begins like that.');
    click('.jp-Dialog .jp-mod-reject');
    await answer;
  });

  it('says that there are more names than are listed', async () => {
    const roster = new FakeRoster('names');
    roster.names = [MARY_ROE, MARK_ROE];
    roster.hasMore = true;
    const answer = askName(roster);
    await has('input[role="combobox"]');
    await type('ma');
    await until(() => status().startsWith('More names begin like that'));
    expect(status()).toContain('Type more of your name and then your group.');
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
    roster.names = [MARY_ROE];
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

  it('is without a roster as soon as the collector does not answer', async () => {
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
    roster.names = [MARY_ROE];
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
    roster.names = [MARY_ROE];
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
