// Shuts posthog-js in. A webpack loader. posthog-js looks for the browser, the page's address, the time
// zone and every way to send something, and finds none of them. Our allowlist leaves what posthog-js
// would say of them out of each event, and to find it out takes most of the time of a capture. The user
// agent is none there is: the first pattern in each of posthog-js' lists fits it, and the dozens behind
// them, which each capture would try in vain, are left alone.
const { experiments } = require('@rspack/core');

const WORLD = [
  `const navigator = { userAgent: 'Xbox; Xbox Instagram) OPR/' };`,
  `const globalThis = { navigator };`,
  `const Intl = { DateTimeFormat: () => ({ resolvedOptions: () => ({}) }) };`
].join('');

/** The export of posthog-js that a page needs: the minifier leaves out what only the other exports are for. */
const EXPORTS = /export\{[^}]*?(\w+) as default[^}]*\}/;

module.exports = source => {
  if (!EXPORTS.test(source)) {
    throw new Error('posthog-js exports in another way than it did.');
  }
  const needed = source.replace(EXPORTS, 'export{$1 as default}');
  return experiments.swc.minifySync(WORLD + needed, {
    module: true,
    compress: { toplevel: true, passes: 3 },
    mangle: { toplevel: true }
  }).code;
};
