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
/** From 0; -1: the notebook has no such cell, or the cell cannot be told. */
const cellIndex = z.number().check(z.int(), z.gte(-1));
const label = z.string().check(z.minLength(1), z.maxLength(200));
/** Of which consent an event tells. */
const consent = z.strictObject({
  /** The SHA-256 of the notice that was read, by which another one is told. */
  notice_hash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  destination: label,
  captured: z.array(label).check(z.maxLength(50)),
  mode: z.enum(['informed', 'opt-in', 'required']),
  course: label
});
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
  /** Of the cell that ran the test, not of the one that defined it; null where that cannot be told. */
  cell_id: cellId,
  attempt: nth,
  duration_ms: milliseconds,
  error
});

/** One kind of event. */
interface IEntry<S extends z.ZodMiniObject> {
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
}

function entry<S extends z.ZodMiniObject>(value: IEntry<S>): IEntry<S> {
  return value;
}

/**
 * Every event there is, without the words for people, which are in `wording`.
 * `npm run docs` writes them to `conformance/events.json`,
 * where the kernel side, the export and the tests read them. The columns of an
 * export stand in the order of the properties here: a new event goes to the end.
 */
export const CATALOG = {
  cell_executed: entry({
    capturedBy: 'both',
    properties: z.strictObject({
      cell_id: cellId,
      cell_index: cellIndex,
      execution_count: z.nullable(count),
      attempt: nth,
      success: z.boolean(),
      status: z.enum(['ok', 'error', 'aborted', 'cancelled']),
      error,
      /** Set where a test that failed in this run has told the same error already. */
      error_of: z.optional(z.enum(['test'])),
      duration_ms: milliseconds,
      queued_ms: milliseconds,
      code: z.optional(z.string()),
      output: z.optional(z.string()),
      truncated: z.boolean()
    })
  }),
  test_passed: entry({
    capturedBy: 'both',
    byCode: true,
    properties: test
  }),
  test_failed: entry({
    capturedBy: 'both',
    byCode: true,
    properties: test
  }),
  solution_peek: entry({
    capturedBy: 'page',
    properties: z.strictObject({
      summary: z.string().check(z.maxLength(200)),
      cell_id: cellId,
      cell_index: cellIndex,
      peek: nth
    })
  }),
  solution_closed: entry({
    capturedBy: 'page',
    properties: z.strictObject({
      summary: z.string().check(z.maxLength(200)),
      cell_id: cellId,
      cell_index: cellIndex,
      peek: nth,
      open_ms: milliseconds
    })
  }),
  blur: entry({
    capturedBy: 'both',
    properties: z.strictObject({ reason: away })
  }),
  focus: entry({
    capturedBy: 'both',
    properties: z.strictObject({ reason: away, away_ms: milliseconds })
  }),
  paste: entry({
    capturedBy: 'page',
    properties: z.strictObject({
      length: count,
      lines: count,
      cell_id: cellId,
      cell_index: cellIndex,
      kind: z.enum(['text', 'cells']),
      internal: z.boolean(),
      by: z.enum(['paste', 'drop'])
    })
  }),
  session_ended: entry({
    capturedBy: 'both',
    properties: z.strictObject({ duration_ms: milliseconds })
  }),
  session_started: entry({
    capturedBy: 'both',
    properties: z.strictObject({
      kernel: short,
      language: short,
      /** Null where a kernel reports: it is sent cells, never the notebook. */
      cell_count: z.nullable(count),
      app: z.enum(['lab', 'notebook', 'lite', 'kernel', 'colab', 'vscode']),
      app_version: z.string(),
      extension_version: z.string(),
      /** The name as the student writes it, where the setting `names` takes such names. */
      student_name: z.optional(short)
    })
  }),
  events_dropped: entry({
    capturedBy: 'both',
    properties: z.strictObject({
      count: nth,
      reason: z.enum(['rate', 'invalid', 'storage']),
      first_seq: z.optional(nth),
      last_seq: z.optional(nth)
    })
  }),
  cell_marked: entry({
    capturedBy: 'kernel',
    byCode: true,
    quotesCode: ['code_preview'],
    properties: z.strictObject({
      cell_id: short,
      code_preview: z.optional(short)
    })
  }),
  recording_paused: entry({
    capturedBy: 'page',
    properties: z.strictObject({
      kind: z.enum(['minutes15', 'lesson', 'open']),
      /** When the pause ends by itself, ISO 8601 in UTC; null: when the student says so. */
      until: z.nullable(z.string().check(z.meta({ format: 'date-time' })))
    })
  }),
  recording_resumed: entry({
    capturedBy: 'page',
    properties: z.strictObject({})
  }),
  consent_given: entry({ capturedBy: 'both', properties: consent }),
  consent_declined: entry({ capturedBy: 'both', properties: consent }),
  consent_withdrawn: entry({ capturedBy: 'both', properties: consent })
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
