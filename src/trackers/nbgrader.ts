import { DisposableDelegate } from '@lumino/disposable';
import type { Properties } from '../events/catalog';
import type { CatalogEvent } from '../events/payload';
import { nbgraderTest } from './nbgradertest';
import type { ITrackerContext, TrackerFactory } from './tracker';

/** A run of an autograder test cell of nbgrader is a test result, told after the run. */
export const nbgraderTracker: TrackerFactory = context => {
  const onRecorded = (_: unknown, event: CatalogEvent): void => {
    if (event.name === 'cell_executed') {
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
  const test = nbgraderTest(context, run);
  if (test !== null) {
    const result: CatalogEvent = {
      name: run.success ? 'test_passed' : 'test_failed',
      properties: {
        test,
        cell_id: run.cell_id,
        attempt: context.counts.tests.next(test),
        duration_ms: run.duration_ms,
        error: run.error
      }
    };
    context.record(result);
  }
}
