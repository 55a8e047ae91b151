import { expectAccount } from '../support/account';
import { lasting, paced } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

/** How long the host's port is closed. */
const OUTAGE_MS = 90_000;
/** Run twice, these take up most of it. */
const CELLS = paced(50, 800);

test.describe.configure({ mode: 'parallel' });

for (const { id, meanwhile, missed, act } of [
  {
    id: 'portclosed',
    meanwhile: '100 cells run',
    missed: 0,
    act: (lesson: Lesson): Promise<Lesson> => Promise.resolve(lesson)
  },
  {
    id: 'reloaded',
    meanwhile: '100 cells run and the page is reloaded',
    // By the page that comes after.
    missed: 1,
    act: async (lesson: Lesson): Promise<Lesson> => {
      await lesson.save();
      await lesson.page.reload();
      await lesson.idle();
      return lesson;
    }
  },
  {
    id: 'reopened',
    meanwhile: '100 cells run and the tab is closed and opened again',
    missed: 1,
    act: async ({ page, path, server }: Lesson): Promise<Lesson> => {
      const context = page.context();
      await page.close();
      const next = await context.newPage();
      await NotebookPage.open(next, server, path);
      return new Lesson(next, server, path);
    }
  }
]) {
  test(`a host refuses connections for 90 s while ${meanwhile}`, async ({
    captured,
    page,
    posthog,
    server
  }) => {
    const before = await Lesson.begin(page, server, id, CELLS);
    await expect.poll(() => posthog.stored.length).toBe(1);

    await posthog.refuse();
    const over = lasting(OUTAGE_MS);
    await before.runAll();
    await captured.reach(50, 'cell_executed');
    const after = await act(before);
    await after.runAll();
    await captured.reach(100, 'cell_executed');
    await over;
    expect(posthog.stored).toHaveLength(1);
    await posthog.accept();

    await expectAccount(after.page, captured, posthog, 101, [missed]);
  });
}
