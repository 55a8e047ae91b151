import { Notification } from '@jupyterlab/apputils';
import { NotebookModel } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import samples from '../../../conformance/rules/jupytext_filters.json';
import { FLAG } from '../../notebook/flag';
import { addFlag, keepFlagInText, watchSave } from '../../notebook/flagintext';
import { settle } from '../plugins/notebookstage';

const trans = nullTranslator.load('ipynb_telemetry');
const ON = { enabled: true, notebook: 'lesson' };

it.each(samples)('adds the flag to $about', ({ filter, with_flag }) => {
  // JSON has no undefined, which is what a notebook without a filter gives.
  const added = addFlag(filter ?? undefined);
  expect(added).toEqual(with_flag);
  expect(addFlag(added)).toBe(added);
});

describe('the settings of Jupytext', () => {
  const after = (jupytext: unknown): unknown => {
    const model = new NotebookModel();
    if (jupytext !== undefined) {
      model.setMetadata('jupytext', jupytext);
    }
    keepFlagInText(model);
    return model.getMetadata('jupytext');
  };

  it('get the flag, and keep the rest', () => {
    expect(
      after({ formats: 'ipynb,py', notebook_metadata_filter: 'widgets' })
    ).toEqual({
      formats: 'ipynb,py',
      notebook_metadata_filter: 'widgets,ipynb_telemetry'
    });
  });

  it.each([undefined, 'ipynb,py', 7])('may be missing: %p', jupytext => {
    expect(after(jupytext)).toBe(jupytext);
  });
});

describe('a save', () => {
  let model: NotebookModel;
  let saveState: Signal<object, string>;
  let get: jest.Mock;
  /** The metadata of the file when the page reads it. */
  let saved: Record<string, unknown>;

  const watch = (localPath = 'course/lesson.md'): void => {
    const path = `Drive:${localPath}`;
    const context = (contexts[path] ??= { model, path, localPath, saveState });
    watchSave({ get } as never, context as never, trans);
  };
  const save = async (): Promise<void> => {
    saveState.emit('started');
    saveState.emit('completed');
    await settle();
  };
  const told = (): string[] =>
    Notification.manager.notifications.map(({ message }) => message);
  let contexts: Record<string, object>;

  beforeEach(() => {
    contexts = {};
    model = new NotebookModel();
    model.setMetadata(FLAG, ON);
    model.setMetadata('jupytext', {});
    saveState = new Signal({});
    saved = {};
    get = jest.fn(() => Promise.resolve({ content: { metadata: saved } }));
  });
  afterEach(() => Notification.manager.dismiss());

  it('that loses the flag is told of, with what to do', async () => {
    watch();
    await save();
    expect(get).toHaveBeenCalledWith('Drive:course/lesson.md', {
      type: 'notebook',
      content: true
    });
    expect(told()).toEqual([
      'This file does not keep the flag: in Jupytext’s settings, add ipynb_telemetry to notebook_metadata_filter, then save again.'
    ]);
    expect(told()[0].length).toBeLessThanOrEqual(140);
  });

  it('that loses it without Jupytext names another way', async () => {
    model.deleteMetadata('jupytext');
    watch();
    await save();
    expect(told()).toEqual([
      'This file does not keep the telemetry flag. Save the notebook as an .ipynb file, and turn telemetry on there.'
    ]);
  });

  it('that keeps it says nothing, and nothing is read after the first', async () => {
    saved = { [FLAG]: ON };
    watch();
    watch();
    await save();
    await save();
    expect(told()).toEqual([]);
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('that failed is no save', async () => {
    watch();
    saveState.emit('failed');
    await settle();
    expect(get).not.toHaveBeenCalled();
    await save();
    expect(told()).toHaveLength(1);
  });

  it('of a notebook that was turned off again has nothing to keep', async () => {
    watch();
    model.setMetadata(FLAG, { enabled: false });
    await save();
    expect(told()).toEqual([]);
  });

  it('of an .ipynb file is not looked at, nor is a file that cannot be read', async () => {
    watch('course/lesson.ipynb');
    await save();
    expect(get).not.toHaveBeenCalled();
    get.mockRejectedValue(new Error('gone'));
    watch();
    await save();
    get.mockResolvedValue({ content: null });
    watch();
    await save();
    expect(told()).toEqual([]);
  });
});
