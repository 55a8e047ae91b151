import { Token } from '@lumino/coreutils';
import type { Runtime } from '../runtime/runtime';

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
