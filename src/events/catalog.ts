import type { TranslationBundle } from '@jupyterlab/translation';
import * as z from 'zod/mini';

const milliseconds = z.number().check(z.gte(0));
const count = z.number().check(z.int(), z.gte(0));
const nth = z.number().check(z.int(), z.gte(1));
/** A text from a notebook file, cut: its length costs no event. */
const short = z.string().check(
  z.overwrite(text => text.slice(0, 200)),
  z.maxLength(200)
);
const cellId = z.nullable(short);
const label = z.string().check(z.minLength(1), z.maxLength(200));
const away = z.enum(['page_hidden', 'window', 'tab']);

/** What went wrong in a run: exception name, message, and traceback as plain text. */
const error = z.nullable(
  z.strictObject({
    name: z.string().check(z.maxLength(200)),
    value: z.string(),
    traceback: z.string()
  })
);

const test = z.strictObject({
  test: label,
  attempt: nth,
  duration_ms: milliseconds,
  error
});

/** One kind of event. */
interface IEntry<S extends z.ZodMiniObject> {
  /** When the event is captured; the README's event table is made from this. */
  readonly when: string;
  /** What the event's switch in the settings is called; `schema/plugin.json` is made from this. */
  readonly switch: string;
  /**
   * Who captures the event: the page; the kernel; or both, of which the kernel
   * only does where no page of ours reports.
   */
  readonly capturedBy: 'page' | 'kernel' | 'both';
  /**
   * Whether code in a cell brings the event about. The kernel sends such an
   * event to a page too, which passes it on, and neither lets a flood through.
   */
  readonly byCode?: boolean;
  /** Properties of such an event that are left out where no code may be sent. */
  readonly quotesCode?: ReadonlyArray<keyof z.infer<S>>;
  /** The event's properties; unknown ones are rejected. */
  readonly properties: S;
  /** What the student reads of the event in the activity panel. */
  readonly words: (trans: TranslationBundle, properties: z.infer<S>) => string;
}

function entry<S extends z.ZodMiniObject>(value: IEntry<S>): IEntry<S> {
  return value;
}

/**
 * Every event there is. `npm run docs` writes them to `conformance/events.json`,
 * where the kernel side, the export and the tests read them. The columns of an
 * export stand in the order of the properties here: a new event goes to the end.
 */
