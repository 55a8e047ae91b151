import type { Properties } from '../events/catalog';
import type { ITrackerContext } from './tracker';

/** The parts of nbgrader's cell metadata that matter here: not validated. */
interface INbgrader {
  readonly grade?: unknown;
  readonly solution?: unknown;
  readonly task?: unknown;
  readonly grade_id?: unknown;
}

/** What of a run decides whether it is a test's result. */
type Ended = Pick<Properties<'cell_executed'>, 'cell_id' | 'status' | 'error'>;

/** The test of nbgrader that a run is the result of, or null. */
export function nbgraderTest(
  context: ITrackerContext,
  { cell_id, status, error }: Ended
): string | null {
  const isVerdict =
    status === 'ok' ||
    (status === 'error' && error?.name !== 'KeyboardInterrupt');
  return isVerdict &&
    cell_id !== null &&
    !context.rules.disabledTestSources.has('nbgrader')
    ? testOf(context, cell_id)
    : null;
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
  return isTest && typeof grade_id === 'string' && grade_id !== ''
    ? grade_id.slice(0, 200)
    : null;
}
