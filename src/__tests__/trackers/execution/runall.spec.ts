import { SessionContext } from '@jupyterlab/apputils';
import type { CodeCellModel } from '@jupyterlab/cells';
import type { Notebook, NotebookPanel } from '@jupyterlab/notebook';
import {
  NotebookActions,
  NotebookModel,
  runCell,
  setCellExecutor
} from '@jupyterlab/notebook';
import { NBTestUtils } from '@jupyterlab/notebook/lib/testutils';
import type { ServiceManager } from '@jupyterlab/services';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { Signal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { executionTracker } from '../../../trackers/execution/execution';
import type { ITrackerContext } from '../../../trackers/tracker';
import { FakeDocument } from '../../notebookfakes';

/** JupyterLab's own notebook, actions and default executor, up to the kernel. */
describe('Run All in a real notebook', () => {
  let notebook: Notebook;
  let model: NotebookModel;
  let manager: ServiceManager.IManager;
  let sessionContext: SessionContext;
  let doc: FakeDocument;

  beforeAll(() => setCellExecutor({ runCell }));

  beforeEach(async () => {
    manager = new ServiceManagerMock();
    sessionContext = new SessionContext({
      sessionManager: manager.sessions,
      specsManager: manager.kernelspecs,
      kernelPreference: { name: 'python3', shouldStart: true, canStart: true }
    });
    await sessionContext.initialize();
    await sessionContext.ready;
    // JupyterLab's mock of a kernel shows no messages.
    const kernel = sessionContext.session?.kernel as object;
    Object.assign(kernel, { anyMessage: new Signal(kernel) });
    model = new NotebookModel();
    model.sharedModel.deleteCellRange(0, model.cells.length);
    for (const [cell_type, source] of [
      ['markdown', '# Title'],
      ['code', 'a = 1'],
      ['code', ''],
      ['code', 'b = 2']
    ]) {
      const { sharedModel } = model;
      sharedModel.insertCell(model.cells.length, { cell_type, source });
    }
    notebook = NBTestUtils.createNotebook(sessionContext);
    notebook.model = model;
    Widget.attach(notebook, document.body);
    doc = new FakeDocument();
  });

  afterEach(() => {
    notebook.dispose();
    model.dispose();
    sessionContext.dispose();
    manager.dispose();
    doc.dispose();
  });

  function track(): { dispose: () => void } {
    const view = { content: notebook } as unknown as NotebookPanel;
    const context: ITrackerContext = {
      ...doc.context,
      model,
      sessionContext,
      rules: doc.rules,
      views: { ...doc.context.views, all: new Set([view]) }
    };
    return executionTracker(context);
  }

  it('gives an event for each code cell that has code', async () => {
    const tracker = track();
    await NotebookActions.runAll(notebook, sessionContext);
    expect(
      doc.all('cell_executed').map(({ code, status }) => [code, status])
    ).toEqual([
      ['a = 1', 'ok'],
      ['b = 2', 'ok']
    ]);
    tracker.dispose();
    await NotebookActions.runAll(notebook, sessionContext);
    expect(doc.events).toHaveLength(2);
  });

  it('leaves the notebook as it would be without telemetry', async () => {
    const tracker = track();
    await NotebookActions.runAll(notebook, sessionContext);
    tracker.dispose();
    const cell = model.cells.get(1) as CodeCellModel;
    expect(cell.getMetadata('execution')).toBeUndefined();
  });
});
