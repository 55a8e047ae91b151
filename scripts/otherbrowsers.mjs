import { existsSync } from 'node:fs';
import { aptInstall, Trouble, which } from './shell.mjs';

/** What the stories in other browsers start, and the Debian packages that have it. */
const PACKAGES = {
  'firefox-esr': 'firefox-esr',
  WebKitWebDriver: 'webkit2gtk-driver',
  Xvfb: 'xvfb',
  openbox: 'openbox',
  xclip: 'xclip',
  xdotool: 'xdotool'
};

/**
 * Firefox ESR and WebKitGTK, with a screen in memory and the tools of a person at
 * it: what is missing is installed now.
 *
 * @returns whether this is a system that has them: elsewhere there is no such pair
 */
export function otherBrowsers() {
  if (!existsSync('/etc/debian_version')) {
    console.log(
      'Firefox ESR and WebKitGTK are tested on Debian and Ubuntu only: skipped here.'
    );
    return false;
  }
  const missing = () => Object.keys(PACKAGES).filter(name => !which(name));
  for (const name of missing()) {
    aptInstall(PACKAGES[name]);
  }
  const lacking = missing().map(name => PACKAGES[name]);
  if (lacking.length) {
    throw new Trouble(
      `The tests in other browsers need more programs: apt-get install ${lacking.join(' ')}`
    );
  }
  return true;
}
