import { Notification } from '@jupyterlab/apputils';
import * as textdialog from '../../dialogs/textdialog';
import type { ITextDialogOptions } from '../../dialogs/textdialog';
import { FLAG, refuseNotebookId } from '../../notebook/flag';
import { JOHN } from '../fakes';
import { FakePanel, NotebookStage, settle, TOGGLE } from './notebookstage';

const stage = new NotebookStage();
const { activate } = stage;

/** Answer the question for the notebook id, with null for Cancel. */
function answer(
  value: string | null
): jest.SpyInstance<Promise<string | null>, [ITextDialogOptions]> {
  return jest.spyOn(textdialog, 'askText').mockResolvedValue(value);
}

/** What the notifications say that are there. */
const told = (): string[] =>
  Notification.manager.notifications.map(({ message }) => message);

afterEach(() => Notification.manager.dismiss());

describe('the toggle', () => {
  let panel: FakePanel;
  const flag = (): unknown => panel.model.getMetadata(FLAG);

  beforeEach(() => {
    activate();
    panel = stage.tracker.add(new FakePanel());
    panel.ready.resolve();
  });

  it('is for a notebook only', () => {
    expect(stage.commands.isEnabled(TOGGLE)).toBe(true);
    stage.tracker.currentWidget = null;
    expect(stage.commands.isEnabled(TOGGLE)).toBe(false);
    expect(stage.commands.isToggled(TOGGLE)).toBe(false);
  });

  it('turns telemetry on with the id that was given, and records nobody yet', async () => {
    const twin = stage.tracker.add(new FakePanel(undefined, panel.model));
    Object.assign(twin, { context: panel.context });
    const asked = answer('D1 Tools');
    await stage.commands.execute(TOGGLE);
    await settle();
    expect(asked.mock.calls[0][0]).toMatchObject({ text: 'D1' });
    expect(flag()).toEqual({ enabled: true, notebook: 'D1 Tools' });
    expect(stage.commands.isToggled(TOGGLE)).toBe(true);
    expect(told()).toEqual([
      'Telemetry is on for “D1 Tools”. Save, and hand it out. Your own work in it is not recorded now.'
    ]);
    // Nor in a view that is opened now.
    const third = stage.tracker.add(new FakePanel(undefined, panel.model));
    Object.assign(third, { context: panel.context });
    third.ready.resolve();
    await settle();
    expect(stage.load).not.toHaveBeenCalled();

    // As a student would be, every view is, on demand.
    const [{ options }] = Notification.manager.notifications;
    expect(options.actions?.map(({ label }) => label)).toEqual([
      'Preview as a student'
    ]);
    options.actions?.[0].callback(new MouseEvent('click'));
    await settle();
    expect(stage.attach.mock.calls).toEqual([[panel], [twin], [third]]);
  });

  it('tells its kernel that nothing is recorded, until a preview', async () => {
    const call = (): unknown[] =>
      panel.kernel.call({ version: 1, notebook: 'D1' }).sent;
    answer('D1');
    await stage.commands.execute(TOGGLE);
    expect(call()).toEqual([{ answer: 'off' }]);
    const [{ options }] = Notification.manager.notifications;
    options.actions?.[0].callback(new MouseEvent('click'));
    expect(call()).toEqual([{ answer: 'here', version: 2 }]);
  });

  it('records a copy of that notebook that is opened anew', async () => {
    answer('D1');
    await stage.commands.execute(TOGGLE);
    const again = stage.tracker.add(new FakePanel(flag()));
    again.ready.resolve();
    await settle();
    expect(stage.attach.mock.calls).toEqual([[again]]);
  });

  it('goes on where a student’s recording was interrupted', async () => {
    panel.model.setMetadata(FLAG, { enabled: true, notebook: 'D7' });
    stage.loaded.resolve(stage.runtime);
    await settle();
    stage.runtime.studentOf.mockReturnValue(JOHN);
    await stage.commands.execute(TOGGLE);
    stage.runtime.studentOf.mockReturnValue(null);
    answer('D7');
    await stage.commands.execute(TOGGLE);
    await settle();
    expect(stage.attach.mock.calls).toEqual([[panel]]);
    expect(told()).toEqual(['Telemetry is on again for “D7”.']);
  });

  it('takes back what it told when telemetry is turned off again', async () => {
    answer('x'.repeat(200));
    await stage.commands.execute(TOGGLE);
    // As much of it as JupyterLab shows.
    expect(told()[0]).toContain(`“${'x'.repeat(39)}…”`);
    expect(told()[0].length).toBeLessThanOrEqual(140);
    await stage.commands.execute(TOGGLE);
    expect(told()).toEqual([]);
  });

  it('leaves what it told of another notebook, with its preview', async () => {
    answer('D1');
    await stage.commands.execute(TOGGLE);
    const other = stage.tracker.add(new FakePanel());
    answer('D2');
    await stage.commands.execute(TOGGLE);
    expect(told()).toEqual([
      expect.stringContaining('on for “D2”'),
      expect.stringContaining('on for “D1”')
    ]);
    const [, { options }] = Notification.manager.notifications;
    options.actions?.[0].callback(new MouseEvent('click'));
    await settle();
    expect(stage.attach.mock.calls).toEqual([[panel]]);
    await stage.commands.execute(TOGGLE);
    expect(told()).toEqual([expect.stringContaining('on for “D1”')]);
    expect(stage.tracker.currentWidget).toBe(other);
  });

  it('has the flag written into the text of a notebook that Jupytext keeps', async () => {
    panel.model.setMetadata('jupytext', { formats: 'ipynb,md' });
    answer('D1');
    await stage.commands.execute(TOGGLE);
    expect(panel.model.getMetadata('jupytext')).toEqual({
      formats: 'ipynb,md',
      notebook_metadata_filter: 'ipynb_telemetry'
    });
  });

  it('turns it off and keeps the id for the next time', async () => {
    panel.model.setMetadata(FLAG, { enabled: true, notebook: 'D7' });
    await stage.commands.execute(TOGGLE);
    expect(flag()).toEqual({ enabled: false, notebook: 'D7' });
    expect(stage.commands.isToggled(TOGGLE)).toBe(false);

    const asked = answer(null);
    await stage.commands.execute(TOGGLE);
    expect(asked.mock.calls[0][0]).toMatchObject({ text: 'D7' });
  });

  it('changes nothing on Cancel', async () => {
    answer(null);
    await stage.commands.execute(TOGGLE);
    expect(flag()).toBeUndefined();
    expect(stage.attach).not.toHaveBeenCalled();
  });

  it('says why an id would do no good', async () => {
    const asked = answer(null);
    await stage.commands.execute(TOGGLE);
    const [{ refuse }] = asked.mock.calls[0];
    for (const [id, words] of [
      ['D1 Tools: Einführung', ''],
      [' ', 'An id is needed'],
      ['05/intro', 'An id has no slash, neither / nor \\'],
      ['a\\b', 'An id has no slash, neither / nor \\'],
      ['a\nb', 'An id has no invisible characters'],
      ['x'.repeat(200), ''],
      ['x'.repeat(201), 'An id has at most 200 characters']
    ]) {
      expect([id, refuse(id)]).toEqual([id, words]);
      expect(refuseNotebookId(id) === null).toBe(words === '');
    }
  });

  it('mends a malformed flag', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    panel.model.setMetadata(FLAG, 'on');
    answer('D1');
    await stage.commands.execute(TOGGLE);
    expect(flag()).toEqual({ enabled: true, notebook: 'D1' });
  });

  it('tells when what it shows may have changed', () => {
    const changed = jest.fn();
    stage.commands.commandChanged.connect(changed);
    stage.tracker.currentChanged.emit(null);
    expect(changed).toHaveBeenCalledWith(
      stage.commands,
      expect.objectContaining({ id: TOGGLE })
    );
  });
});
