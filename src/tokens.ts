import type { NotebookPanel } from '@jupyterlab/notebook';
import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { IDeliveryHealth } from './delivery/health';
import type { IPayload } from './events/payload';
import type { IStudent } from './events/student';

export type { IStudent };

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
