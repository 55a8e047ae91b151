import type { Names } from '../model/names';

/** Pixels at the usual size of type. */
const NARROWEST = 160;
const WIDEST = 280;
const CHARACTER = 8;
const EDGES = 16;

/** How wide a column of names is: two of one name are told apart by the ids behind it. */
export function nameWidth(names: Names): number {
  const wanted = names.longest * CHARACTER + EDGES;
  return Math.min(Math.max(wanted, NARROWEST), WIDEST);
}
