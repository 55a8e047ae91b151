import { defineConfig } from '@playwright/test';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// npm test says which browser to take; this is for running playwright by hand.
const onPath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap(folder =>
    ['chromium', 'google-chrome'].map(name => join(folder, name))
  )
  .find(path => existsSync(path));

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  forbidOnly: !!process.env.CI,
  // Every test talks to real servers and kernels: two at once is what two cores carry.
  workers: 2,
  retries: 0,
  // No test is about how long a page takes: a busy machine may take its time, and
  // two minutes may lie between two attempts to deliver.
  timeout: 480_000,
  expect: { timeout: 150_000 },
  reporter: 'list',
  use: {
    actionTimeout: 60_000,
    permissions: ['clipboard-read', 'clipboard-write'],
    screenshot: 'only-on-failure',
    // Recording is a quarter of the work; by hand: --trace retain-on-failure.
    trace: 'off',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.IPYNB_TELEMETRY_BROWSER ?? onPath,
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking']
    }
  }
});
