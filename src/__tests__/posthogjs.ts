import posthog from 'posthog-js/dist/module.slim';

/** posthog-js as Jest reads it: nothing is packed, and nothing fetched. */
export const loadPostHog = (): Promise<typeof posthog> =>
  Promise.resolve(posthog);
