import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, chromium, type BrowserContext } from '@playwright/test';
import { Captured } from './captured';
import { ClassCollector } from './classcollector';
import { Hub, type IHubOptions } from './hub';
import { LiteServer } from './litesite';
import { PostHogHost } from './posthoghost';
import { Server, type IServerOptions } from './server';

export interface ITestFixtures {
  /** Starts a server for this test alone, with the options given. */
  startServer: (options?: IServerOptions) => Promise<Server>;
  /** A PostHog for this test alone. */
  posthog: PostHogHost;
  /** Starts a class collector for this test alone, with more arguments of `collect`. */
  startCollector: (...args: string[]) => Promise<ClassCollector>;
  /** Starts a JupyterHub for this test alone. */
  startHub: (options: IHubOptions) => Promise<Hub>;
  /** A web server with JupyterLite sites, none so far, for this test alone. */
  lite: LiteServer;
  /** What the pages of this test captured. */
  captured: Captured;
  /** Starts a browser; each has the profile of the one before. */
  startBrowser: () => Promise<BrowserContext>;
  /** Who writes a server's notebooks. */
  writer: void;
  /** No test leaves its kernels to the next one. */
  kernels: void;
  /** What the servers printed goes into the report of a test that failed. */
  serverLogs: void;
}

export interface IWorkerFixtures {
  /** How `server` starts; `test.use({ serverOptions: … })` at the top of a file. */
  serverOptions: IServerOptions;
  /** One server for all tests of a worker with the same options. */
  server: Server;
}

export { expect } from '@playwright/test';

export const test = base.extend<ITestFixtures, IWorkerFixtures>({
  serverOptions: [{}, { scope: 'worker', option: true }],

  server: [
    async ({ serverOptions }, use) => {
      const server = await Server.start(serverOptions);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 150_000 }
  ],

  startServer: async ({}, use) => {
    const servers: Server[] = [];
    await use(async options => {
      const server = await Server.start(options);
      servers.push(server);
      return server;
    });
    await Promise.all(servers.map(server => server.stop()));
  },

  writer: [
    async ({}, use, info) => {
      Server.test = info.titlePath.join(' › ');
      await use();
    },
    { auto: true }
  ],

  // Before all others, so that it ends when their pages are closed.
  kernels: [
    async ({}, use) => {
      await use();
      await Promise.all([...Server.running].map(server => server.endKernels()));
    },
    { auto: true }
  ],

  // After startServer, so that its servers still run when this ends.
  serverLogs: [
    async ({ startServer: _ }, use, info) => {
      await use();
      if (info.status === info.expectedStatus) {
        return;
      }
      for (const server of Server.running) {
        const body = await server.log();
        await info.attach('jupyter.log', { body, contentType: 'text/plain' });
      }
    },
    { auto: true }
  ],

  captured: async ({ context }, use) => {
    const captured = new Captured();
    await captured.follow(context);
    await use(captured);
  },

  startBrowser: async ({ launchOptions, viewport }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-profile-'));
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await chromium.launchPersistentContext(profile, {
        ...launchOptions,
        viewport
      });
      contexts.push(context);
      return context;
    });
    await Promise.all(contexts.map(context => context.close()));
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  },

  startHub: async ({}, use, info) => {
    const hubs: Hub[] = [];
    await use(async options => {
      const hub = await Hub.start(options);
      hubs.push(hub);
      return hub;
    });
    for (const hub of hubs) {
      if (info.status !== info.expectedStatus) {
        const body = await hub.log();
        await info.attach('hub.log', { body, contentType: 'text/plain' });
      }
      await hub.stop();
    }
  },

  startCollector: async ({}, use) => {
    const collectors: ClassCollector[] = [];
    await use(async (...args) => {
      const collector = await ClassCollector.start(...args);
      collectors.push(collector);
      return collector;
    });
    await Promise.all(collectors.map(collector => collector.stop()));
  },

  lite: async ({}, use) => {
    const server = await LiteServer.start();
    await use(server);
    await server.stop();
  },

  posthog: async ({}, use) => {
    const host = await PostHogHost.start();
    await use(host);
    await host.stop();
  }
});
