import * as z from 'zod/mini';
import type { StudentEvent } from '../answers/student';
import { durationText } from '../parts/format';
import type { Trans } from '../trans';

const maybeText = z.catch(z.optional(z.string()), undefined);
const maybeNumber = z.catch(z.optional(z.number()), undefined);

/** What is read of an event's properties, which may hold anything. */
const known = z.object({
  code: maybeText,
  output: maybeText,
  status: maybeText,
  test: maybeText,
  summary: maybeText,
  reason: maybeText,
  kind: maybeText,
  cell_id: maybeText,
  redacted: maybeNumber,
  open_ms: maybeNumber,
  away_ms: maybeNumber,
  length: maybeNumber,
  error: z.catch(
    z.nullish(
      z.object({ name: z.string(), value: maybeText, traceback: maybeText })
    ),
    undefined
  )
});

export type KnownProperties = z.infer<typeof known>;

/** The properties that a person reads; those of another form are left out. */
export function propertiesOf(event: StudentEvent): KnownProperties {
  return known.parse(event.properties);
}

/** How an event went: with a glyph, so that it is not told by colour alone. */
export type Tone = 'good' | 'bad' | 'look' | 'plain';

/** What an event says in a line. */
export function wordsOf(
  event: StudentEvent,
  trans: Trans
): { readonly text: string; readonly tone: Tone } {
  const { status, error, test, summary, open_ms, away_ms, length } =
    propertiesOf(event);
  const plain = (text: string): { text: string; tone: Tone } => ({
    text,
    tone: 'plain'
  });
  switch (event.event) {
    case 'cell_executed':
      return error
        ? { text: trans.__('ran a cell: %1', error.name), tone: 'bad' }
        : plain(
            status === 'ok' || status === undefined
              ? trans.__('ran a cell')
              : trans.__('ran a cell: %1', status)
          );
    case 'test_passed':
      return { text: trans.__('passed %1', test), tone: 'good' };
    case 'test_failed':
      return { text: trans.__('failed %1', test), tone: 'bad' };
    case 'solution_peek':
      return { text: trans.__('opened “%1”', summary), tone: 'look' };
    case 'solution_closed':
      return {
        text: trans.__(
          'closed “%1” after %2',
          summary,
          durationText(open_ms ?? null, trans)
        ),
        tone: 'look'
      };
    case 'blur':
      return plain(trans.__('left the notebook'));
    case 'focus':
      return plain(
        trans.__('came back after %1', durationText(away_ms ?? null, trans))
      );
    case 'paste':
      return plain(trans.__('pasted %1 characters', length ?? '?'));
    case 'session_started':
      return plain(trans.__('opened the notebook'));
    case 'session_ended':
      return plain(trans.__('closed the notebook'));
    default:
      return plain(event.event.replace(/_/g, ' '));
  }
}
