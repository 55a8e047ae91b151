// Builds the class view's page of its own, out of lib/, into ipynb_telemetry/classpage. No JupyterLab
// is there that it could share packages with, so the page brings all of its own.
import { rspack } from '@rspack/core';
import { dirname } from 'node:path';

const ROOT = dirname(import.meta.dirname);
const isDevelopment = process.argv.includes('--development');

const compiler = rspack({
  context: ROOT,
  mode: isDevelopment ? 'development' : 'production',
  devtool: isDevelopment ? 'source-map' : false,
  entry: { page: './lib/classview/page/index.js' },
  output: {
    path: `${ROOT}/ipynb_telemetry/classpage`,
    // The page names the first file; all others have names that change with them.
    filename: '[name].js',
    chunkFilename: '[name].[contenthash].js',
    publicPath: 'auto',
    clean: true
  },
  module: {
    rules: [
      // In JupyterLab the server gives them.
      { resourceQuery: /words/, type: 'json' },
      {
        test: /\.raw\.css$/,
        type: 'asset/source',
        loader: 'builtin:lightningcss-loader',
        options: { minify: true }
      }
    ]
  },
  performance: { hints: false }
});

compiler.run((error, stats) => {
  if (error || stats.hasErrors()) {
    console.error(error ?? stats.toString({ all: false, errors: true }));
    process.exitCode = 1;
  } else {
    console.log(stats.toString({ all: false, assets: true }));
  }
  compiler.close(() => {});
});
