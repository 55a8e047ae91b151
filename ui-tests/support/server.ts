import type { ChildProcess } from 'node:child_process';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { INotebook } from './cells';
import {
  storedEvents,
  type IEventFilter,
  type IStoredEvent
} from './collector';
import { freePort } from './port';

/** The Python environment under test. */
export const VENV =
  process.env.IPYNB_TELEMETRY_VENV ?? resolve(__dirname, '..', '..', '.venv');
/** Jupytext is where `npm test` puts it, beside the environment. */
const JUPYTEXT_ENV = {
  PYTHONPATH: join(VENV, 'jupytext'),
  JUPYTER_PATH: join(VENV, 'jupytext', 'share', 'jupyter'),
  JUPYTER_CONFIG_PATH: join(VENV, 'jupytext', 'etc', 'jupyter')
};
const TOKEN = 'ui-tests-token';
const START_MS = 120_000;
const STOP_MS = 15_000;

/** How a server starts. */
export interface IServerOptions {
  /** JupyterLab or Notebook 7; default JupyterLab. */
  app?: 'lab' | 'notebook';
  /** Where it lies behind a hub, with both slashes (`/user/ann/`); default `/`. */
  baseUrl?: string;
  /** Port to listen on, for two servers that share an origin in turn; default a free one. */
  port?: number;
  /** Our settings, as an administrator gives them in `overrides.json`. */
  settings?: Record<string, unknown>;
  /** Settings of other plugins, by plugin id. */
  overrides?: Record<string, Record<string, unknown>>;
  /** Notebooks and text files there from the start, by path. */
  files?: Record<string, INotebook | string>;
  /** More command line arguments. */
  args?: string[];
  /** More variables of the environment of server and kernels. */
  env?: Record<string, string>;
  /** Whether Jupytext is there, with its server extension and its own of JupyterLab. */
  jupytext?: boolean;
}

/** A real Jupyter server with the extension, alone in a directory of its own. */
export class Server {
  /** The servers that run now. */
  static readonly running = new Set<Server>();

  /** The test that runs now. Two tests with one notebook would count each other's events. */
  static test = '';

