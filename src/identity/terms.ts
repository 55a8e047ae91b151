import { hashFor } from './personcode';

/** How students are asked: see the setting `consent`. */
export type ConsentMode = 'informed' | 'opt-in' | 'required';

/** The lines of the notice that an administrator writes; an empty one is left out. */
export interface INoticeLines {
  readonly responsible: string;
  readonly contact: string;
  readonly purpose: string;
  readonly kept: string;
  readonly rights: string;
  readonly link: string;
  readonly policy: string;
}

/**
 * The kinds of things that are recorded, as the notice tells of them, and the
 * events of each: a kind is recorded where any of its events is switched on.
 */
const EVENTS_OF = {
  visits: ['session_started', 'session_ended'],
  runs: ['cell_executed'],
  tests: ['test_passed', 'test_failed'],
  solutions: ['solution_peek', 'solution_closed'],
  absences: ['blur', 'focus'],
  pastes: ['paste'],
  marks: ['cell_marked']
} as const;

/**
 * A kind of things that are recorded; `own` are events of the course's own, which
 * nobody but the course knows.
 */
export type Kind = keyof typeof EVENTS_OF | 'code' | 'output' | 'own';

/** What a student is asked to agree to. */
export interface ITerms {
  readonly mode: ConsentMode;
  /** The privacy notice, in the instructor's words. */
  readonly privacyNotice: string;
  readonly lines: INoticeLines;
  /** Where events go, as events and records name it. */
  readonly destination: string;
  readonly captured: ReadonlyArray<Kind>;
  /** Whether passwords and keys are taken out. */
  readonly hidesSecrets: boolean;
}

/** The kinds that are recorded by the settings. */
export function kindsOf(settings: {
  readonly disabledEvents: ReadonlySet<string>;
  readonly captureCode: boolean;
  readonly captureOutput: boolean;
}): Kind[] {
  const { disabledEvents, captureCode, captureOutput } = settings;
  const hasRuns = !disabledEvents.has('cell_executed');
  return Object.entries(EVENTS_OF)
    .filter(([, events]) => events.some(name => !disabledEvents.has(name)))
    .flatMap(([kind]): Kind[] =>
      kind === 'runs' && hasRuns
        ? [
            'runs',
            ...(captureCode ? (['code'] as const) : []),
            ...(captureOutput ? (['output'] as const) : [])
          ]
        : [kind as Kind]
    )
    .concat('own');
}

/**
 * Tell one notice from another, in any language: a hash of what the instructor and
 * the administrator have written. `jupyter telemetry notice` prints the same,
 * from `ipynb_telemetry/settings/notice.py`.
 *
 * @returns 64 hexadecimal digits
 */
export function noticeHash({ mode, privacyNotice, lines }: ITerms): string {
  const { responsible, contact, purpose, kept, rights, link, policy } = lines;
  return hashFor(
    'notice',
    JSON.stringify([
      privacyNotice,
      responsible,
      contact,
      purpose,
      kept,
      rights,
      link,
      mode === 'required' ? policy : ''
    ])
  );
}

/** The address that a notice leads to, or null where its line is none of the web. */
export function linkOf(link: string): string | null {
  try {
    return /^https?:$/.test(new URL(link).protocol) ? link : null;
  } catch {
    return null;
  }
}
