import type { ISessionContext } from '@jupyterlab/apputils';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { KernelMessage } from '@jupyterlab/services';
import type { CommandRegistry } from '@lumino/commands';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { CapturedEvent, CatalogEvent } from '../events/payload';
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

/** The kernel of the document, as far as it tells of itself. */
export interface IKernelPort {
  /** Emitted with each message of the kernel on our Comm: not validated. */
  readonly messages: ISignal<unknown, KernelMessage.ICommMsgMsg>;
  /** Emitted when another page restarts the kernel; JupyterLab does not say so. */
  readonly lost: ISignal<unknown, void>;
  /**
   * Whether a call in the kernel is why the notebook is tracked: then the kernel
   * reports the runs that were asked for before.
   */
  readonly isCalled: boolean;
}

/** The attempts in the session under way. */
export interface ICounts {
  /** Attempts at each cell. */
  readonly cells: Attempts;
  /** Attempts at each test, by whichever tracker they are told. */
  readonly tests: Attempts;
}

/** The cell of an event. */
export interface ICellPlace {
  /** The same for every student, visit and machine; null where there is no cell. */
  readonly cell_id: string | null;
  /** From 0, or -1 where the notebook has no such cell. */
  readonly cell_index: number;
}

/** The views of the document. */
export interface IViewsPort {
  readonly all: ReadonlySet<NotebookPanel>;
  /**
   * Call back for each view there is and each to come; what the callback
   * returns goes when the view or the session does.
   */
  each(attach: (view: NotebookPanel) => IDisposable): IDisposable;
  /** Whether the student has one of the views before them, as far as the application's tabs go. */
  readonly isCurrent: boolean;
  /** Emitted when `isCurrent` may have changed. */
  readonly currentChanged: ISignal<unknown, unknown>;
}

/**
 * What a tracker is given: one notebook document, in however many views. All a
 * tracker may do is look and call `record`.
 */
export interface ITrackerContext {
  readonly model: INotebookModel;
  readonly sessionContext: ISessionContext;
  readonly commands: CommandRegistry;
  readonly application: IApplicationFacts;
  /** The student's name in whatever letters, where such names are taken. */
  readonly shownName: string | undefined;
  /** Read at each event: the settings may change. */
  readonly rules: ICaptureRules;
  readonly kernel: IKernelPort;
  readonly counts: ICounts;
  readonly views: IViewsPort;

  /**
   * Where a cell is, by its model, or by the id that its model has: that of the
   * kernel's messages. Null stands for no cell.
   */
  placeOf(cell: { readonly id: string } | string | null): ICellPlace;
  /** @returns the position from 0 of a cell by its `cell_id`, or -1 */
  cellIndex(cellId: string): number;

  /** Take a sign of work in the session under way: its time on task goes on. */
  work(): void;
  /**
   * Record an event of the session under way. Never throws.
   *
   * @returns whether the event was accepted
   */
  record(event: CapturedEvent): boolean;
  /**
   * Emitted after each event of the catalogue that was to be recorded, one that
   * is switched off too: trackers do not know one another.
   */
  readonly recorded: ISignal<unknown, CatalogEvent>;
}

/** Starts looking; disposing what it returns leaves no listener behind. */
export type TrackerFactory = (context: ITrackerContext) => IDisposable;

/** A tracker, as the list of them has it. */
export interface ITracker {
  readonly start: TrackerFactory;
  /**
   * Whether the tracker goes on when the notebook gets another id, and with it
   * another session of the same student. Default: it ends and is started anew.
   */
  readonly outlivesSession?: boolean;
}
