import { readFileSync } from 'node:fs';
import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import typescript from '@typescript-eslint/eslint-plugin';
import prettier from 'eslint-config-prettier';
import * as jsonc from 'jsonc-eslint-parser';

// Each layer and what it may import of the others. Anyone may import tokens.
const LAYERS = {
  plugins: [],
  runtime: [
    'ui',
    'notebook',
    'capture',
    'delivery',
    'identity',
    'trackers',
    'events'
  ],
  ui: ['events'],
  notebook: ['trackers', 'events'],
  capture: ['delivery', 'events'],
  delivery: ['events'],
  identity: ['events'],
  trackers: ['events'],
  events: []
};
const ONE_WAY =
  'Imports point one way: plugins, runtime, notebook and its like, trackers, events.';
// The plugins are the small chunk that every notebook loads.
const LAZY = {
  regex: '^\\.\\./(?!(commands|icon|tokens|notebook/(flag|kernel/setupcall))$)',
  allowTypeImports: true,
  message:
    'Only a flagged notebook loads this: import() it, or import its types.'
};
const ZOD = {
  regex: '^zod',
  message: 'Only src/events and src/runtime/settings.ts know zod.'
};
const POSTHOG = {
  regex: '^posthog-js',
  message: 'Only src/capture/posthog.ts and posthogjs.ts know posthog-js.'
};
const JUPYTERLAB = {
  regex: '^@jupyterlab/',
  message: 'This runs outside JupyterLab too.'
};
const trackers = readFileSync(
  new URL('src/trackers/index.ts', import.meta.url),
  'utf8'
);
const TRACKERS = [
  ...trackers.matchAll(/^import \{.*\} from '\.\/(?:\w+\/)*(\w+)'/gm)
];
const OTHER_TRACKER = {
  regex: `^\\.{1,2}/(?!events/)(?:\\w+/)*(${TRACKERS.map(([, name]) => name).join('|')})$`,
  message: 'Trackers do not know one another.'
};

/** What files may import: other layers as said above, and packages only where they belong. */
function imports(files, layer, patterns, other = { message: ONE_WAY }) {
  const forbidden = Object.keys(LAYERS).filter(
    name => name !== layer && !LAYERS[layer].includes(name)
  );
  const others = {
    regex: `^\\.\\.?/(\\.\\./)*(${forbidden.join('|')})(/|$)`,
    ...other
  };
  return {
    files: [files],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [...patterns, others] }
      ]
    }
  };
}

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
    files: ['ui-tests/support/fixtures.ts'],
    rules: { 'no-empty-pattern': 'off' }
  },
  {
    files: ['schema/*.json'],
    languageOptions: { parser: jsonc },
    plugins: { jupyter },
    rules: { 'jupyter/no-schema-enum': 'error' }
  },

  imports('src/index.ts', 'plugins', [POSTHOG, ZOD], {
    ...LAZY,
    regex: '^\\./(?!(plugins/|tokens$))'
  }),
  imports('src/plugins/*', 'plugins', [POSTHOG, ZOD], LAZY),
  imports('src/runtime/*', 'runtime', [POSTHOG, ZOD]),
  imports('src/runtime/settings.ts', 'runtime', [POSTHOG]),
  imports('src/ui/*', 'ui', [POSTHOG, ZOD], {
    allowTypeImports: true,
    message: ONE_WAY
  }),
  imports('src/notebook/**', 'notebook', [POSTHOG, ZOD]),
  imports('src/identity/*', 'identity', [POSTHOG, ZOD]),
  imports('src/capture/*', 'capture', [POSTHOG, ZOD, JUPYTERLAB]),
  imports('src/capture/posthog{,js}.ts', 'capture', [ZOD, JUPYTERLAB]),
  imports('src/delivery/**', 'delivery', [POSTHOG, ZOD, JUPYTERLAB]),
  imports('src/trackers/**', 'trackers', [POSTHOG, ZOD, OTHER_TRACKER]),
  imports('src/trackers/index.ts', 'trackers', [POSTHOG, ZOD]),
  imports('src/events/*', 'events', [
    POSTHOG,
    { ...JUPYTERLAB, allowTypeImports: true }
  ]),
  {
    files: ['src/tokens.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^\\.',
              allowTypeImports: true,
              message: 'Of our own code, tokens import types only.'
            }
          ]
        }
      ]
    }
  },
  prettier
];
