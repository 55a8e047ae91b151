// Shuts posthog-js in. A webpack loader. posthog-js looks for the browser, the page's address, the time
// zone and every way to send something, and finds none of them. Our allowlist leaves what posthog-js
// would say of them out of each event, and to find it out takes most of the time of a capture.
const WORLD = [
  `const navigator = { userAgent: '-' };`,
  `const globalThis = { navigator };`,
  `const Intl = { DateTimeFormat: () => ({ resolvedOptions: () => ({}) }) };`
].join('');

module.exports = source => `${WORLD}${source}`;
