import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { code } from '../support/cells';
import { PROJECT_KEY } from '../support/fault';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';
import { VENV } from '../support/server';

/** What the lists of ad blockers look for in addresses. */
const BLOCKED = /posthog|analytics|tracking/i;

test.describe.configure({ mode: 'parallel' });
test.afterEach(({ server }) => server.configure({}));

for (const { way, id, relay } of [
  { way: 'by the relay', id: 'relayed-routes', relay: true },
  { way: 'past it', id: 'direct-routes', relay: false }
]) {
  test(`no address at the Jupyter server gives an ad blocker reason to block what goes ${way}`, async ({
    page,
    posthog,
    server
  }) => {
    await server.configure({
      host: posthog.origin,
      projectKey: PROJECT_KEY,
      relay
    });
    const paths: string[] = [];
    const searches: string[] = [];
    const note = (address: string): void => {
      const { host, pathname, search } = new URL(address);
      if (host === new URL(server.origin).host) {
        paths.push(decodeURIComponent(pathname));
        searches.push(decodeURIComponent(search));
      }
    };
    page.on('request', request => note(request.url()));
    page.on('websocket', socket => note(socket.url()));
    const lesson = await Lesson.begin(page, server, id, [code('6 * 7')]);
    await lesson.runToEnd(0);
    await lesson.statusItem.click();
    const panel = page.getByRole('region', { name: 'Recorded activity' });
    await expect(panel).toContainText(/Everything (was delivered|is kept on)/);
    await lesson.telemetryMenu('Student Telemetry in This Notebook');
    await expect(lesson.statusItem).toBeHidden();
    await expect.poll(() => posthog.events.at(-1)?.event).toBe('session_ended');

    const said = [...paths, ...searches];
    expect(said.filter(text => BLOCKED.test(text))).toEqual([]);
    // Nor does one name the host, whose name here no list has.
    expect(said.filter(text => text.includes(posthog.origin))).toEqual([]);
    // They were noted, the sending and the loading, those of kernels with them.
    expect(paths.includes('/ipynb-telemetry/relay/batch/')).toBe(relay);
    for (const part of [/ipynb-telemetry\/static\/.*\.bin$/, /\/channels$/]) {
      expect(paths.filter(path => part.test(path))).not.toEqual([]);
    }
  });
}

test('no file of the extension has a name that ad blockers look for', async () => {
  const folder = join(VENV, 'share/jupyter/labextensions/ipynb-telemetry');
  const files = await readdir(folder, { recursive: true });
  expect(files.filter(file => /\.(js|bin)$/.test(file))).not.toEqual([]);
  expect(files.filter(file => BLOCKED.test(file))).toEqual([]);
});
