import { defineConfig } from '@playwright/test';
import base from '../ui-tests/playwright.config';

export default defineConfig(base, {
  testDir: '.',
  testMatch: '*.bench.ts',
  outputDir: '../node_modules/.cache/ipynb-telemetry/benchmarks',
  // Two measures at once would measure each other.
  workers: 1,
  timeout: 1_800_000,
  reporter: './support/reporter.ts',
  use: { screenshot: 'off', trace: 'off' }
});
