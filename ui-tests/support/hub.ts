import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { INotebook } from './cells';
import { storedEvents, type IOtherEnd } from './collector';
import type { IPlace } from './notebook';
import { freePort } from './port';
import { VENV } from './server';

const PROXY = resolve(
  __dirname,
  '../../node_modules/configurable-http-proxy/bin/configurable-http-proxy'
);
/** Lets the tests read every user's collector. */
const TOKEN = 'ui-tests-hub-token';
const START_MS = 120_000;
/** The hub ends each server first, for up to 20 s: killed before, it would leave them behind. */
const STOP_MS = 60_000;

/** What there is for a user from the start. */
export interface IHubOptions {
  users: string[];
  /** Notebooks in each user's home, by file name. */
  files: Record<string, INotebook>;
  /** Our settings, as an administrator gives them. */
  settings?: Record<string, unknown>;
  /** A course with a class collector, as `jupyter telemetry hub-config` prints it. */
  course?: { name: string; students: string[]; instructors: string[] };
}

/** A user of a hub: a server of their own, behind the origin they all share. */
export interface IHubUser extends IPlace, IOtherEnd {
  /** Sign in as this user, and start their server with that notebook. */
  signIn(page: Page, path: string): Promise<void>;
}

/** A real JupyterHub on loopback: hub, proxy, and a real server for each user. */
export class Hub {
  static async start(options: IHubOptions): Promise<Hub> {
    const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-hub-'));
    const ports = [];
    // Of the proxy, the hub and the proxy's interface, then of each user, and of the course.
    for (let count = 4 + options.users.length; count > 0; count--) {
      ports.push(await freePort());
    }
    const hub = new Hub(folder, ports, options);
    try {
      await hub._prepare();
      hub._spawn();
      await hub._answers();
    } catch (error) {
      const log = await hub.log();
      await hub.stop();
      throw new Error(`${String(error)}\n${log}`);
    }
    return hub;
  }

  private constructor(
    private readonly _folder: string,
    private readonly _ports: number[],
    private readonly _options: IHubOptions
  ) {
    this.origin = `http://127.0.0.1:${_ports[0]}`;
  }

  /** Of the hub and of every user. */
  readonly origin: string;

