const babel = require('@jupyterlab/testing/lib/babel-config').default;
const jupyterlab = require('@jupyterlab/testing/lib/jest-config');

const base = jupyterlab(__dirname);

// Packages that ship as ES modules only, which Jest cannot read as they are.
const ES_MODULES = [
  '@codemirror/',
  '@jupyter/',
  '@jupyterlab/',
  '@microsoft/',
  '@noble/',
  '@tanstack/',
  'exenv-es6',
  'lib0',
  'nanoid',
  'posthog-js/dist/module.slim',
  'vscode-ws-jsonrpc',
  'y-protocols',
  'y-websocket',
  'yjs'
].join('|');

module.exports = {
  ...base,
  moduleNameMapper: {
    // No test looks at styles.
    '\\.raw\\.css$': '<rootDir>/src/__tests__/css.ts',
    ...base.moduleNameMapper,
    // What runs in Node too names its imports with their suffix.
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '(.*\\.json)\\?words$': '$1',
    '/kernelcode$': '<rootDir>/src/__tests__/kernelcode.ts'
  },
  modulePathIgnorePatterns: [
    '<rootDir>/ipynb_telemetry/',
    '<rootDir>/lib/',
    '<rootDir>/\\.'
  ],
  reporters: ['default'],
  roots: ['<rootDir>/src'],
  // It takes in those of the preset, which need a page: some tests have none.
  setupFiles: ['<rootDir>/src/__tests__/setup.ts'],
  testRegex: '/src/__tests__/.*\\.spec\\.tsx?$',
  transform: {
    // Shut in, as it is shipped.
    'posthog-js.dist.module\\.slim\\.js$':
      '<rootDir>/src/__tests__/secluded.cjs',
    '\\.svg$': '@jupyterlab/testing/lib/jest-raw-loader.js',
    '^.+\\.jsx?$': ['babel-jest', babel],
    // Types are checked once, by tsc.
    '^.+\\.tsx?$': [
      'ts-jest',
      {
        tsconfig: {
          esModuleInterop: true,
          isolatedModules: true,
          jsx: 'react',
          module: 'commonjs',
          target: 'ES2021'
        }
      }
    ]
  },
  transformIgnorePatterns: [`/node_modules/(?!${ES_MODULES}).+`]
};
