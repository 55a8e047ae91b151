import { Dialog } from '@jupyterlab/apputils';
import type { IRosterRow } from '../../identity/roster';
import { until } from '../fakes';
import {
  askName,
  CODE,
  error,
  has,
  OTHER_CODE,
  press,
  start,
  status,
  type
} from '../rosterdialog';
import { FakeRoster, MARK_ROE, MARY_ROE } from '../rosterfake';

afterEach(() => Dialog.flush());

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