  /** Sign in at the hub as another user, and start no server. */
  async enter(page: Page, name: string, next = '/hub/home'): Promise<void> {
    await page.goto(`${this.origin}/hub/logout`);
    await page.goto(
      `${this.origin}/hub/login?next=${encodeURIComponent(next)}`
    );
    await page.getByLabel('Username').fill(name);
    await page.getByLabel('Password').fill('any');
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  user(name: string): IHubUser {
    const base = `${this.origin}/user/${name}/`;
    const notebookUrl = (path: string): string =>
      `${base}lab/tree/${path}?reset`;
    return {
      notebookUrl,
      events: (filter = {}) =>
        storedEvents(
          path =>
            fetch(new URL(path, base), {
              headers: { Authorization: `token ${TOKEN}` }
            }),
          filter
        ),
      signIn: async (page, path) => {
        const next = notebookUrl(path).slice(this.origin.length);
        const start = `/hub/spawn/${name}?next=${encodeURIComponent(next)}`;
        await this.enter(page, name, start);
        // The server starts, while the hub shows how far it is.
        await expect(page.locator('.jp-NotebookPanel')).toBeVisible({
          timeout: START_MS
        });
      }
    };
  }

  async log(): Promise<string> {
    return readFile(join(this._folder, 'hub.log'), 'utf8').catch(() => '');
  }

  /** End the hub with its proxy and all servers, and remove what they wrote. */
  async stop(): Promise<void> {
    const child = this._child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const impatience = setTimeout(() => this._kill(child), STOP_MS);
      await gone;
      clearTimeout(impatience);
      this._kill(child);
    }
    await rm(this._folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private async _prepare(): Promise<void> {
    const { users, files, settings = {} } = this._options;
    for (const name of users) {
      const home = join(this._folder, name);
      const labconfig = join(home, '.jupyter', 'labconfig');
      await mkdir(labconfig, { recursive: true });
      await writeFile(
        join(labconfig, 'default_setting_overrides.json'),
        JSON.stringify({
          '@jupyterlab/apputils-extension:notification': {
            checkForUpdates: false,
            fetchNews: 'false'
          },
          'ipynb-telemetry:plugin': settings
        })
      );
      for (const [path, notebook] of Object.entries(files)) {
        await writeFile(join(home, path), JSON.stringify(notebook));
      }
    }
    const [, hubPort, apiPort, ...userPorts] = this._ports;
    const values = {
      'JupyterHub.bind_url': this.origin,
      'JupyterHub.hub_bind_url': `http://127.0.0.1:${hubPort}`,
      'JupyterHub.db_url': `sqlite:///${join(this._folder, 'hub.sqlite')}`,
      'JupyterHub.cookie_secret_file': join(this._folder, 'cookie_secret'),
      'JupyterHub.authenticator_class': 'dummy',
      'JupyterHub.spawner_class': 'simple',
      'JupyterHub.services': [{ name: 'tests', api_token: TOKEN }],
      'JupyterHub.load_roles': [
        { name: 'tests', services: ['tests'], scopes: ['access:servers'] }
      ],
      'Authenticator.allow_all': true,
      'ConfigurableHTTPProxy.command': [process.execPath, PROXY],
      'ConfigurableHTTPProxy.api_url': `http://127.0.0.1:${apiPort}`,
      'ConfigurableHTTPProxy.pid_file': join(this._folder, 'proxy.pid'),
      'SimpleLocalProcessSpawner.home_dir_template': `${this._folder}/{username}`,
      'Spawner.cmd': [join(VENV, 'bin', 'jupyterhub-singleuser')],
      'Spawner.args': ['--allow-root', '--LabApp.expose_app_in_browser=True'],
      'Spawner.environment': { JUPYTER_PREFER_ENV_PATH: '1' },
      'Spawner.ip': '127.0.0.1',
      // A busy machine takes longer than the minute and half a minute of the defaults.
      'Spawner.start_timeout': START_MS / 1000,
      'Spawner.http_timeout': START_MS / 1000
    };
    await writeFile(
      join(this._folder, 'jupyterhub_config.py'),
      [
        'import json',
        `values = json.loads(${JSON.stringify(JSON.stringify(values))})`,
        'for name, value in values.items():',
        '    section, trait = name.split(".")',
        '    c[section][trait] = value',
        `ports = dict(${JSON.stringify(users.map((name, index) => [name, userPorts[index]]))})`,
        'def give_port(spawner):',
        '    spawner.port = ports[spawner.user.name]',
        'c.Spawner.pre_spawn_hook = give_port',
        ...this._ofCourse()
      ].join('\n')
    );
  }

  /** What an administrator adds for a course: its groups, and what the command prints. */
  private _ofCourse(): string[] {
    const { course } = this._options;
    if (!course) {
      return [];
    }
    const { name, students, instructors } = course;
    const groups = {
      [`nbgrader-${name}`]: students,
      [`formgrade-${name}`]: instructors
    };
    const port = String(this._ports[this._ports.length - 1]);
    const printed = execFileSync(
      join(VENV, 'bin', 'python'),
      [
        ...['-m', 'ipynb_telemetry', 'hub-config', '--course', name],
        ...['--hub-url', this.origin, '--port', port]
      ],
      { encoding: 'utf8' }
    );
    return [
      `c.JupyterHub.load_groups = json.loads(${JSON.stringify(JSON.stringify(groups))})`,
      printed
    ];
  }

  private _spawn(): void {
    const outer = Object.entries(process.env).filter(
      ([name]) => !/^(JUPYTER|IPYTHON|CONFIGPROXY)/.test(name)
    );
    const log = openSync(join(this._folder, 'hub.log'), 'a');
    this._child = spawn(
      join(VENV, 'bin', 'jupyterhub'),
      ['--config', join(this._folder, 'jupyterhub_config.py')],
      {
        cwd: this._folder,
        // A group of its own, so that whatever it starts ends with it.
        detached: true,
        stdio: ['ignore', log, log],
        env: {
          ...Object.fromEntries(outer),
          PATH: `${join(VENV, 'bin')}${delimiter}${process.env.PATH ?? ''}`
        }
      }
    );
    closeSync(log);
  }

  private async _answers(): Promise<void> {
    const deadline = Date.now() + START_MS;
    while (Date.now() < deadline) {
      if (this._child?.exitCode !== null) {
        throw new Error('The hub ended before it answered.');
      }
      const answer = await fetch(`${this.origin}/hub/api/`).catch(() => null);
      if (answer?.ok) {
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    throw new Error(`The hub did not answer in ${START_MS} ms.`);
  }

  private _kill(child: ChildProcess): void {
    try {
      process.kill(-child.pid!, 'SIGKILL');
    } catch {
      // Already gone.
    }
  }

  private _child: ChildProcess | null = null;
}
