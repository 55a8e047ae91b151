import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { FLAG } from '../../notebook/flag';
import plugin from '../../plugins/notebook';
import { until } from '../fakes';

/** The dialog in which the toggle asks for the notebook id. */
const query = <E extends HTMLElement>(selector: string): E =>
  document.querySelector(`.jp-Dialog ${selector}`) as E;
const input = (): HTMLInputElement => query('input');
const error = (): string => query('[aria-live]').textContent ?? '';
const accept = (): HTMLButtonElement => query('button.jp-mod-accept');

async function type(id: string): Promise<void> {
  const { set } = Object.getOwnPropertyDescriptor(
    HTMLInputElement.prototype,
    'value'
  ) as { set: (value: string) => void };
  set.call(input(), id);
  input().dispatchEvent(new Event('input', { bubbles: true }));
  // React draws what a key did before the next task.
  await Promise.resolve();
}

let model: NotebookModel;
let done: Promise<unknown>;

/** Turn telemetry on in a notebook, until it asks for the id. */
async function ask(path: string, flag?: unknown): Promise<void> {
  model = new NotebookModel();
  model.setMetadata(FLAG, flag);
  const context = { model, path, localPath: path, ready: Promise.resolve() };
  const panel = { model, context };
  const tracker = {
    currentWidget: panel,
    widgetAdded: new Signal({}),
    currentChanged: new Signal({}),
    forEach: () => undefined,
    filter: () => []
  } as unknown as INotebookTracker;
  const commands = new CommandRegistry();
  const app = {
    commands,
    serviceManager: { contents: {} }
  } as unknown as JupyterFrontEnd;
  const loader = { loaded: new Promise(() => undefined) };
  void plugin.activate(app, loader, tracker, null, null, null);
  done = commands.execute('ipynb-telemetry:toggle-notebook');
  await until(() => input() !== null);
}

afterEach(() => {
  Dialog.flush();
  model.dispose();
  jest.restoreAllMocks();
});

it.each(['', '  ', 'a/b', 'a\\b', 'x'.repeat(201)])(
  'the id %j cannot be accepted',
  async id => {
    await ask('D1.ipynb');
    expect(input().value).toBe('D1');
    await type(id);
    expect(error()).toBe('');
    // By `keyCode` is how JupyterLab's Dialog knows Enter.
    const enter = { key: 'Enter', keyCode: 13, bubbles: true };
    input().dispatchEvent(new KeyboardEvent('keydown', enter));
    await until(() => error().startsWith('An id '));
    expect(input().getAttribute('aria-invalid')).toBe('true');
    expect(model.getMetadata(FLAG)).toBeUndefined();
    await type(' D1 – Einführung ');
    expect(error()).toBe('');
    accept().click();
    await done;
    expect(model.getMetadata(FLAG)).toEqual({
      enabled: true,
      notebook: 'D1 – Einführung'
    });
  }
);

it.each([
  ['a long name of the file', `${'x'.repeat(201)}.ipynb`, undefined],
  ['a backslash in it', 'a\\b.ipynb', undefined],
  ['a malformed flag', 'D1.ipynb', { enabled: false, notebook: 'a/b' }]
])('%s is no id to begin with', async (_, path, flag) => {
  // Of the malformed flag.
  jest.spyOn(console, 'warn').mockReturnValue();
  await ask(path, flag);
  expect(input().value).toBe('');
  accept().click();
  await until(() => error() === 'An id is needed');
  query<HTMLElement>('button.jp-mod-reject').click();
  await done;
  expect(model.getMetadata(FLAG)).toEqual(flag);
});
