// posthog-js for Jest: shut in as it is shipped, and in Jest's kind of module.
const babel = require('@jupyterlab/testing/lib/babel-config').default;
const { createTransformer } = require('babel-jest').default;
const secluded = require('../../scripts/secluded.cjs');

const { process, getCacheKey } = createTransformer(babel);

module.exports = {
  getCacheKey: (source, ...rest) => getCacheKey(secluded(source), ...rest),
  process: (source, ...rest) => process(secluded(source), ...rest)
};
