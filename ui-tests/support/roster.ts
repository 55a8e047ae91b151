import {
  expect,
  type Locator,
  type Page,
  type TestInfo
} from '@playwright/test';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { code } from './cells';

/** What keeps a roster: a server with its own collector, or a class's. */
export interface IRosterKeeper {
  telemetry(...args: string[]): Promise<string>;
}

/** A class of two of one name, of people whose names begin alike, and of staff. */
export const ROSTER = `id,name,group,staff
s1001,Mary Roe,A,
s1002,Mark Roe,B,
s1003,Kim Lim,A,
s1004,Kim Lim,B,
s1005,\u0645\u0631\u064a\u0645 \u062d\u0633\u0646,B,
s1006,Mariam Hassan,,
t1,Martha Boss,,yes
`;

/** A cell with a test, which shows as whom the kernel knows the student. */
export const WHO_CELL = code(
  'from ipynb_telemetry.bootstrap import tracked_test\n' +
    '@tracked_test\n' +
    'def test_it():\n' +
    '    assert True\n' +
    'test_it()\n' +
    'STUDENT_NAME, STUDENT_ID'
);

/** Have a collector keep the class, and offer something of it. */
export async function keepRoster(
  keeper: IRosterKeeper,
  offer: 'names' | 'codes' | 'nothing',
  testInfo: TestInfo,
  ...args: string[]
): Promise<void> {
  await keepClass(keeper, ROSTER, offer, testInfo, ...args);
}

/** Have a collector keep another class. */
export async function keepClass(
  keeper: IRosterKeeper,
  csv: string,
  offer: 'names' | 'codes' | 'nothing',
  testInfo: TestInfo,
  ...args: string[]
): Promise<void> {
  const file = testInfo.outputPath('class.csv');
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, csv);
  await keeper.telemetry('roster', file, '--offer', offer, ...args);
}

/** The codes of the class, by the roster's ids, as an instructor hands them out. */
export async function codesOf(
  keeper: IRosterKeeper,
  ...args: string[]
): Promise<ReadonlyMap<string, string>> {
  const csv = await keeper.telemetry('codes', '--csv', ...args);
  return new Map(
    csv
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map(line => JSON.parse(`[${line}]`) as string[])
      .map(cells => [cells[0], cells[3]])
  );
}

/** The dialog that asks who is working, with a field of the roster's. */
export class RosterDialog {
  constructor(private readonly _page: Page) {}

  get dialog(): Locator {
    return this._page.getByRole('dialog');
  }

  /** The field that finds names. */
  get names(): Locator {
    return this.dialog.getByRole('combobox', { name: 'Your name' });
  }

  get options(): Locator {
    return this.dialog
      .getByRole('listbox', { name: 'Names in your class' })
      .getByRole('option');
  }

  /** The field that takes a code. */
  get code(): Locator {
    return this.dialog.getByRole('textbox', { name: 'Your code' });
  }

  get status(): Locator {
    return this.dialog.getByRole('status');
  }

  async start(): Promise<void> {
    await this.dialog.getByRole('button', { name: 'Start recording' }).click();
    await expect(this.dialog).toBeHidden();
  }
}
