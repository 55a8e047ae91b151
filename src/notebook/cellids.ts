import type { ICellModel } from '@jupyterlab/cells';
import { fingerprint } from '../events/fingerprint';

/** The key in a cell's metadata under which its id is kept. */
export const KEPT_ID = 'ipynb_telemetry_id';

/** What the notebook format takes as a cell's id. */
const ID = /^[\w-]{1,64}$/;

/** How far a derived id may be cut to get a number, and fit still. */
const MAX_STEM = 56;

/** The part of a cell that its id is made of. */
type Source = Pick<ICellModel, 'type' | 'getMetadata'> & {
  readonly sharedModel: { getSource(): string };
};

/** The id that a cell carries in its metadata, or null; a copied cell carries that of the other. */
export function keptId(cell: Pick<ICellModel, 'getMetadata'>): string | null {
  return wellFormed(cell.getMetadata(KEPT_ID));
}

/**
 * Derive the id of a cell that has none of its own: from the name that nbgrader,
 * Colab (`id`) or Deepnote (`cell_id`) keep in its metadata, else from its type
 * and source. Of cells that are alike, the second one's id ends in `-2`.
 * `cellids.py` derives the same from the file.
 *
 * @param isTaken - which ids other cells have
 */
export function deriveId(
  cell: Source,
  isTaken: (id: string) => boolean
): string {
  const grader = cell.getMetadata('nbgrader') as
    { grade_id?: unknown } | null | undefined;
  const stem =
    wellFormed(grader?.grade_id) ??
    wellFormed(cell.getMetadata('id')) ??
    wellFormed(cell.getMetadata('cell_id')) ??
    fingerprint(`${cell.type}\n${cell.sharedModel.getSource()}`);
  let id = stem;
  for (let nth = 2; isTaken(id); nth++) {
    id = `${stem.slice(0, MAX_STEM)}-${nth}`;
  }
  return id;
}

function wellFormed(id: unknown): string | null {
  return typeof id === 'string' && ID.test(id) ? id : null;
}
