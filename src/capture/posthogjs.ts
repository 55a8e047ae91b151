import type posthog from 'posthog-js/dist/module.slim';

/** Load posthog-js: a chunk of its own, and the largest part of all that a page loads for us. */
export async function loadPostHog(): Promise<typeof posthog> {
  return (await import('posthog-js/dist/module.slim')).default;
}
