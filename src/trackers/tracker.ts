import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { EventName, Properties } from '../events/catalog';
import type { IOrigin } from '../events/payload';
import type { IApplicationFacts } from '../events/session';
import type { Attempts } from './attempts';

/** What the settings let a tracker put into events. */
export interface ICaptureRules {
  readonly captureCode: boolean;
  readonly captureOutput: boolean;
  /** Where code and output are cut, each, in characters. */
  readonly maxCharacters: number;
  /** Tests without decorators that are not to be told of: `nbgrader`, `otter`, `doctest`, `pytest`. */
  readonly disabledTestSources: ReadonlySet<string>;
}

/** An event of the catalogue with its properties. */
export type Captured = {
  readonly [E in EventName]: {
    readonly event: E;
    readonly properties: Properties<E>;
  };
}[EventName];

/**
 * What a tracker is given: one notebook document, in however many views, for
 * the time of one session (runs: of all sessions of a student). All it may do is look and call `capture`.
 */
export interface ITrackerContext {
  readonly model: INotebookModel;
  readonly sessionContext: ISessionContext;
  readonly commands: CommandRegistry;
  readonly application: IApplicationFacts;
  /** Read at each event: the settings may change. */
  readonly rules: ICaptureRules;

  /** The views of the document. */
  readonly views: ReadonlySet<NotebookPanel>;
  /** Call back for each view there is and each to come; what it returns goes when the view or the session does. */
  eachView(attach: (view: NotebookPanel) => IDisposable): IDisposable;

  /** Whether the student has one of the views before them, as far as the application's tabs go. */
  readonly isCurrent: boolean;
  /** Emitted when `isCurrent` may have changed. */
  readonly currentChanged: ISignal<unknown, unknown>;

  /** What the kernel says on our Comm: not validated. */
  readonly kernelMessages: ISignal<unknown, KernelMessage.ICommMsgMsg>;
  /** Emitted when another page restarts the kernel; JupyterLab does not say so. */
  readonly kernelLost: ISignal<unknown, void>;

  /** Whether a call in the kernel is why the notebook is tracked: then the kernel reports the runs that were asked for before. */
  readonly isCalled: boolean;

  /** Of cells, in the session under way. */
  readonly cellAttempts: Attempts;
  /** Of tests, by whichever tracker they are told. */
  readonly testAttempts: Attempts;

  /** @returns the cell's position from 0, or -1 */
  cellIndex(cellId: string): number;

  /** Never throws. */
  capture<E extends EventName>(
    event: E,
    properties: Properties<E>,
    origin?: IOrigin
  ): void;
  /** Emitted after each `capture`, also of events that are switched off: trackers do not know one another. */
  readonly captured: ISignal<unknown, Captured>;
  /** For events the catalogue does not know. Never throws. */
  captureCustom(name: string, properties: unknown, origin?: IOrigin): boolean;
}

/** Starts looking; disposing what it returns leaves no listener behind. */
export type TrackerFactory = (context: ITrackerContext) => IDisposable;
