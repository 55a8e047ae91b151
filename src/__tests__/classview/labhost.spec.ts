import { NotebookModel } from '@jupyterlab/notebook';
import { hostOf } from '../../classview/lab/host';

describe('the notebook in front of the class view', () => {
  it('gives what tells its exercises, and no output', () => {
    const model = new NotebookModel();
    model.fromJSON({
      metadata: { ipynb_telemetry: { enabled: true, notebook: 'D1' } },
      nbformat: 4,
      nbformat_minor: 5,
      cells: [
        {
          cell_type: 'code',
          id: 'code',
          source: 'x = 1',
          metadata: { nbgrader: { grade_id: 'one' } },
          execution_count: 1,
          outputs: [{ output_type: 'stream', name: 'stdout', text: 'private' }]
        }
      ]
    });
    const panel = {
      model,
      context: { isReady: true, path: 'D1.ipynb', model }
    };
    const host = hostOf(
      {
        commands: {},
        serviceManager: { serverSettings: { baseUrl: 'http://localhost/' } }
      } as never,
      { currentWidget: panel } as never
    );
    expect(host.currentNotebook?.()).toEqual({
      notebook: 'D1',
      cells: [
        {
          cell_type: 'code',
          id: 'code',
          source: 'x = 1',
          metadata: { nbgrader: { grade_id: 'one' } }
        }
      ]
    });
    model.dispose();
  });
});
