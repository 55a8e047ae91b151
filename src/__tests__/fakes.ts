import type { TranslationBundle } from '@jupyterlab/translation';
import { nullTranslator } from '@jupyterlab/translation';
import type { EventName, Properties } from '../events/catalog';
import type { CatalogEvent, IOrigin, IPayload } from '../events/payload';
import { buildPayload } from '../events/payload';
import type { ISession } from '../events/session';
import { Session } from '../events/session';
import type { IStudent } from '../events/student';
import type { ITerms } from '../identity/terms';

export const JOHN: IStudent = { id: 'JOHN_DOE', name: 'JOHN-DOE' };
export const MARY: IStudent = { id: 'MARY_ROE', name: 'MARY-ROE' };

export const trans: TranslationBundle = nullTranslator.load('ipynb_telemetry');

/** Wait for what a page does in its own time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(resolve => requestAnimationFrame(resolve));
  }
}

export function makeSession(student: IStudent = JOHN): Session {
  return new Session(student, 'D1_Python_Tooling');
}

/** An event of the catalogue, built. */
export function payloadOf<E extends EventName>(
  session: ISession,
  name: E,
  properties: Properties<E>,
  origin?: IOrigin
): IPayload {
  const event = { name, properties, origin } as unknown as CatalogEvent;
  return buildPayload(session, event);
}

/** A custom event, built. */
export function customPayloadOf(
  session: ISession,
  name: string,
  properties: unknown,
  origin?: IOrigin
): IPayload {
  return buildPayload(session, { name, properties, origin, isCustom: true });
}

const CONSENT = {
  notice_hash: 'ab'.repeat(32),
  destination: 'this Jupyter server',
  captured: ['runs', 'code'] as string[],
  mode: 'informed',
  course: 'biology-1'
} as const;

/** A right sample of every event of the catalogue. */
export const SAMPLES: { readonly [E in EventName]: Properties<E> } = {
  session_started: {
    kernel: 'python3',
    language: 'python',
    cell_count: 3,
    app: 'lab',
    app_version: '4.6.6',
    extension_version: '0.1.0'
  },
  cell_executed: {
    cell_id: 'abc',
    cell_index: 0,
    execution_count: 1,
    code: '1/0',
    output: '',
    success: false,
    status: 'error',
    error: { name: 'ZeroDivisionError', value: 'by zero', traceback: '' },
    duration_ms: 1.5,
    queued_ms: 0,
    attempt: 1,
    truncated: false
  },
  test_passed: {
    test: 'adds',
    cell_id: 'abc',
    attempt: 1,
    duration_ms: 3,
    error: null
  },
  test_failed: {
    test: 'adds',
    cell_id: 'abc',
    attempt: 2,
    duration_ms: 3,
    error: { name: 'AssertionError', value: '', traceback: '' }
  },
  solution_peek: {
    summary: 'Solution',
    cell_id: 'abc',
    cell_index: 3,
    peek: 1
  },
  solution_closed: {
    summary: 'Solution',
    cell_id: 'abc',
    cell_index: 3,
    peek: 1,
    open_ms: 10
  },
  blur: { reason: 'tab' },
  focus: { reason: 'page_hidden', away_ms: 10 },
  paste: {
    length: 10,
    lines: 1,
    cell_id: 'abc',
    cell_index: 3,
    kind: 'text',
    internal: false,
    by: 'paste'
  },
  events_dropped: { count: 3, reason: 'rate' },
  session_ended: { duration_ms: 100 },
  cell_marked: { cell_id: 'exercise-1', code_preview: 'x = 1' },
  recording_paused: { kind: 'minutes15', until: '2026-03-01T10:15:00.000Z' },
  recording_resumed: {},
  consent_given: CONSENT,
  consent_declined: CONSENT,
  consent_withdrawn: { ...CONSENT, mode: 'opt-in' }
};

/** What students are asked to agree to. */
export function termsOf(changes: Partial<ITerms> = {}): ITerms {
  return {
    mode: 'informed',
    privacyNotice: 'Your runs are recorded.',
    lines: {
      responsible: '',
      contact: '',
      purpose: '',
      kept: '',
      rights: '',
      link: '',
      policy: ''
    },
    destination: 'this Jupyter server',
    captured: ['visits', 'runs', 'own'],
    hidesSecrets: true,
    ...changes
  };
}
