import type { Page } from '@playwright/test';
import { code, flagged, markdown } from '../support/cells';
import { expect, test } from '../support/fixtures';
import type { Hub } from '../support/hub';
import { NotebookPage } from '../support/notebook';

/** Code by which a student's notebook might rob whoever opens it of the token. */
const THEFT = `
import os, urllib.error, urllib.request
address = os.environ["IPYNB_TELEMETRY_CLASS_COLLECTOR"]
token = os.environ["JUPYTERHUB_API_TOKEN"]
request = urllib.request.Request(
    f"{address}/ipynb-telemetry/class/overview", headers={"Authorization": f"token {token}"}
)
try:
    print("read", urllib.request.urlopen(request).read())
except urllib.error.HTTPError as error:
    print("refused", error.code)
`;
const OVERVIEW = '/services/telemetry-cs1/ipynb-telemetry/class/overview';

async function work(page: Page, hub: Hub, account: string): Promise<void> {
  const user = hub.user(account);
  await user.signIn(page, 'lesson.ipynb');
  const notebook = new NotebookPage(page, user, 'lesson.ipynb');
  const consent = page.getByRole('dialog').filter({ hasText: account });
  const { host } = new URL(hub.origin);
  await expect(consent).toContainText(
    `Your records are sent to your class’s collector at ${host}, by this Jupyter server.`
  );
  await expect(consent).toContainText(
    `signed in as ${account}, and appear by that name`
  );
  await expect(consent).not.toContainText('PostHog');
  await expect(consent.getByRole('textbox')).toHaveCount(0);
  await consent.getByRole('button', { name: 'Start' }).click();
  await expect(notebook.statusItem).toHaveText(
    `${account} · telemetry on, to your class’s collector`
  );
  await notebook.idle();
  await notebook.run(0);
  await expect(notebook.cell(0)).toContainText(`'${account}'`);
}

test('a hub’s students work as ever, and the instructor sees them in a browser alone', async ({
  page,
  startHub
}) => {
  const lesson = flagged(
    [
      code('STUDENT_ID'),
      code(THEFT),
      markdown('## First exercise'),
      code('answer = ...')
    ],
    'lesson'
  );
  const hub = await startHub({
    users: ['ann.lee', 's1234567', 'tess'],
    files: { 'lesson.ipynb': lesson },
    course: {
      name: 'cs1',
      students: ['ann.lee', 's1234567'],
      instructors: ['tess']
    }
  });

  await work(page, hub, 'ann.lee');
  // The class is in no menu of a student's, and is not shown at its address.
  await page.goto(`${hub.origin}/hub/home`);
  await expect(page.locator('#stop')).toBeVisible();
  await expect(page.getByText('telemetry-cs1')).toHaveCount(0);
  await page.goto(`${hub.origin}/services/telemetry-cs1/`);
  await expect(page.locator('body')).not.toContainText('Class View');
  await expect(page.locator('body')).toContainText('403');
  await work(page, hub, 's1234567');

  // The instructor goes there from the hub's menu, and enters nothing.
  await hub.enter(page, 'tess');
  await page.getByRole('button', { name: 'Services' }).click();
  await page.getByRole('link', { name: 'telemetry-cs1' }).click();
  await expect(page.locator('.jp-cv-Freshness')).toContainText('updated');
  await page.getByRole('tab', { name: 'Students' }).click();
  for (const account of ['ann.lee', 's1234567']) {
    await expect(
      page.getByRole('rowheader', { name: account, exact: true })
    ).toBeVisible();
  }

  // What the instructor says of the class, with a file, goes by the same login.
  await page.getByRole('tab', { name: 'Progress' }).click();
  await page.locator('input[type="file"][accept=".ipynb"]').setInputFiles({
    name: 'lesson.ipynb',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(lesson))
  });
  await expect(
    page.getByRole('columnheader', { name: 'First exercise' })
  ).toBeVisible();

  // A page of another server on this origin may read nothing of the collector.
  await page.goto(`${hub.origin}/hub/home`);
  const status = (address: string): Promise<number> =>
    page.evaluate(async each => (await fetch(each)).status, address);
  expect(await status(OVERVIEW)).toBe(403);

  // Who logs out of the class is logged out of the hub, which would let them in again.
  await page.goto(`${hub.origin}/services/telemetry-cs1/`);
  await page.getByRole('button', { name: 'Log out' }).click();
  await expect(page.getByLabel('Username')).toBeVisible();
  await page.goto(`${hub.origin}/services/telemetry-cs1/`);
  await expect(page.getByLabel('Username')).toBeVisible();

  // Nor does a notebook that the instructor runs get hold of the class.
  const tess = hub.user('tess');
  await tess.signIn(page, 'lesson.ipynb');
  const consent = page.getByRole('dialog').filter({ hasText: 'tess' });
  await consent.getByRole('button', { name: 'Start' }).click();
  const notebook = new NotebookPage(page, tess, 'lesson.ipynb');
  await notebook.idle();
  await notebook.run(1);
  await expect(notebook.cell(1)).toContainText('refused 403');
});
