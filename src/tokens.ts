import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { IDeliveryHealth } from './delivery/health';
import type { IPayload } from './events/payload';
import type { Runtime } from './runtime/runtime';

/** The commands of this package. */
export namespace CommandIDs {
  export const toggleNotebook = 'ipynb-telemetry:toggle-notebook';
  export const changeStudent = 'ipynb-telemetry:change-student';
  export const showActivity = 'ipynb-telemetry:show-activity';
  export const sendNow = 'ipynb-telemetry:send-now';
  export const exportUndelivered = 'ipynb-telemetry:export-undelivered';
}

/** A student as the name prompt made them. */
export interface IStudent {
  /** `FIRST_LAST`, the `distinct_id` of every event. */
  readonly id: string;
  /** `FIRST-LAST`, as people read it. */
  readonly name: string;
}

/**
 * What another extension may do with telemetry.
 */
export interface ITelemetry {
  /** The student at work, or null while nobody has given a name. */
  readonly student: IStudent | null;

  /** Emitted when the student becomes known or another one takes over. */
  readonly studentChanged: ISignal<ITelemetry, IStudent | null>;

  /** How the delivery fares; null while no flagged notebook was opened. */
  readonly health: IDeliveryHealth | null;

  /** Emitted when `health` changed. */
  readonly healthChanged: ISignal<ITelemetry, IDeliveryHealth>;

  /** Emitted for every event, just after it was accepted for delivery. */
  readonly captured: ISignal<ITelemetry, IPayload>;

  /**
   * Capture a custom event of a notebook.
   *
   * @param panel - the notebook it belongs to
   * @param name - `[a-z][a-z0-9_]{0,63}`, not a name of the catalogue
   * @param properties - JSON values, at most 64 KiB in all
   * @returns whether the event was accepted: false when the notebook is not
   * flagged, the student is unknown, or the event is malformed (a console
   * warning then says why). Never throws.
   */
  capture(
    panel: NotebookPanel,
    name: string,
    properties?: Record<string, unknown>
  ): boolean;
}

/** The token other extensions require. */
export const ITelemetry = new Token<ITelemetry>(
  'ipynb-telemetry:ITelemetry',
  'Captures custom events of flagged notebooks and tells of every event captured.'
);

/**
 * Loads what only flagged notebooks need: posthog-js, zod, the trackers, the
 * dialog and the panel stay on the server until the first of them opens.
 */
export interface IRuntimeLoader {
  /** Load the runtime, once however often it is asked for. */
  load(): Promise<Runtime>;

  /** Settles when somebody has called `load`; pending for ever otherwise. */
  readonly loaded: Promise<Runtime>;
}

/** Shared by the plugins of this package only. */
export const IRuntimeLoader = new Token<IRuntimeLoader>(
  'ipynb-telemetry:IRuntimeLoader',
  'Loads the telemetry runtime with the first flagged notebook.'
);
