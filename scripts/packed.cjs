// Ships a file gzipped. A webpack loader.
const { Buffer } = require('node:buffer');
const { gzipAsync } = require('@gfx/zopfli');

module.exports = async function (source) {
  // It takes seconds where zlib takes none, for files that are 4 % smaller.
  return Buffer.from(await gzipAsync(source, { numiterations: 15 }));
};
module.exports.raw = true;
