import { defineConfig } from '@playwright/test';
import base from '../playwright.config';
import type { IBrowserOptions } from './support/fixtures';

// Playwright runs the stories; the browsers are driven by what they speak themselves.
export default defineConfig<object, IBrowserOptions>({
  testDir: '.',
  outputDir: 'test-results',
  forbidOnly: base.forbidOnly,
  // One browser at a time has the focus, and they share the machine's cores.
  workers: 1,
  retries: 0,
  timeout: base.timeout,
  expect: base.expect,
  reporter: 'list',
  projects: [
    { name: 'firefox', use: { kind: 'firefox' } },
    { name: 'webkit', use: { kind: 'webkit' } }
  ]
});
