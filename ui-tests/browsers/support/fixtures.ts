import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base } from '@playwright/test';
import { PostHogHost } from '../../support/posthoghost';
import { Server } from '../../support/server';
import type { IBrowser, ITab } from './browser';
import { Firefox } from './firefox';
import { writeListener } from './listener';
import { Screen } from './screen';
import { WebKit } from './webkit';

/** Which browser a project's stories are told in. */
export interface IBrowserOptions {
  kind: 'firefox' | 'webkit';
}

interface ITestFixtures {
  /** The folder in which the browser puts files. */
  downloads: string;
  /** A PostHog for this story alone. */
  posthog: PostHogHost;
  /** No story leaves its kernels, tabs or settings to the next one. */
  tidy: void;
  /** A browser of its own for each story. */
  program: IBrowser;
}

interface IWorkerFixtures extends IBrowserOptions {
  display: Screen;
  server: Server;
}

export { expect } from '@playwright/test';

export const test = base.extend<ITestFixtures, IWorkerFixtures>({
  kind: ['firefox', { scope: 'worker', option: true }],

  display: [
    async ({}, use) => {
      const screen = await Screen.start();
      await use(screen);
      await screen.end();
    },
    { scope: 'worker' }
  ],

  server: [
    async ({}, use) => {
      const listener = await writeListener();
      const server = await Server.start({
        args: [`--LabApp.extra_labextensions_path=${listener}`]
      });
      await use(server);
      await server.stop();
      await rm(listener, { recursive: true, force: true });
    },
    { scope: 'worker', timeout: 150_000 }
  ],

  downloads: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-downloads-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },

  program: async ({ kind, display, downloads }, use, info) => {
    const browser = await { firefox: Firefox, webkit: WebKit }[kind].start(
      display,
      downloads
    );
    const tabs: ITab[] = [];
    const open = browser.open.bind(browser);
    browser.open = async () => {
      tabs.push(await open());
      return tabs[tabs.length - 1];
    };
    await use(browser);
    if (info.status !== info.expectedStatus) {
      // A tab that is closed, or does not answer, has no picture.
      for (const tab of tabs) {
        const body = await tab.picture().catch(String);
        await info.attach('tab', { body, contentType: 'image/png' });
      }
    }
    await browser.end();
  },

  posthog: async ({}, use) => {
    const host = await PostHogHost.start();
    await use(host);
    await host.stop();
  },

  tidy: [
    async ({ server }, use, info) => {
      Server.test = info.titlePath.join(' › ');
      await server.configure({});
      await use();
      await server.endKernels();
    },
    { auto: true }
  ]
});
