import { expect, type BrowserContext } from '@playwright/test';
import type { ICapturedEvent } from './telemetry';

declare global {
  interface Window {
    /** Tells the test of an event; put there by `Captured`. */
    tellCaptured(event: ICapturedEvent): Promise<void>;
  }
}

/**
 * What pages captured, by their own word: told to the test in the moment of
 * capture, so that no reload, crash or kill takes it back.
 */
export class Captured {
  /** Every event of a lesson, as they were told of. */
  readonly events: ICapturedEvent[] = [];

  /** Listen to every page of a context, from the first event on. */
  async follow(context: BrowserContext): Promise<void> {
    await context.exposeBinding('tellCaptured', (_, event: ICapturedEvent) => {
      // Two pages may find the same that a third one left.
      if (!this.events.some(({ uuid }) => uuid === event.uuid)) {
        this.events.push(event);
      }
    });
    await context.addInitScript(() => {
      type Registry = { _plugins: Map<string, { provides: unknown }> };
      // Before JupyterLab 4.3 the application is its own registry.
      type App = Registry & {
        pluginRegistry?: Registry;
        resolveOptionalService(token: unknown): Promise<Window['telemetry']>;
      };
      const listen = async (app: App): Promise<void> => {
        const id = 'ipynb-telemetry:telemetry';
        const plugin = (app.pluginRegistry ?? app)._plugins.get(id);
        const telemetry = await app.resolveOptionalService(plugin?.provides);
        let isLeaving = false;
        window.addEventListener('pagehide', () => (isLeaving = true), true);
        telemetry.captured.connect((_, event) => {
          const { uuid, event_type, timestamp, session_id, seq } = event;
          if (event_type.startsWith('consent_')) {
            // An answer is no event of a lesson.
            return;
          }
          const told = { uuid, event_type, timestamp, session_id, seq };
          if (isLeaving) {
            localStorage.setItem(`captured:${uuid}`, JSON.stringify(told));
          } else {
            void window.tellCaptured(told);
          }
        });
        // What a page captured in leaving is told by the next, or by one beside it.
        const tell = (key: string): void => {
          const told = localStorage.getItem(key);
          if (key.startsWith('captured:') && told !== null) {
            localStorage.removeItem(key);
            void window.tellCaptured(JSON.parse(told) as ICapturedEvent);
          }
        };
        Object.keys(localStorage).forEach(tell);
        window.addEventListener('storage', ({ key }) => tell(key ?? ''));
      };
      // Before the application has loaded any notebook, it puts itself here.
      let exposed: unknown;
      Object.defineProperty(window, 'jupyterapp', {
        configurable: true,
        get: () => exposed,
        set: (app: unknown) => {
          exposed = app;
          void listen(app as App);
        }
      });
    });
  }

  /** Wait until so many events were captured, of one type or of all. */
  async reach(count: number, type?: string, timeout = 120_000): Promise<void> {
    await expect
      .poll(
        () =>
          this.events.filter(event => !type || event.event_type === type)
            .length,
        { timeout, intervals: [20], message: `captured: ${type ?? 'events'}` }
      )
      .toBeGreaterThanOrEqual(count);
  }
}