  /** Starts a server and waits until it answers. */
  static async start(options: IServerOptions = {}): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-'));
    const port = options.port ?? (await freePort());
    const server = new Server(folder, port, options);
    try {
      await server._prepare();
      server._spawn();
      await server._answers();
      Server.running.add(server);
    } catch (error) {
      const log = await server.log();
      await server.stop();
      throw new Error(`${String(error)}\n${log}`);
    }
    return server;
  }

  private constructor(
    private readonly _folder: string,
    readonly port: number,
    private readonly _options: IServerOptions
  ) {
    this.app = _options.app ?? 'lab';
    this.origin = `http://127.0.0.1:${port}`;
    this.baseUrl = `${this.origin}${_options.baseUrl ?? '/'}`;
    this.root = join(_folder, 'root');
  }

  readonly app: 'lab' | 'notebook';
  readonly token = TOKEN;
  /** Scheme, host and port. */
  readonly origin: string;
  /** Where the server lies, with a slash at the end. */
  readonly baseUrl: string;
  /** The directory whose notebooks are served. */
  readonly root: string;

  /** The address of a file in the user interface, with the token. */
  notebookUrl(path: string): string {
    return this.app === 'lab'
      ? `${this.baseUrl}lab/tree/${path}?reset&token=${TOKEN}`
      : `${this.baseUrl}notebooks/${path}?token=${TOKEN}`;
  }

  /** Request of the server's API with the token. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `token ${TOKEN}`);
    return fetch(new URL(path, this.baseUrl), { ...init, headers });
  }

  /** Write a notebook or a text file into the served directory. */
  async write(path: string, content: INotebook | string): Promise<void> {
    const file = join(this.root, path);
    // A notebook's id is its file's name, in whatever folder it lies.
    const name = path.endsWith('.ipynb') ? basename(path) : path;
    const writer = this._writers.get(name) ?? Server.test;
    if (writer !== Server.test) {
      throw new Error(`${path} is of another test: ${writer}`);
    }
    this._writers.set(name, writer);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      typeof content === 'string' ? content : JSON.stringify(content, null, 1)
    );
  }

  /** What the embedded collector has stored, oldest first. */
  events(filter: IEventFilter = {}): Promise<IStoredEvent[]> {
    return storedEvents(path => this.fetch(path), filter);
  }

  /** Give our settings as a user's, for the pages that are opened from now on. */
  async configure(settings: Record<string, unknown>): Promise<void> {
    const answer = await this.fetch('lab/api/settings/ipynb-telemetry:plugin', {
      method: 'PUT',
      body: JSON.stringify({ raw: JSON.stringify(settings) })
    });
    if (!answer.ok) {
      throw new Error(`The settings are refused: ${answer.status}.`);
    }
  }

  /** Shut down what runs: each page of JupyterLab connects to every kernel there is. */
  async endKernels(): Promise<void> {
    for (const kind of ['sessions', 'kernels']) {
      const answer = await this.fetch(`api/${kind}`);
      const running = (answer.ok ? await answer.json() : []) as Array<{
        id: string;
      }>;
      for (const { id } of running) {
        await this.fetch(`api/${kind}/${id}`, { method: 'DELETE' });
      }
    }
  }

  /** Run a command of `jupyter telemetry` as whoever runs the server, and give what it printed. */
  async telemetry(...args: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(
      join(VENV, 'bin', 'python'),
      ['-m', 'ipynb_telemetry', ...args],
      { cwd: this.root, env: this._environment }
    );
    return stdout;
  }

  /** What the server has printed so far. */
  async log(): Promise<string> {
    return readFile(this._logFile, 'utf8').catch(() => '');
  }

  /** End the server with its kernels, and remove its directory. */
  async stop(): Promise<void> {
    await this.end();
    // A kernel may still be writing its last words.
    await rm(this._folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Start again after `end`, on the same port and with all that was stored. */
  async resume(): Promise<void> {
    this._spawn();
    await this._answers();
    Server.running.add(this);
  }

  /** End the server: with its kernels, or by SIGKILL as a machine that runs out of memory does. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this._child;
    this._child = null;
    Server.running.delete(this);
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      this._signal(child, signal);
      const impatience = setTimeout(
        () => this._signal(child, 'SIGKILL'),
        STOP_MS
      );
      await gone;
      clearTimeout(impatience);
    }
  }

  private get _environment(): NodeJS.ProcessEnv {
    const { env = {}, jupytext = false } = this._options;
    const outer = Object.entries(process.env).filter(
      ([name]) => !/^(JUPYTER|IPYTHON)/.test(name)
    );
    return {
      ...Object.fromEntries(outer),
      IPYTHONDIR: join(this._folder, 'ipython'),
      JUPYTER_CONFIG_DIR: join(this._folder, 'config'),
      JUPYTER_DATA_DIR: join(this._folder, 'data'),
      JUPYTER_PREFER_ENV_PATH: '1',
      JUPYTER_RUNTIME_DIR: join(this._folder, 'runtime'),
      ...(jupytext ? JUPYTEXT_ENV : {}),
      ...env
    };
  }

  private get _logFile(): string {
    return join(this._folder, 'jupyter.log');
  }

  private async _prepare(): Promise<void> {
    const { files = {}, overrides = {}, settings = {} } = this._options;
    await mkdir(this.root);
    await Promise.all(
      Object.entries(files).map(([path, file]) => this.write(path, file))
    );
    const labconfig = join(this._folder, 'config', 'labconfig');
    await mkdir(labconfig, { recursive: true });
    await writeFile(
      join(labconfig, 'default_setting_overrides.json'),
      JSON.stringify({
        '@jupyterlab/apputils-extension:notification': {
          checkForUpdates: false,
          fetchNews: 'false'
        },
        ...overrides,
        'ipynb-telemetry:plugin': settings
      })
    );
  }

  private _spawn(): void {
    const { baseUrl = '/', args = [] } = this._options;
    const app = this.app === 'lab' ? 'LabApp' : 'JupyterNotebookApp';
    const log = openSync(this._logFile, 'a');
    this._child = spawn(
      join(VENV, 'bin', 'python'),
      [
        '-m',
        this.app === 'lab' ? 'jupyterlab' : 'notebook',
        '--no-browser',
        '--allow-root',
        '--ip=127.0.0.1',
        `--port=${this.port}`,
        '--ServerApp.port_retries=0',
        `--ServerApp.base_url=${baseUrl}`,
        // By files: ports of kernels are looked for and let go again, while another
        // worker's server does the same. Elsewhere the paths are too long for sockets.
        ...(process.platform === 'linux'
          ? ['--KernelManager.transport=ipc']
          : []),
        `--ServerApp.root_dir=${this.root}`,
        `--IdentityProvider.token=${TOKEN}`,
        `--${app}.expose_app_in_browser=True`,
        ...args
      ],
      {
        cwd: this.root,
        // A group of its own, so that whatever it starts ends with it.
        detached: true,
        stdio: ['ignore', log, log],
        env: this._environment
      }
    );
    closeSync(log);
  }

  private async _answers(): Promise<void> {
    const child = this._child;
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline) {
      if (!child || child.exitCode !== null || child.signalCode !== null) {
        throw new Error('The Jupyter server ended before it answered.');
      }
      const answer = await this.fetch('api/status').catch(() => null);
      if (answer?.ok) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`The Jupyter server did not answer in ${START_MS} ms.`);
  }

  private _signal(child: ChildProcess, signal: NodeJS.Signals): void {
    try {
      process.kill(-child.pid!, signal);
    } catch {
      // Already gone.
    }
  }

  private readonly _writers = new Map<string, string>();
  private _child: ChildProcess | null = null;
}
