import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { freePort } from '../../support/port';
import {
  COMMAND_MS,
  source,
  type IActions,
  type IBrowser,
  type ITab
} from './browser';
import type { Screen } from './screen';

/** No script of a story takes longer, in milliseconds. */
const SCRIPT_MS = 5_000;

/** Where Debian has WebKitGTK's own small browser. */
function miniBrowser(): string {
  const library = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const folder = readdirSync(library).find(name =>
    name.startsWith('webkit2gtk-')
  );
  return `${library}/${folder}/MiniBrowser`;
}

/** WebKitGTK, by plain WebDriver. */
export class WebKit implements IBrowser {
  static async start(screen: Screen, downloads: string): Promise<WebKit> {
    const port = await freePort();
    const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
      stdio: 'ignore',
      // A group of its own, so that the browser's processes end with it.
      detached: true,
      env: {
        ...process.env,
        DISPLAY: screen.display,
        // Where it puts files, which it reads there.
        XDG_CONFIG_HOME: downloads,
        HOME: downloads,
        // Its sandbox needs rights that a container does not have.
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1'
      }
    });
    const webkit = new WebKit(driver, `http://127.0.0.1:${port}/session`);
    await webkit._begin();
    return webkit;
  }

  private constructor(
    private readonly _driver: ChildProcess,
    private _address: string
  ) {}

  get name(): string {
    return `WebKitGTK ${this._version}`;
  }

  async open(): Promise<ITab> {
    const handle = (await this._inTurn(async () => {
      if (this._tabs.size === 0) {
        return this.ask('GET', 'window');
      }
      await this._goTo([...this._tabs][0]);
      // In a window of its own: a new tab of this browser lies behind the others.
      const made = await this.ask('POST', 'window/new', { type: 'window' });
      return (made as { handle: string }).handle;
    })) as string;
    this._tabs.add(handle);
    return new WebKitTab(this, handle);
  }

  async end(): Promise<void> {
    const gone = once(this._driver, 'exit');
    await this.ask('DELETE', '').catch(() => undefined);
    process.kill(-this._driver.pid!, 'SIGKILL');
    await gone;
  }

  /** @throws with the driver's words when it refuses */
  async ask(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this._address}${path && `/${path}`}`, {
      method,
      body: method === 'POST' ? JSON.stringify(body ?? {}) : undefined,
      signal: AbortSignal.timeout(COMMAND_MS)
    });
    const { value } = (await answer.json()) as { value: unknown };
    if (!answer.ok) {
      const { error, message } = value as { error: string; message: string };
      throw new Error(`${path}: ${error}: ${message}`);
    }
    return value;
  }

  /** A command of a tab: of the tabs one is the driver's at a time. */
  askOf(
    tab: string,
    method: string,
    path: string,
    body?: object
  ): Promise<unknown> {
    return this._inTurn(async () => {
      await this._goTo(tab);
      return this.ask(method, path, body);
    });
  }

  async close(tab: string): Promise<void> {
    await this.askOf(tab, 'DELETE', 'window');
    this._tabs.delete(tab);
    this._current = null;
  }

  private async _goTo(tab: string): Promise<void> {
    if (this._current !== tab) {
      await this.ask('POST', 'window', { handle: tab });
      this._current = tab;
    }
  }

  private _inTurn<T>(commands: () => Promise<T>): Promise<T> {
    const turn = this._turn.then(commands);
    this._turn = turn.catch(() => undefined);
    return turn;
  }

  private async _begin(): Promise<void> {
    const capabilities = {
      pageLoadStrategy: 'none',
      // A script that is under way when its page is left is never answered.
      timeouts: { script: SCRIPT_MS },
      unhandledPromptBehavior: 'accept',
      'webkitgtk:browserOptions': {
        binary: miniBrowser(),
        args: ['--automation']
      }
    };
    const deadline = Date.now() + COMMAND_MS;
    for (;;) {
      try {
        const session = (await this.ask('POST', '', {
          capabilities: { alwaysMatch: capabilities }
        })) as { sessionId: string; capabilities: { browserVersion: string } };
        this._address += `/${session.sessionId}`;
        this._version = session.capabilities.browserVersion;
        return;
      } catch (error) {
        // The driver begins to listen a moment after it has started.
        if (!(error instanceof TypeError) || Date.now() > deadline) {
          throw error;
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  }

  private _version = '';
  /** Those that are open. */
  private readonly _tabs = new Set<string>();
  private _current: string | null = null;
  private _turn: Promise<unknown> = Promise.resolve();
}

class WebKitTab implements ITab {
  constructor(
    private readonly _webkit: WebKit,
    private readonly _handle: string
  ) {}

  async goto(url: string): Promise<void> {
    await this._ask('POST', 'url', { url });
  }

  async reload(): Promise<void> {
    await this._ask('POST', 'refresh');
  }

  async back(): Promise<void> {
    await this._ask('POST', 'back');
  }

  async evaluate<A extends unknown[], R>(
    call: (...args: A) => R | Promise<R>,
    ...args: A
  ): Promise<R> {
    const script = `const done = arguments[0];
      ${source(call, args)}.then(json => done({ json }), error => done({ error: String(error) }))`;
    const { json, error } = (await this._ask('POST', 'execute/async', {
      script,
      args: []
    })) as { json?: string; error?: string };
    if (json === undefined) {
      throw new Error(error);
    }
    return JSON.parse(json) as R;
  }

  async perform(actions: ReadonlyArray<IActions>): Promise<void> {
    await this._ask('POST', 'actions', { actions });
  }

  async show(): Promise<void> {
    await this._ask('GET', 'title');
  }

  async close(): Promise<void> {
    await this._webkit.close(this._handle);
  }

  async picture(): Promise<Buffer> {
    const png = (await this._ask('GET', 'screenshot')) as string;
    return Buffer.from(png, 'base64');
  }

  private _ask(method: string, path: string, body?: object): Promise<unknown> {
    return this._webkit.askOf(this._handle, method, path, body);
  }
}
