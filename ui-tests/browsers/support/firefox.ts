import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';
import {
  inTime,
  source,
  type IActions,
  type IBrowser,
  type ITab
} from './browser';
import type { Screen } from './screen';

/** Nothing that asks, updates or calls home. */
const PREFERENCES = {
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.tabs.warnOnClose': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'termsofuse.bypassNotification': true,
  'toolkit.telemetry.reportingpolicy.firstRun': false
};

type Answer = { id?: number; result?: unknown; message?: string };

/**
 * Firefox, by WebDriver BiDi, which it speaks itself: Playwright's and
 * geckodriver's pairs fit one version each, these few commands fit all.
 */
export class Firefox implements IBrowser {
  static async start(screen: Screen, downloads: string): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-firefox-'));
    const preferences = {
      ...PREFERENCES,
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.download.alwaysOpenPanel': false
    };
    const lines = Object.entries(preferences).map(
      ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`
    );
    await writeFile(join(profile, 'user.js'), lines.join('\n'));
    const program = spawn(
      'firefox-esr',
      ['--profile', profile, '--no-remote', '--remote-debugging-port=0'],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        // Beside a person's own: no folder of theirs is looked at.
        env: { ...process.env, DISPLAY: screen.display, HOME: profile }
      }
    );
    const told = new Promise<string>((resolve, reject) => {
      createInterface(program.stderr).on('line', line => {
        const address = /BiDi listening on (ws:\S+)/.exec(line)?.[1];
        if (address) {
          resolve(address);
        }
      });
      program.once('exit', () => reject(new Error('Firefox did not start.')));
    });
    const socket = new WebSocket(`${await inTime('Firefox', told)}/session`);
    await once(socket, 'open');
    const firefox = new Firefox(profile, program, socket);
    const { capabilities } = (await firefox.ask('session.new', {
      capabilities: {
        alwaysMatch: { unhandledPromptBehavior: { default: 'accept' } }
      }
    })) as { capabilities: { browserVersion: string } };
    firefox._version = capabilities.browserVersion;
    return firefox;
  }

  private constructor(
    private readonly _profile: string,
    private readonly _program: ChildProcess,
    private readonly _socket: WebSocket
  ) {
    _socket.on('message', (data: Buffer) => {
      const answer = JSON.parse(data.toString()) as Answer;
      this._asked.get(answer.id!)?.(answer);
      this._asked.delete(answer.id!);
    });
  }

  get name(): string {
    return `Firefox ${this._version}`;
  }

  async open(): Promise<ITab> {
    const { context } = (await this.ask('browsingContext.create', {
      type: 'tab'
    })) as { context: string };
    return new FirefoxTab(this, context);
  }

  async end(): Promise<void> {
    const gone = once(this._program, 'exit');
    // Firefox may close the connection instead of an answer.
    this.ask('browser.close', {}).catch(() => undefined);
    await inTime('the end of Firefox', gone).catch(async () => {
      this._program.kill('SIGKILL');
      await gone;
    });
    this._socket.terminate();
    await rm(this._profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @throws with the browser's words when it refuses */
  async ask(method: string, params: object): Promise<unknown> {
    const id = ++this._count;
    const answered = new Promise<Answer>(resolve =>
      this._asked.set(id, resolve)
    );
    this._socket.send(JSON.stringify({ id, method, params }));
    const { result, message } = await inTime(method, answered);
    if (result === undefined) {
      throw new Error(`${method}: ${message}`);
    }
    return result;
  }

  private _version = '';
  private _count = 0;
  private readonly _asked = new Map<number, (answer: Answer) => void>();
}

class FirefoxTab implements ITab {
  constructor(
    private readonly _firefox: Firefox,
    private readonly _context: string
  ) {}

  async goto(url: string): Promise<void> {
    await this._ask('browsingContext.navigate', { url, wait: 'none' });
  }

  async reload(): Promise<void> {
    await this._ask('browsingContext.reload', { wait: 'none' });
  }

  async back(): Promise<void> {
    await this._ask('browsingContext.traverseHistory', { delta: -1 });
  }

  async evaluate<A extends unknown[], R>(
    call: (...args: A) => R | Promise<R>,
    ...args: A
  ): Promise<R> {
    const { context } = this._target;
    const { result, exceptionDetails } = (await this._firefox.ask(
      'script.evaluate',
      {
        expression: source(call, args),
        target: { context },
        awaitPromise: true
      }
    )) as {
      result?: { value: string };
      exceptionDetails?: { text: string };
    };
    if (!result) {
      throw new Error(exceptionDetails?.text);
    }
    return JSON.parse(result.value) as R;
  }

  async perform(actions: ReadonlyArray<IActions>): Promise<void> {
    await this._ask('input.performActions', { actions });
  }

  async show(): Promise<void> {
    await this._ask('browsingContext.activate', {});
  }

  async close(): Promise<void> {
    await this._ask('browsingContext.close', {});
  }

  async picture(): Promise<Buffer> {
    const { data } = (await this._ask(
      'browsingContext.captureScreenshot',
      {}
    )) as { data: string };
    return Buffer.from(data, 'base64');
  }

  private _ask(method: string, params: object): Promise<unknown> {
    return this._firefox.ask(method, { ...this._target, ...params });
  }

  private get _target(): { context: string } {
    return { context: this._context };
  }
}
