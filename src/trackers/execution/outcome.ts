import type { Cell } from '@jupyterlab/cells';
import type { Notebook } from '@jupyterlab/notebook';
import type { Properties } from '../../events/catalog';
import type { IOutputs, IRunError } from '../celloutput';
import { readError, runError } from '../celloutput';
import type { KernelTiming } from './kerneltiming';

/** How a run ended. */
export type RunStatus = Properties<'cell_executed'>['status'];

/** The arguments of `NotebookActions.executed`. */
export interface IExecuted {
  readonly notebook: Notebook;
  readonly cell: Cell;
  readonly success: boolean;
  readonly error?: {
    readonly errorName?: string;
    readonly errorValue?: string;
    readonly traceback?: unknown;
  } | null;
}

/** What became of a run, from the signal, the kernel's reply and the outputs. */
export function judge(
  { reply }: KernelTiming,
  args: IExecuted | null,
  outputs: IOutputs
): [RunStatus, IRunError | null] {
  if (args?.success || (!args && reply?.status === 'ok')) {
    return ['ok', null];
  }
  if (reply?.status === 'error') {
    return ['error', runError(reply.ename, reply.evalue, reply.traceback)];
  }
  if (args?.error?.errorName) {
    const { errorName, errorValue, traceback } = args.error;
    return ['error', runError(errorName, errorValue, traceback)];
  }
  const shown = readError(outputs);
  return shown ? ['error', shown] : ['aborted', null];
}
