import { cutClean } from '../../events/boundedtext';
import type { Properties } from '../../events/catalog';
import { stripAnsi, withoutPlaces, withoutTokens } from '../../events/text';
import type { IRunError } from '../celloutput';
import { permittedError, runError } from '../celloutput';
import type { ITrackerContext } from '../tracker';

/** The longest id of a cell, in UTF-16 code units. */
export const MAX_ID = 200;

/**
 * A run that the kernel reports, as this page would have: with its place in the
 * notebook, counted with the others, and with no more of code and output than
 * the settings let. Values of a wrong type are left for the catalogue to refuse.
 */
export function bufferedRun(
  told: Record<string, unknown>,
  context: ITrackerContext
): Properties<'cell_executed'> {
  const { captureCode, captureOutput, maxCharacters } = context.rules;
  const { code, output, error, cell_id, truncated, ...others } = told;
  // A longer id is no cell's, and is not kept to be counted.
  const isId = typeof cell_id === 'string' && cell_id.length <= MAX_ID;
  const place = context.placeOf(isId ? cell_id : null);
  const failure = isObject(error)
    ? runError(error.name, error.value, error.traceback)
    : null;
  let isCut = truncated === true;
  const bounded = (text: unknown, clean: (text: string) => string): unknown => {
    if (typeof text !== 'string') {
      return text;
    }
    const kept = cutClean(text, maxCharacters, clean);
    isCut ||= kept.truncated;
    return kept.text;
  };
  const texts = {
    ...(captureCode && code !== undefined
      ? { code: bounded(code, withoutTokens) }
      : {}),
    ...(captureOutput && output !== undefined
      ? { output: bounded(output, text => shown(text, failure, captureCode)) }
      : {})
  };
  return {
    ...others,
    ...texts,
    cell_id: typeof cell_id === 'string' ? place.cell_id : (cell_id ?? null),
    cell_index: place.cell_index,
    attempt:
      place.cell_id === null ? 1 : context.counts.cells.next(place.cell_id),
    error: failure ? permittedError(failure, context.rules) : error,
    truncated:
      typeof truncated === 'boolean'
        ? isCut && (captureCode || captureOutput)
        : truncated
  } as Properties<'cell_executed'>;
}

/** @param showsCode - whether the traceback, which quotes code, may be in it */
function shown(
  output: string,
  failure: IRunError | null,
  showsCode: boolean
): string {
  const text = withoutPlaces(stripAnsi(output));
  if (showsCode || !failure) {
    return text;
  }
  const { name, value, traceback } = failure;
  const at = traceback === '' ? -1 : text.indexOf(traceback);
  // An output that the traceback cannot be told from is not shown at all.
  return at < 0
    ? `${name}: ${value}`
    : `${text.slice(0, at)}${name}: ${value}${text.slice(at + traceback.length)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
