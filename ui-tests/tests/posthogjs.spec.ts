// posthog-js as npm has it, in a page of another origin, which takes a class collector for PostHog.
import type { Page } from '@playwright/test';
import type { ClassCollector } from '../support/classcollector';
import { listenToConsole } from '../support/console';
import { expect, test } from '../support/fixtures';
import { PostHogPage } from '../support/posthogpage';

/** Without its mark as a robot's, whose events posthog-js drops. */
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
/** All that posthog-js may ask a PostHog for, and does not by default. */
const EVERYTHING = {
  autocapture: true,
  capture_dead_clicks: true,
  capture_exceptions: true,
  capture_heatmaps: true,
  capture_performance: { web_vitals: true },
  disable_web_experiments: false,
  logs: { captureConsoleLogs: true },
  person_profiles: 'always'
};
/** What tells of a browser, a page, a person or an advertisement. */
const PRIVATE =
  /current_url|pathname|\$host|localhost|127\.0\.0\.1|user_agent|Mozilla|browser|screen|viewport|device|timezone|referr|\$ip|session_id|window_id|A lesson|letter|utm_|gclid|email|school|tcw_/;

test.use({ userAgent: CHROME });

test.beforeEach(({ page }) =>
  page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'webdriver', {
      get: () => false
    });
  })
);

/** The paths that a page asks the collector for, with the status of each answer. */
function answers(page: Page, collector: ClassCollector): Map<string, number> {
  const told = new Map<string, number>();
  page.on('response', answer => {
    if (answer.url().startsWith(collector.url)) {
      const path = answer.url().slice(collector.url.length);
      told.set(
        path.split('?')[0].replace(/[\d.]+\/|tcw_\w+/, '…'),
        answer.status()
      );
    }
  });
  page.on('requestfailed', request => {
    told.set(request.url(), 0);
  });
  return told;
}

/** What a course's page does by posthog-js; gives what it was told of flags and surveys. */
function teach(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const { posthog } = window as unknown as {
      posthog: {
        identify(student: string, person: object): void;
        capture(event: string, properties: object): void;
        captureException(error: Error): void;
        startSessionRecording(): void;
        reloadFeatureFlags(): void;
        onFeatureFlags(told: (flags: string[]) => void): void;
        getSurveys(told: (surveys: unknown[]) => void): void;
        getEarlyAccessFeatures(told: (features: unknown[]) => void): void;
      };
    };
    posthog.identify('ANN_LEE', { email: 'ann@school.example' });
    posthog.capture('tried', { notebook: 'D1', nth: 1, topic: 'Loops' });
    posthog.captureException(new Error('kept nowhere'));
    posthog.startSessionRecording();
    posthog.reloadFeatureFlags();
    return Promise.all([
      new Promise(told => {
        posthog.onFeatureFlags(told);
      }),
      new Promise(told => {
        posthog.getSurveys(told);
      }),
      new Promise(told => {
        posthog.getEarlyAccessFeatures(told);
      })
    ]);
  });
}

for (const build of ['module.mjs', 'array.js'] as const) {
  for (const [name, options] of [
    ['by default', {}],
    ['with all there is', EVERYTHING]
  ] as const) {
    test(`${build} ${name} sends, and nothing but learning data is kept`, async ({
      page,
      startCollector
    }) => {
      const collector = await startCollector('--base-url', '/cs1/');
      const asked = answers(page, collector);
      const said = listenToConsole(page, 'error', 'warning');
      const site = await PostHogPage.start(build, collector.classKey, {
        api_host: collector.url,
        ...options
      });
      const configured = page.waitForResponse(/\/config$/);
      await page.goto(`${site.url}?utm_source=letter&gclid=letter`);
      await configured;
      expect(await teach(page)).toEqual([[], [], []]);
      await page.getByRole('button').click();
      await page.getByRole('link').click();

      const names = async () =>
        (await collector.events()).map(([event]) => event);
      await expect.poll(names).toContain('$exception');
      // What waits is sent when the page goes, by a beacon.
      await page.close({ runBeforeUnload: true });
      await expect.poll(names).toContain('$pageleave');
      expect(await names()).toEqual(
        expect.arrayContaining(['$pageview', '$identify', 'tried'])
      );
      expect(await names()).not.toContain('$autocapture');

      const stored = await collector.properties();
      const tried = stored.find(([event]) => event === 'tried');
      expect(tried).toEqual([
        'tried',
        'ANN_LEE',
        {
          $lib: 'web',
          $lib_version: expect.stringMatching(/^\d/),
          $process_person_profile: true,
          $user_id: 'ANN_LEE',
          distinct_id: 'ANN_LEE',
          notebook: 'D1',
          nth: 1,
          topic: 'Loops'
        }
      ]);
      for (const [event, , properties] of stored) {
        expect(JSON.stringify(properties), event).not.toMatch(PRIVATE);
      }

      expect([...asked].filter(([, status]) => status !== 200)).toEqual([]);
      expect([...asked.keys()]).toEqual(
        expect.arrayContaining([
          '/array/…/config.js',
          '/array/…/config',
          '/flags/',
          '/e/',
          '/api/surveys/'
        ])
      );
      expect(said).toEqual([]);
      await site.stop();
    });
  }
}

test('with the key of nobody posthog-js stores nothing, and the page goes on', async ({
  page,
  startCollector
}) => {
  const collector = await startCollector();
  const site = await PostHogPage.start('module.mjs', `tcw_${'0'.repeat(32)}`, {
    api_host: collector.url
  });
  const refused = page.waitForResponse(
    answer => /\/e\//.test(answer.url()) && answer.status() === 401
  );
  await page.goto(site.url);
  expect(await (await refused).text()).toContain('not the key of this class');
  await page.getByRole('button').click();
  expect(await collector.events()).toEqual([]);
  await site.stop();
});
