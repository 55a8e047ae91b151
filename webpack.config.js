const { Compilation, sources } = require('@rspack/core');
const { PackedChunks } = require('./scripts/packedchunks.cjs');

/** What each entry of a shared package says although that is the default, as it is minified. */
const DEFAULTS =
  /,(import:null|strictVersion:!1|eager:!1|fallback:void 0|treeShakingMode:null)(?=[,}])/g;

/** Leaves out of `remoteEntry` what goes without saying: 75 bytes for each shared package. */
class Unsaid {
  apply(compiler) {
    compiler.hooks.thisCompilation.tap('Unsaid', compilation => {
      const stage = Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE_SIZE + 1;
      compilation.hooks.processAssets.tap({ name: 'Unsaid', stage }, assets => {
        for (const name of Object.keys(assets)) {
          if (/^remoteEntry\..*\.js/.test(name)) {
            const text = assets[name].source().toString();
            compilation.updateAsset(
              name,
              new sources.RawSource(text.replace(DEFAULTS, ''))
            );
          }
        }
      });
    });
  }
}

// Merged into the configuration of @jupyter/builder. CONTRIBUTING.md, "The build", says what each
// rule buys.
module.exports = {
  // Each name stands in what every page loads, and with the hash before the suffix too, twice.
  output: { chunkFilename: '[name].js?v=[contenthash:8]' },
  plugins: [new Unsaid(), new PackedChunks()],
  module: {
    rules: [
      {
        resourceQuery: /packed/,
        type: 'asset/resource',
        // Not .gz: some servers announce such a file as a script that was compressed on its way.
        generator: { filename: '[name].[contenthash].bin' },
        use: require.resolve('./scripts/packed.cjs')
      },
      {
        test: /[\\/]posthog-js[\\/]dist[\\/]module\.slim\.js$/,
        use: require.resolve('./scripts/secluded.cjs')
      },
      {
        // The builder gives the text of such a file, as it is.
        test: /\.raw\.css$/,
        loader: 'builtin:lightningcss-loader',
        options: { minify: true }
      }
    ]
  }
};
