import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ServerConnection } from '@jupyterlab/services';
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import type { IRuntimeLoader } from '../../plugins/loader';
import plugin from '../../plugins/runtime';
import type { Runtime } from '../../runtime/runtime';
import { makeSession, SAMPLES } from '../fakes';
import { overridden } from '../settingssource';

export const STUDENT_KEY =
  'ipynb-telemetry:student:http://hub.example/user/ann/|';

/** As the browser does it when another tab has written the name. */
export function tellOfStudent(): void {
  const key = STUDENT_KEY;
  window.dispatchEvent(
    new StorageEvent('storage', { key, storageArea: localStorage })
  );
}

/** As the browser does it with a page that it had kept. */
export function showAgain(): void {
  window.dispatchEvent(
    Object.assign(new Event('pageshow'), { persisted: true })
  );
}

class FakeSettings {
  /** What the user has changed. */
  user: Record<string, unknown> = {};
  readonly schema = { properties: { privacyNotice: {} } };
  readonly changed = new Signal<this, void>(this);

  set(user: Record<string, unknown>): void {
    this.user = user;
    this.changed.emit();
  }
}

/** An application with a server behind it, and what is shown to the user. */
export class RuntimeStage {
  constructor() {
    Notification.manager.dismiss();
    localStorage.clear();
    const { fetch } = this;
    Object.assign(globalThis, { fetch });
    const serverSettings = ServerConnection.makeSettings({
      baseUrl: 'http://hub.example/user/ann/',
      token: 'server-token',
      fetch
    });
    this.app = {
      name: 'JupyterLab',
      version: '4.6.6',
      commands: new CommandRegistry(),
      shell: { currentWidget: null, currentChanged: new Signal({}) },
      serviceManager: { serverSettings, user: this.user }
    } as unknown as JupyterFrontEnd;
  }

  readonly app: JupyterFrontEnd;
  readonly settings = new FakeSettings();
  /** Who the server says is signed in. */
  readonly user = {
    ready: Promise.resolve(),
    identity: null as { username: string; name: string } | null
  };
  /** What an administrator has set. */
  overrides: Record<string, unknown> = {};
  /** Reads the settings again. */
  readonly reload = jest.fn<Promise<unknown>, [plugin: string]>();
  /** Every request, by way of the server or not. */
  readonly fetch = jest.fn(
    (_request: string | Request, _init?: RequestInit): Promise<Response> =>
      Promise.resolve(new Response('{"status": 1}'))
  );

  get notifications(): string[] {
    return Notification.manager.notifications.map(({ message }) => message);
  }

  /** Activate the plugin. */
  makeLoader(
    load: () => Promise<unknown> = () => Promise.resolve(this.settings)
  ): IRuntimeLoader {
    const registry = {
      load,
      reload: this.reload,
      transform: (
        _: string,
        { fetch }: { fetch: (plugin: ISettingRegistry.IPlugin) => unknown }
      ) => fetch(overridden(this.overrides))
    } as unknown as ISettingRegistry;
    Object.assign(this.app, { commands: new CommandRegistry() });
    return plugin.activate(this.app, registry, null, null) as IRuntimeLoader;
  }

  load(): Promise<Runtime> {
    return this.makeLoader().load();
  }
}

/** Capture an event, and leave the page with it; returns the request of that. */
export async function sendFrom(
  stage: RuntimeStage,
  runtime: Runtime
): Promise<[url: string, init: RequestInit]> {
  runtime.recorder.record(makeSession(), {
    name: 'blur',
    properties: SAMPLES.blur
  });
  runtime.delivery.leave();
  await Promise.resolve();
  const { calls } = stage.fetch.mock;
  const [request, init = {}] = calls[calls.length - 1];
  return typeof request === 'string' ? [request, init] : [request.url, request];
}
