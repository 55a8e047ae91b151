import { DisposableDelegate } from '@lumino/disposable';
import type { Properties } from '../events/catalog';
import type { CatalogEvent } from '../events/payload';
import type { ITrackerContext, TrackerFactory } from './tracker';

/** The parts of nbgrader's cell metadata that matter here: not validated. */
interface INbgrader {
  readonly grade?: unknown;
  readonly solution?: unknown;
  readonly task?: unknown;
  readonly grade_id?: unknown;
}

/** A run of an autograder test cell of nbgrader is a test result, told after the run. */
export const nbgraderTracker: TrackerFactory = context => {
  const onRecorded = (_: unknown, event: CatalogEvent): void => {
    if (
      event.name === 'cell_executed' &&
      !context.rules.disabledTestSources.has('nbgrader')
    ) {
      report(context, event.properties);
    }
  };
  context.recorded.connect(onRecorded);
  return new DisposableDelegate(() => {
    context.recorded.disconnect(onRecorded);
  });
};

function report(
  context: ITrackerContext,
  run: Properties<'cell_executed'>
): void {
  const isVerdict =
    run.status === 'ok' ||
    (run.status === 'error' && run.error?.name !== 'KeyboardInterrupt');
  const test = isVerdict && run.cell_id && testOf(context, run.cell_id);
  if (test) {
    const result: CatalogEvent = {
      name: run.success ? 'test_passed' : 'test_failed',
      properties: {
        test,
        attempt: context.counts.tests.next(test),
        duration_ms: run.duration_ms,
        error: run.error
      }
    };
    context.record(result);
  }
}

/** The test a cell is by nbgrader's rule, or null. A test cell that is also a solution is marked by hand. */
function testOf(context: ITrackerContext, cellId: string): string | null {
  const index = context.cellIndex(cellId);
  if (index < 0) {
    return null;
  }
  const metadata = context.model.cells.get(index).getMetadata('nbgrader') as
    INbgrader | null | undefined;
  const { grade, solution, task, grade_id } = metadata ?? {};
  const isTest = grade === true && solution !== true && task !== true;
  return isTest && typeof grade_id === 'string' ? grade_id.slice(0, 200) : null;
}
