import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import typescript from '@typescript-eslint/eslint-plugin';
import prettier from 'eslint-config-prettier';
import * as jsonc from 'jsonc-eslint-parser';

const everyJupyterRule = Object.fromEntries(
  Object.keys(jupyter.rules).map(name => [`jupyter/${name}`, 'error'])
);

export default [
  {
    ignores: [
      '.demo',
      '.venv*',
      'benchmarks/naive/labextension',
      'build',
      'coverage',
      'dist',
      'docs/_build',
      'ipynb_telemetry/classpage',
      'ipynb_telemetry/labextension',
      'lib',
      '**/test-results'
    ]
  },
  js.configs.recommended,
  // Terminal colours and control characters in names are a subject of ours.
  { rules: { 'no-control-regex': 'off' } },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        __dirname: 'readonly',
        AbortSignal: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        module: 'writable',
        process: 'readonly',
        require: 'readonly'
      }
    }
  },
  ...typescript.configs['flat/recommended-type-checked'].map(config => ({
    ...config,
    files: ['**/*.ts', '**/*.tsx']
  })),
  {
    files: ['**/*.ts', '**/*.tsx'],
    languageOptions: {
      parserOptions: {
        project: [
          'tsconfig.test.json',
          'ui-tests/tsconfig.json',
          'benchmarks/tsconfig.json'
        ],
        tsconfigRootDir: import.meta.dirname
      }
    },
    plugins: { jupyter },
    rules: {
      ...everyJupyterRule,
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'interface',
          format: ['PascalCase'],
          custom: { regex: '^I[A-Z]', match: true },
          // The browser's own, which tests add to.
          filter: { regex: '^Window$', match: false }
        }
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-namespace': 'off',
      // Signals take a method and its receiver apart.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'none', ignoreRestSiblings: true }
      ],
      curly: 'error',
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }],
      'prefer-arrow-callback': ['error', { allowNamedFunctions: true }]
    }
  },
  {
    // Mock plugins and commands: nobody disables or loads them in a JupyterLab.
    files: ['src/__tests__/**'],
    rules: {
      'jupyter/command-id-convention': 'off',
      'jupyter/plugin-id-convention': 'off',
      'jupyter/prefer-lazy-imports': 'off',
      // Matchers and mocks are typed any.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off'
    }
  },
  {
    // Playwright reads the fixtures a fixture needs off this pattern.
    files: ['ui-tests/**/support/fixtures.ts'],
    rules: { 'no-empty-pattern': 'off' }
  },
  {
    files: ['schema/*.json'],
    languageOptions: { parser: jsonc },
    plugins: { jupyter },
    rules: { 'jupyter/no-schema-enum': 'error' }
  },
  prettier
];
