// Ships each chunk gzipped too, and has the page load the gzipped file. A webpack plugin.
const { gzipSync } = require('node:zlib');
const {
  Compilation,
  RuntimeGlobals,
  RuntimeModule,
  sources
} = require('@rspack/core');

/** The end of a chunk's address. What is in the query changes with the chunk. */
const SUFFIX = /\.js(?=\?v=\w+$)/;

/**
 * Has the script loader take the unpacked chunk from a blob. Where that fails, the loader takes the plain
 * chunk: an old browser unpacks nothing, and a page's security policy may forbid scripts from a blob.
 */
class UnpackChunks extends RuntimeModule {
  constructor() {
    super('unpack chunks', RuntimeModule.STAGE_ATTACH);
  }

  generate() {
    return `
const load = ${RuntimeGlobals.loadScript};
${RuntimeGlobals.loadScript} = async (url, done, key, chunk) => {
  const plain = () => load(url, done, key, chunk);
  let blob;
  try {
    const answer = await fetch(url.replace(${SUFFIX}, '.bin'), {
      signal: AbortSignal.timeout(120_000)
    });
    if (!answer.ok) {
      throw answer;
    }
    const script = await new Response(
      answer.body.pipeThrough(new DecompressionStream('gzip'))
    ).blob();
    // Debuggers, traces and profiles name the chunk, not the blob.
    blob = URL.createObjectURL(
      new Blob([script, '\\n//# sourceURL=' + url], {
        type: 'text/javascript;charset=utf-8'
      })
    );
  } catch {
    return plain();
  }
  load(
    blob,
    event => {
      URL.revokeObjectURL(blob);
      event.type === 'load' ? done(event) : plain();
    },
    key,
    chunk
  );
};`;
  }
}

/** The plugin. */
class PackedChunks {
  apply(compiler) {
    // A development build says at its end where its source map is, which a blob could not find.
    if (compiler.options.mode !== 'production') {
      return;
    }
    compiler.hooks.thisCompilation.tap('PackedChunks', compilation => {
      compilation.hooks.runtimeRequirementInTree
        .for(RuntimeGlobals.loadScript)
        .tap('PackedChunks', chunk => {
          compilation.addRuntimeModule(chunk, new UnpackChunks());
        });
      const stage = Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_TRANSFER;
      const name = 'PackedChunks';
      compilation.hooks.processAssets.tap({ name, stage }, assets => {
        for (const [file, source] of Object.entries(assets)) {
          if (SUFFIX.test(file)) {
            const packed = gzipSync(source.buffer(), { level: 9 });
            compilation.emitAsset(
              file.replace(SUFFIX, '.bin'),
              new sources.RawSource(packed)
            );
          }
        }
      });
    });
  }
}

module.exports = { PackedChunks };
