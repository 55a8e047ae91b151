import { writeExtension } from './labextension';

const NAME = 'silent-executor';

/**
 * The bundle of an extension that runs cells without the page's kernel, as
 * those for execution on the server do, and says of a failed run only that it
 * failed.
 */
const BUNDLE = `
let shared;
window._JUPYTERLAB = window._JUPYTERLAB || {};
window._JUPYTERLAB['${NAME}'] = {
  init: scope => {
    shared = scope;
  },
  get: async () => {
    const [notebook] = Object.values(shared['@jupyterlab/notebook']);
    const { INotebookCellExecutor } = (await notebook.get())();
    return () => ({
      __esModule: true,
      default: {
        id: '${NAME}:plugin',
        autoStart: true,
        provides: INotebookCellExecutor,
        activate: () => Object.freeze({ runCell })
      }
    });
  }
};

async function runCell({ cell, onCellExecutionScheduled, onCellExecuted }) {
  onCellExecutionScheduled({ cell });
  const { outputs } = cell.model;
  const fails = cell.model.sharedModel.getSource().includes('fail');
  outputs.clear();
  outputs.add(
    fails
      ? {
          output_type: 'error',
          ename: 'FarError',
          evalue: 'it is far away',
          traceback: ['\\u001b[31mFarError\\u001b[0m', 'it is far away']
        }
      : { output_type: 'stream', name: 'stdout', text: 'done' }
  );
  onCellExecuted({ cell, success: !fails });
  return !fails;
}
`;

/**
 * Write that extension in place of JupyterLab's own executor.
 *
 * @returns the folder to give to the server as `extra_labextensions_path`
 */
export function writeExecutor(): Promise<string> {
  return writeExtension(NAME, BUNDLE, [
    '@jupyterlab/notebook-extension:cell-executor'
  ]);
}
