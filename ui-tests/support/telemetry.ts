import type { Page } from '@playwright/test';

/** An event as `ITelemetry.captured` tells of it, as far as tests care. */
export interface ICapturedEvent {
  uuid: string;
  event_type: string;
  timestamp: string;
  session_id: string;
  seq: number;
}

/** What a page says of its delivery. */
export interface IHealth {
  waiting: number;
  delivered: number;
  setAside: number;
  dropped: number;
  lastContact: string | null;
  nextAttempt: string | null;
  problem: string | null;
  isDurable: boolean;
  relay: {
    waiting: number;
    setAside: number;
    problem: string | null;
    lastContact: string | null;
    nextAttempt: string | null;
  } | null;
}

/** What `ITelemetry` offers, as far as tests use it in the page. */
interface ITelemetryInPage {
  student: { id: string; name: string } | null;
  health: IHealth | null;
  captured: IConnectable<ICapturedEvent>;
  studentChanged: IConnectable<{ id: string } | null>;
  capture(panel: unknown, name: unknown, properties?: unknown): boolean;
}

interface IConnectable<T> {
  connect(slot: (sender: unknown, value: T) => void): boolean;
  disconnect(slot: (sender: unknown, value: T) => void): boolean;
}

interface IPluginsInPage {
  _plugins: Map<string, { provides: unknown }>;
}

/** A notebook's kernel, as the page has it. */
interface IKernelInPage {
  status: string;
  connectionStatus: string;
  anyMessage: IConnectable<{
    direction: 'send' | 'recv';
    msg: { header: { msg_type: string } };
  }>;
  requestExecute(content: { code: string; silent: boolean }): {
    done: Promise<{ content: { status: string } }>;
  };
  requestHistory(content: {
    hist_access_type: 'tail';
    n: number;
    output: boolean;
    raw: boolean;
  }): Promise<unknown>;
}

/** The part of the application that gives extensions what they require. */
interface IRegistryInPage extends IPluginsInPage {
  /** Has the plugins since JupyterLab 4.3; before, the application itself has. */
  pluginRegistry?: IPluginsInPage;
  resolveOptionalService(token: unknown): Promise<ITelemetryInPage>;
}

declare global {
  interface Window {
    /** The application, which our servers are told to expose. */
    jupyterapp: {
      restored: Promise<void>;
      serviceManager: {
        contents: { save(path: string, model: object): Promise<unknown> };
      };
      commands: { execute(id: string, args: object): Promise<unknown> };
      shell: {
        currentChanged: IConnectable<unknown>;
        currentWidget: {
          context?: { model: { dirty: boolean } };
          sessionContext?: {
            session: { kernel: IKernelInPage | null } | null;
          };
        } | null;
      };
    };
    /** What another extension that requires `ITelemetry` is given. */
    telemetry: ITelemetryInPage;
  }
}

/**
 * Put into `window.telemetry` what another extension gets: the service of the
 * token, resolved by the application itself.
 */
export async function exposeTelemetry(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const app = window.jupyterapp as unknown as IRegistryInPage;
    const { _plugins } = app.pluginRegistry ?? app;
    const plugin = _plugins.get('ipynb-telemetry:telemetry');
    window.telemetry = await app.resolveOptionalService(plugin?.provides);
  });
}

/** What the page says of its delivery at this moment; null before it has any. */
export async function health(page: Page): Promise<IHealth | null> {
  await exposeTelemetry(page);
  return page.evaluate(() => window.telemetry.health);
}

/** Capture custom events as another extension would, as fast as the page can. */
export async function capture(
  page: Page,
  count: number,
  name = 'tick'
): Promise<void> {
  await exposeTelemetry(page);
  const accepted = await page.evaluate(
    ([total, event]) => {
      const panel = window.jupyterapp.shell.currentWidget;
      let taken = 0;
      for (let nth = 1; nth <= total; nth++) {
        taken += Number(window.telemetry.capture(panel, event, { nth }));
      }
      return taken;
    },
    [count, name] as const
  );
  if (accepted !== count) {
    throw new Error(`Of ${count} events, ${accepted} were accepted.`);
  }
}