export const CATALOG = {
  cell_executed: entry({
    when: 'A code cell was run, however it was started; also when it failed, was never reached, or the kernel went away',
    switch: 'A cell is run',
    capturedBy: 'both',
    properties: z.strictObject({
      cell_id: cellId,
      cell_index: z.number().check(z.int(), z.gte(-1)),
      execution_count: z.nullable(count),
      attempt: nth,
      success: z.boolean(),
      status: z.enum(['ok', 'error', 'aborted', 'cancelled']),
      error,
      duration_ms: milliseconds,
      queued_ms: milliseconds,
      code: z.optional(z.string()),
      output: z.optional(z.string()),
      truncated: z.boolean()
    }),
    words: (trans, p) => {
      const cell = String(p.cell_index + 1);
      switch (p.status) {
        case 'ok':
          return trans.__('Ran cell %1', cell);
        case 'error':
          return trans.__('Ran cell %1: %2', cell, p.error?.name ?? 'Error');
        case 'aborted':
          return trans.__('Cell %1 was not reached', cell);
        default:
          return trans.__('Cell %1 was cancelled', cell);
      }
    }
  }),
  test_passed: entry({
    when: 'A test passed: one decorated with `@tracked_test`, an nbgrader test cell, an otter check, a doctest, or one run by pytest in a cell',
    switch: 'A test passes',
    capturedBy: 'both',
    byCode: true,
    properties: test,
    words: (trans, p) => trans.__('Test passed: %1', p.test)
  }),
  test_failed: entry({
    when: 'A test of one of these kinds failed',
    switch: 'A test fails',
    capturedBy: 'both',
    byCode: true,
    properties: test,
    words: (trans, p) => trans.__('Test failed: %1', p.test)
  }),
  solution_peek: entry({
    when: 'The student opened a `<details>` block, in a text cell or an output',
    switch: 'A solution is opened',
    capturedBy: 'page',
    properties: z.strictObject({
      summary: z.string().check(z.maxLength(200)),
      cell_id: cellId,
      peek: nth
    }),
    words: (trans, p) => trans.__('Opened “%1”', p.summary)
  }),
  solution_closed: entry({
    when: 'An opened `<details>` block was closed again, or rendered anew',
    switch: 'A solution is closed again',
    capturedBy: 'page',
    properties: z.strictObject({
      summary: z.string().check(z.maxLength(200)),
      cell_id: cellId,
      peek: nth,
      open_ms: milliseconds
    }),
    words: (trans, p) => trans.__('Closed “%1”', p.summary)
  }),
  blur: entry({
    when: 'The student left the notebook: for another browser tab, another window, or another JupyterLab tab',
    switch: 'The student leaves the notebook',
    capturedBy: 'both',
    properties: z.strictObject({ reason: away }),
    words: trans => trans.__('Left the notebook')
  }),
  focus: entry({
    when: 'The student came back to the notebook',
    switch: 'The student comes back',
    capturedBy: 'both',
    properties: z.strictObject({ reason: away, away_ms: milliseconds }),
    words: trans => trans.__('Came back to the notebook')
  }),
  paste: entry({
    when: 'Text was pasted into a cell, or whole cells were pasted; its length, never its text',
    switch: 'Something is pasted (its length only)',
    capturedBy: 'page',
    properties: z.strictObject({
      length: count,
      lines: count,
      cell_id: cellId,
      kind: z.enum(['text', 'cells']),
      internal: z.boolean()
    }),
    words: (trans, p) =>
      trans._n(
        'Pasted %1 character',
        'Pasted %1 characters',
        p.length,
        String(p.length)
      )
  }),
  session_ended: entry({
    when: 'The notebook was closed or unflagged, the student changed, or the page was left',
    switch: 'A student stops working',
    capturedBy: 'both',
    properties: z.strictObject({
      duration_ms: milliseconds,
      active_ms: milliseconds
    }),
    words: trans => trans.__('Stopped working')
  }),
  session_started: entry({
    when: 'A flagged notebook is ready and the student is known',
    switch: 'A student starts working',
    capturedBy: 'both',
    properties: z.strictObject({
      kernel: short,
      language: short,
      /** Null where a kernel reports: it is sent cells, never the notebook. */
      cell_count: z.nullable(count),
      app: z.enum(['lab', 'notebook', 'lite', 'kernel', 'colab', 'vscode']),
      app_version: z.string(),
      extension_version: z.string()
    }),
    words: trans => trans.__('Started working')
  }),
  events_dropped: entry({
    when: 'Events are missing: code in the kernel sent more than are let through (`rate`), or more waited to be sent than are kept (`storage`)',
    switch: 'Events are missing, and how many',
    capturedBy: 'both',
    properties: z.strictObject({
      count: nth,
      reason: z.enum(['rate', 'storage']),
      first_seq: z.optional(nth),
      last_seq: z.optional(nth)
    }),
    words: (trans, p) =>
      trans._n(
        '%1 event is missing',
        '%1 events are missing',
        p.count,
        String(p.count)
      )
  }),
  cell_marked: entry({
    when: 'A cell marked itself: its code called `_cell`',
    switch: 'A cell marks itself with _cell',
    capturedBy: 'kernel',
    byCode: true,
    quotesCode: ['code_preview'],
    properties: z.strictObject({
      cell_id: short,
      code_preview: z.optional(short)
    }),
    words: (trans, p) => trans.__('Marked “%1”', p.cell_id)
  })
} as const;

/** The name of an event of the catalogue. */
export type EventName = keyof typeof CATALOG;

/** The properties of an event of the catalogue. */
export type Properties<E extends EventName> = z.infer<
  (typeof CATALOG)[E]['properties']
>;

/** Whether the catalogue has an event of that name. */
export function isEventName(name: string): name is EventName {
  return Object.prototype.hasOwnProperty.call(CATALOG, name);
}

/** What the student reads of an event, also of a custom one. */
export function describeEvent(
  trans: TranslationBundle,
  name: string,
  properties: Record<string, unknown>
): string {
  if (!isEventName(name)) {
    return trans.__('Event: %1', name);
  }
  const words = CATALOG[name].words as (
    trans: TranslationBundle,
    properties: Record<string, unknown>
  ) => string;
  return words(trans, properties);
}
