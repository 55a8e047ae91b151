import type { ISessionContext } from '@jupyterlab/apputils';
import type { Cell, CodeCell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import { NotebookActions } from '@jupyterlab/notebook';
import type { Kernel, KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Properties } from '../../events/catalog';
import type { CatalogEvent } from '../../events/payload';
import type { IRunError } from '../celloutput';
import { nbgraderTest } from '../nbgradertest';
import type { ITrackerContext, TrackerFactory } from '../tracker';
import type { IExecuted, RunStatus } from './outcome';
import { judge } from './outcome';
import { Run } from './run';

/** Kernel states in which a run that has not ended never will. */
const LOST: ReadonlySet<Kernel.Status> = new Set<Kernel.Status>([
  'restarting',
  'autorestarting',
  'terminating',
  'dead'
]);

/** How long after `aborted` JupyterLab may take to say that the run has ended, in milliseconds. */
const ABORTED_MS = 1_000;

/** Every code cell run gives one `cell_executed`. */
export const executionTracker: TrackerFactory = context =>
  new ExecutionTracker(context);

/**
 * A run begins with `executionScheduled` and ends with `executed`. JupyterLab
 * leaves the latter out when the kernel goes away, when the cell is deleted
 * meanwhile, and when it is run again before it ended: those are told from
 * kernel messages.
 */
class ExecutionTracker implements IDisposable {
  constructor(private readonly _context: ITrackerContext) {
    NotebookActions.executionScheduled.connect(this._onScheduled, this);
    NotebookActions.executed.connect(this._onExecuted, this);
    const { sessionContext, kernel, recorded } = _context;
    recorded.connect(this._onRecorded, this);
    kernel.lost.connect(this._cancelAll, this);
    sessionContext.statusChanged.connect(this._onStatusChanged, this);
    sessionContext.kernelChanged.connect(this._onKernelChanged, this);
    sessionContext.session?.kernel?.anyMessage.connect(this._onMessage, this);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    if (this._isDisposed) {
      return;
    }
    this._cancelAll();
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onScheduled(
    _: unknown,
    args: { notebook: Notebook; cell: Cell }
  ): void {
    if (!this._isOurs(args.notebook) || args.cell.model.type !== 'code') {
      return;
    }
    const cell = args.cell as CodeCell;
    if (cell.model.sharedModel.getSource().trim() === '') {
      return;
    }
    this._runs.push(new Run(cell, this._context));
  }

  private _onExecuted(_: unknown, args: IExecuted): void {
    if (!this._isOurs(args.notebook)) {
      return;
    }
    const open = this._runs.filter(run => run.cell === args.cell);
    const run = open.find(run => run.timing.reply) ?? open[open.length - 1];
    if (!run) {
      return;
    }
    const kernel = this._context.sessionContext.session?.kernel;
    if (!run.timing.isSent && (!kernel || kernel.status === 'dead')) {
      // JupyterLab calls it a success when the kernel has not started yet, and
      // an error without a name when it is dead.
      this._finish(run, 'cancelled', null);
    } else {
      this._finish(run, ...judge(run.timing, args, run.outputs));
    }
  }

  private _onMessage(_: unknown, args: Kernel.IAnyMessageArgs): void {
    const message = args.msg as KernelMessage.IMessage;
    if (this._runs.length === 0) {
      return;
    }
    if (args.direction === 'send') {
      if (message.header.msg_type === 'execute_request') {
        const cellId = message.metadata.cellId;
        this._runs
          .find(run => run.modelId === cellId && !run.timing.isSent)
          ?.timing.sent(message);
      }
      return;
    }
    const parent = (message.parent_header as { msg_id?: string }).msg_id;
    const run = parent && this._runs.find(({ timing }) => timing.isOf(parent));
    if (!run) {
      return;
    }
    if (run.timing.received(message)) {
      const again = this._runs.some(
        other => other !== run && other.cell === run.cell
      );
      if (again) {
        this._finishByReply(run);
      } else if (run.cell.isDisposed) {
        // The cell was deleted, or moved: then another widget is still taking in
        // the outputs, after this signal.
        window.setTimeout(() => this._finishByReply(run));
      }
    } else if (run.timing.reply?.status === 'aborted') {
      // IRkernel is not idle again after a run that it does not reach, and
      // JupyterLab waits for that.
      window.setTimeout(() => this._finishByReply(run), ABORTED_MS);
    }
  }

  /** A test that failed tells its error before the run ends, if it ends by that error. */
  private _onRecorded(_: unknown, event: CatalogEvent): void {
    if (event.name === 'test_failed' && this._runs.length > 0) {
      this._failures.push(event.properties.error);
    }
  }

  private _onStatusChanged(_: ISessionContext, status: Kernel.Status): void {
    if (LOST.has(status)) {
      this._cancelAll();
    }
  }

  private _onKernelChanged(
    _: ISessionContext,
    { oldValue, newValue }: { oldValue?: unknown; newValue?: unknown }
  ): void {
    if (oldValue === newValue) {
      // The end of a restart: what was lost was cancelled at its beginning,
      // and what the student ran since is queued.
      return;
    }
    this._cancelAll();
    (oldValue as Kernel.IKernelConnection | null)?.anyMessage.disconnect(
      this._onMessage,
      this
    );
    (newValue as Kernel.IKernelConnection | null)?.anyMessage.connect(
      this._onMessage,
      this
    );
  }

  private _cancelAll(): void {
    // A run that failed may take others with it.
    while (this._runs.length > 0) {
      const [run] = this._runs;
      if (run.timing.reply) {
        this._finishByReply(run);
      } else {
        this._finish(run, 'cancelled', null);
      }
    }
  }

  private _finishByReply(run: Run): void {
    if (this._runs.includes(run)) {
      this._finish(run, ...judge(run.timing, null, run.outputs));
    }
  }

  private _finish(run: Run, status: RunStatus, error: IRunError | null): void {
    this._runs.splice(this._runs.indexOf(run), 1);
    const described = run.describe(status, error, this._lastEnd);
    const properties = this._isOfTest(described)
      ? { ...described, error_of: 'test' as const }
      : described;
    this._failures.length = 0;
    this._lastEnd = performance.now();
    this._context.record({ name: 'cell_executed', properties });
    if (status === 'error' && this._context.application.app === 'lite') {
      // JupyterLite drops what it was sent before, and answers none of it.
      this._runs
        .filter(({ timing }) => timing.isSent && !timing.reply)
        .forEach(dropped => this._finish(dropped, 'aborted', null));
    }
  }

  /** Whether `test_failed` has told a run's error, or tells it next. */
  private _isOfTest(run: Properties<'cell_executed'>): boolean {
    const { error } = run;
    return (
      error !== null &&
      (nbgraderTest(this._context, run) !== null ||
        this._failures.some(
          told => told?.name === error.name && told.value === error.value
        ))
    );
  }

  private _isOurs(notebook: Notebook): boolean {
    for (const view of this._context.views.all) {
      if (view.content === notebook) {
        return true;
      }
    }
    return false;
  }

  /** Runs that have not ended, in the order they were asked for. */
  private readonly _runs: Run[] = [];
  /** The errors of tests that failed since a run ended. */
  private readonly _failures: (IRunError | null)[] = [];
  private _lastEnd = 0;
  private _isDisposed = false;
}
