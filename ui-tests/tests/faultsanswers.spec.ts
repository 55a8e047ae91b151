import { account, expectAccount } from '../support/account';
import { code } from '../support/cells';
import { lasting, paced, PROJECT_KEY } from '../support/fault';
import { expect, test } from '../support/faulttest';
import { Lesson } from '../support/lesson';
import { change, openSettings } from '../support/settings';
import { capture, health, type ICapturedEvent } from '../support/telemetry';

test.describe.configure({ mode: 'parallel' });

test('a host answers 500, 503, 429 and 408 for a minute', async ({
  captured,
  page,
  posthog,
  server
}) => {
  const STATUSES = [500, 503, 429, 408];
  let answers = 0;
  posthog.judge = () => {
    const status = STATUSES[answers++ % STATUSES.length];
    posthog.headers =
      status === 429
        ? {
            'Retry-After': '5',
            'Access-Control-Expose-Headers': 'Retry-After'
          }
        : {};
    return status;
  };
  const over = lasting(60_000);
  const lesson = await Lesson.begin(page, server, 'statuses', paced(50, 900));
  await lesson.runAll();
  await captured.reach(50, 'cell_executed');
  await over;
  expect(posthog.stored).toEqual([]);
  posthog.judge = () => 200;

  await expectAccount(page, captured, posthog, 51, [0]);
  const { requests } = posthog;
  expect(requests.map(({ status }) => status)).toEqual(
    expect.arrayContaining(STATUSES)
  );
  const limited = requests.findIndex(({ status }) => status === 429);
  expect(
    requests[limited + 1].at - requests[limited].at
  ).toBeGreaterThanOrEqual(5000);
});

test('a host stores events and its answers are lost', async ({
  captured,
  page,
  posthog,
  server
}) => {
  let lost = 0;
  posthog.swallow = () => lost++ < 5;
  const lesson = await Lesson.begin(page, server, 'unanswered', paced(20, 200));
  await lesson.runAll();
  await captured.reach(20, 'cell_executed');

  await expectAccount(page, captured, posthog, 21, [0]);
  expect(lost).toBeGreaterThan(5);
  // The lost batch was sent again, for nobody knew.
  expect(posthog.events.length).toBeGreaterThan(posthog.stored.length);
});

test('a host takes 10 s for each answer', async ({
  captured,
  page,
  posthog,
  server
}) => {
  posthog.latency = 10_000;
  const lesson = await Lesson.begin(page, server, 'late', paced(30, 500));
  await lesson.runAll();
  await captured.reach(30, 'cell_executed');

  await expectAccount(page, captured, posthog, 31, [0]);
  // Slow is no failure: nothing was sent a second time.
  expect(posthog.events).toHaveLength(posthog.stored.length);
});

for (const { where, id, correct } of [
  {
    where: 'in the page',
    id: 'corrected-here',
    correct: async ({ page }: Lesson) => {
      await openSettings(page);
      // The field has no button: whoever pastes a key clears it first.
      await change(page, 'projectKey', '');
      await change(page, 'projectKey', PROJECT_KEY);
    }
  },
  {
    where: 'elsewhere, before the next visit',
    id: 'corrected-there',
    correct: async (lesson: Lesson, settings: Record<string, unknown>) => {
      await lesson.server.configure({ ...settings, projectKey: PROJECT_KEY });
      await lesson.save();
      await lesson.page.reload();
      await lesson.idle();
    }
  }
]) {
  test(`a wrong key is corrected ${where}`, async ({
    captured,
    page,
    posthog,
    server
  }) => {
    const settings = { projectKey: 'phc_wrong', host: posthog.origin };
    posthog.judge = ({ body }) =>
      body?.api_key === PROJECT_KEY ? undefined : 401;
    await server.configure(settings);
    const lesson = await Lesson.begin(page, server, id, paced(20, 100));
    await lesson.runAll();
    await captured.reach(20, 'cell_executed');
    await expect
      .poll(async () => (await health(page))?.problem)
      .toContain('401');
    expect(posthog.stored).toEqual([]);
    await correct(lesson, settings);

    // A page that was reloaded too: nothing was taken before.
    await expectAccount(page, captured, posthog, 21, [0]);
  });
}

test('one of 500 events is refused for good', async ({
  captured,
  page,
  posthog,
  server
}) => {
  posthog.judge = ({ text }) => (text.includes('"poison"') ? 400 : 200);
  const lesson = await Lesson.begin(page, server, 'poisoned', [code('1')]);
  await capture(page, 250);
  await capture(page, 1, 'poison');
  await capture(page, 249);

  await expect
    .poll(() => health(page))
    .toMatchObject({ waiting: 0, setAside: 1, dropped: 0 });
  await lesson.statusItem.click();
  const panel = page.getByRole('region', { name: 'Recorded activity' });
  await expect(panel).toContainText('1 event was refused, all others arrived');
  const older = panel.getByRole('button', { name: 'Show older' });
  const refused = panel
    .getByRole('listitem')
    .filter({ hasText: 'refused: 400' });
  while ((await refused.count()) === 0) {
    await older.click();
  }
  await refused.getByRole('button').click();
  const shown = JSON.parse(
    (await refused.locator('pre').textContent()) ?? ''
  ) as ICapturedEvent;
  expect(shown.event_type).toBe('poison');
  const N = captured.events.length;
  expect(N).toBeGreaterThanOrEqual(501);
  const result = account(captured.events, posthog.stored, [shown]);
  test.info().annotations.push({
    type: 'account',
    description: JSON.stringify({ ...result, setAside: 1 })
  });
  expect(result).toEqual({
    produced: N,
    stored: N - 1,
    duplicates: 0,
    lost: 0
  });
  // All but the refused one, and the student's consent.
  expect(await health(page)).toMatchObject({ delivered: N });
});
