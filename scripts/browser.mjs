import { existsSync } from 'node:fs';
import { aptInstall, attempt, nodeBin, Trouble, which } from './shell.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable'
];

/** Whether a Chromium starts: on Ubuntu chromium is a stub that asks for a snap, and a download may lack libraries. */
function starts(program) {
  const quiet = { stdio: 'ignore', shell: false };
  return attempt(program, ['--version'], quiet) === 0;
}

function onPath() {
  return NAMES.map(name => which(name)).find(path => path && starts(path));
}

/** A Chromium for the browser tests: the one on PATH, else one that is downloaded or installed now. */
export async function browser() {
  const found = onPath();
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
  const own = chromium.executablePath();
  if (existsSync(own) && starts(own)) {
    return own;
  }
  const installed = aptInstall('chromium') && onPath();
  if (installed) {
    return installed;
  }
  throw new Trouble(
    'The browser tests need Chromium: install it so that chromium or google-chrome is on PATH.'
  );
}
