import { existsSync } from 'node:fs';
import { aptInstall, attempt, nodeBin, Trouble, which } from './shell.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable'
];

/** A Chromium for the browser tests: the one on PATH, else one that is downloaded or installed now. */
export async function browser() {
  const found = which(...NAMES);
  if (found) {
    return found;
  }
  const { chromium } = await import('@playwright/test');
  if (!existsSync(chromium.executablePath())) {
    console.log('Downloading Chromium ...');
    attempt(nodeBin('playwright'), ['install', 'chromium'], {
      stdio: 'ignore'
    });
  }
  // A download runs only where the system has its libraries.
  const own = chromium.executablePath();
  if (
    existsSync(own) &&
    attempt(own, ['--version'], { stdio: 'ignore', shell: false }) === 0
  ) {
    return own;
  }
  if (aptInstall('chromium')) {
    return which(...NAMES);
  }
  throw new Trouble(
    'The browser tests need Chromium: install it so that chromium or google-chrome is on PATH.'
  );
}
