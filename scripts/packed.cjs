// Ships a file gzipped, and Python without what is for readers. A webpack loader.
const { Buffer } = require('node:buffer');
const { gzipSync } = require('node:zlib');
const { shippedPython } = require('./shippedpython.cjs');

module.exports = function (source) {
  const isPython = this.resourcePath.endsWith('.py');
  const shipped = isPython ? Buffer.from(shippedPython(`${source}`)) : source;
  return gzipSync(shipped, { level: 9 });
};
module.exports.raw = true;
