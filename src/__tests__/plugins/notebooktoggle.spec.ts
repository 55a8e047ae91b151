import { InputDialog } from '@jupyterlab/apputils';
import { FLAG, refuseNotebookId } from '../../notebook/flag';
import { FakePanel, NotebookStage, settle, TOGGLE } from './notebookstage';

const stage = new NotebookStage();
const { activate } = stage;

/** Answer the question for the notebook id. */
function answer(accept: boolean, value: string | null): jest.SpyInstance {
  return jest
    .spyOn(InputDialog, 'getText')
    .mockResolvedValue({ button: { accept }, value } as never);
}

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

  it('turns telemetry on with the id that was given, in every view', async () => {
    const twin = stage.tracker.add(new FakePanel(undefined, panel.model));
    Object.assign(twin, { context: panel.context });
    const asked = answer(true, ' D1 Tools ');
    await stage.commands.execute(TOGGLE);
    await settle();
    expect(asked.mock.calls[0][0]).toMatchObject({ text: 'D1' });
    expect(flag()).toEqual({ enabled: true, notebook: 'D1 Tools' });
    expect(stage.commands.isToggled(TOGGLE)).toBe(true);
    expect(stage.attach.mock.calls).toEqual([[panel], [twin]]);
  });

  it('turns it off and keeps the id for the next time', async () => {
    panel.model.setMetadata(FLAG, { enabled: true, notebook: 'D7' });
    await stage.commands.execute(TOGGLE);
    expect(flag()).toEqual({ enabled: false, notebook: 'D7' });
    expect(stage.commands.isToggled(TOGGLE)).toBe(false);

    const asked = answer(false, null);
    await stage.commands.execute(TOGGLE);
    expect(asked.mock.calls[0][0]).toMatchObject({ text: 'D7' });
  });

  it('changes nothing on Cancel', async () => {
    answer(false, 'D9');
    await stage.commands.execute(TOGGLE);
    expect(flag()).toBeUndefined();
    expect(stage.attach).not.toHaveBeenCalled();
  });

  it('lets nobody give an id that would do no good', async () => {
    const asked = answer(true, ' ');
    await stage.commands.execute(TOGGLE);
    expect(flag()).toBeUndefined();
    const [{ pattern }] = asked.mock.calls[0] as [{ pattern: string }];
    for (const [id, fits] of [
      ['D1 Tools: Einführung', true],
      ['a/b', false],
      ['a\\b', false],
      ['a\nb', false],
      ['x'.repeat(200), true],
      ['x'.repeat(201), false]
    ] as const) {
      // As browsers read a pattern.
      expect([id, new RegExp(`^(?:${pattern})$`, 'v').test(id)]).toEqual([
        id,
        fits
      ]);
      expect(refuseNotebookId(id) === null).toBe(fits);
    }
  });

  it('mends a malformed flag', async () => {
    jest.spyOn(console, 'warn').mockReturnValue();
    panel.model.setMetadata(FLAG, 'on');
    answer(true, 'D1');
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
