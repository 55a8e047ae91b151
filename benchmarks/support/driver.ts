import type { Page } from '@playwright/test';

/** What happens once per turn of a loop. */
export type Step =
  /** Nothing: what the page costs while it stands still. */
  | 'still'
  /** A run in a notebook that is not flagged: what JupyterLab does itself. */
  | 'plain'
  /** A run in a flagged notebook. */
  | 'flagged'
  /** The floor: one bare capture of posthog-js and one put of its record. */
  | 'floor';

/** Characters of code and of output of a run: together 10 KB. */
const TEXT_LENGTH = 5_000;

/** What a page needs to be driven. */
export interface IDriven {
  /** Path of a notebook that is open and not flagged. */
  readonly plain: string;
  /** Path of one that is open and flagged. */
  readonly flagged: string;
  /** The slim build of posthog-js, as text. */
  readonly posthog: string;
}

interface IDriver {
  /** Do a step so many times, with a pause after each, or back to back in tasks of their own. */
  loop(step: Step, count: number, pauseMs: number | null): Promise<void>;
  /** How many transactions that write were begun in the page. */
  transactions: number;
}

interface ICodeCell {
  model: {
    id: string;
    sharedModel: { setSource(text: string): void };
    outputs: { clear(): void; add(output: object): void };
  };
}

interface INotebookWidget {
  context?: { path: string };
  content: { widgets: ICodeCell[] };
}

interface IPostHog {
  init(key: string, config: object, name: string): IPostHog;
  capture(event: string, properties: object, options: object): void;
}

declare global {
  interface Window {
    driver: IDriver;
  }
}

/**
 * Put a driver into a page. It emits the signals of a run, as JupyterLab does
 * for a real one, without a kernel's round trip and the drawing of outputs
 * around it, which cost a hundred times what is measured.
 */
export async function installDriver(
  page: Page,
  driven: IDriven
): Promise<void> {
  await page.evaluate(
    async ([{ plain, flagged, posthog }, length]) => {
      const [shared] = Object.values(
        window.sharedScope['@jupyterlab/notebook']
      );
      const { NotebookActions } = (await shared.get())();
      const { shell } = window.jupyterapp as unknown as {
        shell: { widgets(area: string): Iterable<INotebookWidget> };
      };
      const text = (what: string): string =>
        `${what} = 0123456789\n`.repeat(length).slice(0, length);
      const codeText = text('code');
      const outputText = text('output');

      const runIn = (path: string): (() => void) => {
        const panel = [...shell.widgets('main')].find(
          widget => widget.context?.path === path
        )!;
        const notebook = panel.content;
        // Not the first, so that a walk through the notebook would show.
        const cell = notebook.widgets[notebook.widgets.length - 1];
        cell.model.sharedModel.setSource(codeText);
        cell.model.outputs.clear();
        cell.model.outputs.add({
          output_type: 'stream',
          name: 'stdout',
          text: outputText
        });
        return () => {
          NotebookActions.executionScheduled.emit({ notebook, cell });
          NotebookActions.executed.emit({ notebook, cell, success: true });
        };
      };

      const open = indexedDB.open('benchmark-floor');
      open.onupgradeneeded = () =>
        open.result.createObjectStore('events', { keyPath: 'uuid' });
      await new Promise(resolve => (open.onsuccess = resolve));
      const url = URL.createObjectURL(
        new Blob([posthog], { type: 'text/javascript' })
      );
      const imported = (await import(url)) as { default: IPostHog };
      let caught: Record<string, unknown> = {};
      const client = imported.default.init(
        'phc_floor',
        {
          api_host: 'http://127.0.0.1:9',
          before_send: (event: Record<string, unknown>) => {
            caught = event;
            return null;
          },
          disable_persistence: true,
          advanced_disable_flags: true,
          autocapture: false,
          capture_pageview: false,
          disable_external_dependency_loading: true,
          opt_out_useragent_filter: true
        },
        'floor'
      );
      const floor = (): void => {
        const uuid = crypto.randomUUID();
        const properties = {
          cell_id: 'cell-0',
          cell_index: 0,
          execution_count: 1,
          code: codeText,
          output: outputText,
          success: true,
          status: 'ok',
          error: null,
          duration_ms: 1,
          queued_ms: 1,
          attempt: 1,
          truncated: false,
          student_id: 'ANN_LEE',
          notebook: 'flagged',
          session_id: uuid,
          seq: 1
        };
        client.capture('cell_executed', properties, {
          uuid,
          timestamp: new Date(),
          skip_client_rate_limiting: true
        });
        open.result
          .transaction('events', 'readwrite')
          .objectStore('events')
          .put({
            uuid,
            event: caught.event,
            distinct_id: 'ANN_LEE',
            timestamp: new Date().toISOString(),
            properties: { ...properties, $lib: 'web', $lib_version: '1' }
          });
      };

      const steps: Record<Step, () => void> = {
        still: () => undefined,
        plain: runIn(plain),
        flagged: runIn(flagged),
        floor
      };
      const { port1, port2 } = new MessageChannel();
      const pause = (ms: number | null): Promise<unknown> =>
        new Promise(resolve => {
          if (ms === null) {
            port2.onmessage = resolve;
            port1.postMessage(null);
          } else {
            setTimeout(resolve, ms);
          }
        });
      window.driver = {
        transactions: 0,
        loop: async (step, count, pauseMs) => {
          for (let i = 0; i < count; i++) {
            steps[step]();
            await pause(pauseMs);
          }
        }
      };
      const { transaction } = IDBDatabase.prototype;
      IDBDatabase.prototype.transaction = function (stores, mode, options) {
        window.driver.transactions += mode === 'readwrite' ? 1 : 0;
        return transaction.call(this, stores, mode, options);
      };
    },
    [driven, TEXT_LENGTH] as const
  );
}
