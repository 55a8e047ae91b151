// Ships a file gzipped. A webpack loader.
const { gzipSync } = require('node:zlib');

module.exports = source => gzipSync(source, { level: 9 });
module.exports.raw = true;
