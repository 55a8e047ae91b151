import { deliverTo } from './fault';
import { test as base } from './fixtures';

export { expect } from './fixtures';

/** Tests whose events go to a PostHog host, at which something goes wrong or on the way to it. */
export const test = base.extend<{ delivering: void }>({
  delivering: [
    async ({ posthog, server }, use) => {
      await deliverTo(posthog, server);
      await use();
      await server.configure({});
    },
    { auto: true }
  ]
});
