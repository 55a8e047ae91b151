// Ships a file gzipped, and Python without what is for readers. A webpack loader.
const { gzipSync } = require('node:zlib');
const { shippedPython } = require('./shippedpython.cjs');

module.exports = function (source) {
  const isPython = this.resourcePath.endsWith('.py');
  return gzipSync(isPython ? shippedPython(source.toString()) : source, {
    level: 9
  });
};
module.exports.raw = true;
