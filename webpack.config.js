const { SwcJsMinimizerRspackPlugin } = require('@rspack/core');

const minimize = (where, compress, mangle) =>
  new SwcJsMinimizerRspackPlugin({
    ...where,
    minimizerOptions: {
      ecma: 2021,
      compress: { ecma: 2021, passes: 4, ...compress },
      ...mangle,
      format: { comments: false }
    }
  });
const ENTRY = /^remoteEntry\./;
/** posthog-js where it cannot come packed: minified already, its names are its own. */
const UNPACKED = /^unpacked\./;
// Private methods, known to their file only. (Fields keep their names: nothing declares them.) Of
// zod's, one is also spoken of in texts and two are shared with other extensions' zod; the last is
// JupyterLab's: ngettext with a context.
const PRIVATE = {
  regex: '^_[a-z]{2}',
  reserved: ['_zod', '_map', '_idmap', '_np']
};

// Merged into the configuration of @jupyter/builder.
module.exports = {
  // What JupyterLab 4 itself asks of a browser.
  target: ['web', 'es2021'],
  output: {
    // A page lists the names of all chunks; that there is a v lets Jupyter's server have them cached.
    filename: '[name].[contenthash:8].js?v=1'
  },
  optimization: {
    // Every page loads the entry, which is all but the bundler's own code: there, and only there,
    // nothing is meant to be called with new.
    minimizer: [
      minimize({ include: ENTRY }, { unsafe_arrows: true }),
      minimize({ include: UNPACKED }),
      minimize(
        { exclude: [ENTRY, UNPACKED] },
        {},
        { mangle: { props: PRIVATE } }
      )
    ]
  },
  module: {
    rules: [
      {
        resourceQuery: /packed/,
        type: 'asset/resource',
        // Not .gz: there are servers that would say it is a script, compressed on its way.
        generator: { filename: '[name].[contenthash:16].bin' },
        use: require.resolve('./scripts/packed.cjs')
      },
      {
        // The last rule's loader comes first.
        test: /[\\/]posthog-js[\\/]dist[\\/]module\.slim\.js$/,
        use: require.resolve('./scripts/secluded.cjs')
      },
      {
        // It is shipped within a script.
        test: /[\\/]style[\\/]base\.css$/,
        use: {
          loader: 'builtin:lightningcss-loader',
          options: { minify: true }
        }
      }
    ]
  }
};
