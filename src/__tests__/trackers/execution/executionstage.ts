import type { Cell, CodeCellModel } from '@jupyterlab/cells';
import type { NotebookPanel } from '@jupyterlab/notebook';
import type { IDisposable } from '@lumino/disposable';
import { executionTracker } from '../../../trackers/execution/execution';
import { FakeKernel } from '../../kernelfakes';
import { actions, FakeDocument } from '../../notebookfakes';

/** A document whose runs are tracked, made anew for each test. */
export class ExecutionStage {
  constructor() {
    beforeEach(() => {
      jest.useFakeTimers();
      this.doc = new FakeDocument();
      this.kernel = this.doc.kernel as FakeKernel;
      this.view = this.doc.addView();
      this.tracker = executionTracker(this.doc.context);
    });
    afterEach(() => {
      this.tracker.dispose();
      this.doc.dispose();
      jest.useRealTimers();
    });
  }

  doc!: FakeDocument;
  kernel!: FakeKernel;
  view!: NotebookPanel;
  tracker!: IDisposable;

  /** What was told of runs. */
  readonly runs = (): Record<string, unknown>[] =>
    this.doc.all('cell_executed');

  readonly statuses = (): unknown[] => this.runs().map(({ status }) => status);

  readonly scheduled = (cell: Cell): void =>
    actions.scheduled(this.view.content, cell);

  readonly executed = (
    cell: Cell,
    success = true,
    error: object | null = null
  ): void => actions.executed(this.view.content, cell, success, error);

  /** Schedule cells and let JupyterLab send a request for each. */
  readonly start = (count: number): { cells: Cell[]; requests: string[] } => {
    const cells = Array.from({ length: count }, (_, i) =>
      this.doc.addCell(`${i}`)
    );
    cells.forEach(this.scheduled);
    const requests = cells.map(({ model }) => this.kernel.request(model.id));
    return { cells, requests };
  };

  /** The kernel carries a request out. */
  readonly answer = (request: string, content: object): void => {
    this.kernel.busy(request);
    this.kernel.say(request, 'execute_reply', content);
    this.kernel.idle(request);
  };

  readonly show = (cell: Cell, output: object): void => {
    (cell.model as CodeCellModel).outputs.add(output as never);
  };
}

/** What a kernel says of `1/0`, and what is told of it. */
export const ZERO = {
  status: 'error',
  execution_count: 2,
  ename: 'ZeroDivisionError',
  evalue: 'division by zero',
  traceback: ['\u001b[0;31mTraceback\u001b[0m', '/home/ann/x.py in <module>']
};
export const ZERO_ERROR = {
  name: 'ZeroDivisionError',
  value: 'division by zero',
  traceback: 'Traceback\n…/x.py in <module>'
};
