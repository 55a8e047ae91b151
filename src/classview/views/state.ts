import type { ProgressCell } from '../answers/progress';
import type { Trans } from '../trans';

/** A state, and what stands for it without its colour. */
export interface IState {
  readonly kind: 'untouched' | 'tried' | 'failing' | 'passed' | 'peeked';
  readonly glyph: string;
  /** What is counted; empty: nothing worth a number. */
  readonly number: string;
}

/** Glyphs as the legend has them. */
export const GLYPHS: Readonly<Record<IState['kind'], string>> = {
  untouched: '·',
  tried: '…',
  failing: '✗',
  passed: '✓',
  peeked: '◐'
};

/** What a cell of the progress grid shows. */
export function stateOf(cell: ProgressCell): IState {
  const kind = cell?.state ?? 'untouched';
  return { kind, glyph: GLYPHS[kind], number: numberOf(cell) };
}

function numberOf(cell: ProgressCell): string {
  if (cell === null) {
    return '';
  }
  switch (cell.state) {
    case 'tried':
      return String(cell.runs);
    case 'failing':
      return String(cell.fails || cell.tries);
    default:
      // Passed at the first try: the sign says it.
      return cell.fails === 0 ? '' : String(cell.fails + 1);
  }
}

/** The same in words. */
export function stateText(cell: ProgressCell, trans: Trans): string {
  if (cell === null) {
    return trans.__('untouched');
  }
  switch (cell.state) {
    case 'tried':
      return trans._n('tried, %1 run', 'tried, %1 runs', cell.runs);
    case 'failing':
      return trans._n(
        'failing after %1 try',
        'failing after %1 tries',
        cell.fails || cell.tries
      );
    case 'peeked':
      return trans.__(
        'passed at try %1, after looking at the solution',
        cell.fails + 1
      );
    default:
      return trans.__('passed at try %1', cell.fails + 1);
  }
}

/** By what states are sorted: the more is done, the larger; fewer tries are more. */
export function stateOrder(cell: ProgressCell): number {
  const kinds = ['untouched', 'tried', 'failing', 'peeked', 'passed'];
  const fails = Math.min(cell?.fails ?? 0, 999);
  return kinds.indexOf(cell?.state ?? 'untouched') - fails / 1000;
}
