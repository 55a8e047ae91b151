import type { ISignal } from '@lumino/signaling';

/**
 * The settings that bind a kernel as well, by the names of `ipynb-telemetry.toml`
 * in camel case: `ipynb_telemetry/kernel/rules.py` reads them. A kernel holds to
 * them also when it reports by itself, since the page has gone.
 */
export interface IKernelSettings {
  readonly captureCode: boolean;
  readonly captureOutput: boolean;
  /** Where code and output are cut, each, in characters. */
  readonly maxCharacters: number;
  /** The events that are switched off. */
  readonly events: Readonly<Record<string, false>>;
  /** The kinds of tests without decorators that are switched off. */
  readonly testSources: Readonly<Record<string, false>>;
  readonly secretPatterns: string;
  readonly keepSecrets: boolean;
  /** Who says who is at work; `pseudonym`: no name leaves, a code does. */
  readonly identity: string;
  /** Which names students may give: `english` or `any`. */
  readonly names: string;
  /** How students are asked: `informed`, `opt-in` or `required`. */
  readonly consent: string;
  /** Whether the student takes a pause. */
  readonly isPaused: boolean;
  /** Whether the student has said no, or has withdrawn. */
  readonly isDeclined: boolean;
  /** Whether it is still to be answered if anything may be recorded. */
  readonly isUnanswered: boolean;
  /** The hash of the student's code, by which what a kernel reports alone is theirs; "": none. */
  readonly person: string;
  /** The host that the student knows events to go to; "": none, they stay. */
  readonly destination: string;
}

/** The settings of the moment, for kernels. */
export interface IKernelSettingsSource {
  /** @param course - undefined of a notebook that is of no course */
  of(course: string | undefined): IKernelSettings;
  /** Emitted when `of` may give something else. */
  readonly changed: ISignal<unknown, void>;
}
