import { Dialog } from '@jupyterlab/apputils';
import { promptForCode } from '../../identity/codeprompt';
import type { INames } from '../../identity/name';
import type { IRoster } from '../../identity/roster';
import type { IPseudonym } from '../../identity/rostername';
import { until } from '../fakes';
import {
  click,
  CODE,
  error,
  field,
  has,
  OTHER_CODE,
  shown,
  start,
  status,
  type
} from '../rosterdialog';
import { FakeRoster, MARK_ROE, MARY_ROE } from '../rosterfake';

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
    roster.names = [{ ...MARY_ROE, id: CODE }];
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
