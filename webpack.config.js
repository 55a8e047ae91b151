// Merged into the configuration of @jupyter/builder. CONTRIBUTING.md, "The build", says what each
// rule buys.
module.exports = {
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
        // Of two rules for one file, the loader of the last rule runs first.
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
