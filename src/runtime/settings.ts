import type { TranslationBundle } from '@jupyterlab/translation';
import type { NameRule } from '../identity/ownname';
import type { PausePolicy } from '../ui/rights';
import type { ConsentMode, INoticeLines } from '../identity/terms';
import { certificateProblem } from './certificate';
import type { Destination } from './destination';
import { isOfHub } from './destination';
import { readHost } from './host';
import { readKey } from './key';
import type { IChecked } from './settingscheck';
import { checkSettings } from './settingscheck';
import type { Properties, Values } from './settingskind';

/**
 * Who says who is at work: the student, or the name they signed in with, read as
 * two names; the student by a code in place of a name; or the account as it is, by
 * which the class collector of a hub keeps events whatever they say.
 */
export type IdentitySource =
  'prompt' | 'jupyter-user' | 'pseudonym' | 'hub-account';

/** The settings as the rest of the package uses them. */
export interface ITelemetrySettings {
  readonly destination: Destination;
  readonly identity: IdentitySource;
  /** Which names students may give. */
  readonly names: Exclude<NameRule, 'pseudonym'>;
  readonly captureCode: boolean;
  readonly captureOutput: boolean;
  /** Where code and output are cut, each, in characters. */
  readonly maxCharacters: number;
  /** Event names that are switched off. */
  readonly disabledEvents: ReadonlySet<string>;
  /** Kinds of tests without decorators that are switched off. */
  readonly disabledTestSources: ReadonlySet<string>;
  readonly privacyNotice: string;
  /** Which pauses students may take. */
  readonly pause: PausePolicy;
  /** How students are asked. */
  readonly consent: ConsentMode;
  /** The lines of the notice below the privacy notice. */
  readonly notice: INoticeLines;
  /** Whether students share this computer. */
  readonly sharedComputer: boolean;
  /** What a course's own secrets look like. */
  readonly secretPatterns: string;
  /** Whether secrets stay in the texts. */
  readonly keepSecrets: boolean;
  /**
   * Whether nothing is to be recorded: nobody can tell which events, or what
   * students are to be told.
   */
  readonly isOff: boolean;
  /** Misspelt settings and values of the wrong kind, and what follows from them. */
  readonly faults: ReadonlyArray<IProblem>;
  /** Why nothing is sent to where the settings say. */
  readonly refusals: ReadonlyArray<IProblem>;
}

/** The module that has the words: it is loaded when something is wrong. */
export type SettingsWords = typeof import('./settingswords');

/** What is wrong with the settings. */
export interface IProblem {
  /**
   * Tell it in words for whoever made them. With what the follower adds, they
   * are within the 140 characters that a notification shows.
   */
  readonly tell: (words: SettingsWords, trans: TranslationBundle) => string;
  /** Whether the user's own settings say it, and not an administrator's. */
  readonly isOwn: boolean;
}

const DEFAULT_HOST = 'https://us.i.posthog.com';
/** The settings that say where events go. */
const PLACE: ReadonlyArray<string> = [
  'projectKey',
  'host',
  'relay',
  'certificate'
];

/** What is written in the settings. */
export interface ISettingsSource {
  /** The schema's settings; their defaults are an administrator's where `overrides.json` has any. */
  readonly properties: Properties;
  /** What the user has changed, by name. */
  readonly user: Values;
}

/**
 * The values in force, and what is wrong with what is written. An administrator
 * who sets `locked` in `overrides.json` has the last word: what the user changed
 * does not count then, `locked` itself included.
 */
function valuesInForce({ properties, user }: ISettingsSource): IChecked {
  const defaults: Values = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, each.default])
  );
  const theirs = checkSettings(properties, defaults);
  if (theirs.values.locked !== false) {
    return theirs;
  }
  const { locked: _, ...changed } = user;
  return checkSettings(properties, { ...defaults, ...changed });
}

/**
 * Read the settings.
 *
 * A host, key or certificate that is refused sends nothing anywhere new: the
 * destination is `home` then. A page never sends to the holder of a certificate
 * that browsers do not trust: its Jupyter server does.
 *
 * @param source - what is written
 * @param home - where events stay without a key: the collector, or the browser
 *   where there is no server, nor one to send through
 * @param keyless - where events go without a key, when nothing is refused
 */
export function readSettings(
  source: ISettingsSource,
  home: Destination = { kind: 'collector' },
  keyless = home
): ITelemetrySettings {
  const { values, faults } = valuesInForce(source);
  const problem = (name: string, tell: IProblem['tell']): IProblem => ({
    tell,
    isOwn: Object.hasOwn(source.user, name.split('.')[0])
  });
  const isOfPlace = (names: ReadonlyArray<string>): boolean =>
    names.some(name => PLACE.includes(name));
  const refusals = faults
    .filter(({ closed }) => isOfPlace(closed))
    .map(fault =>
      problem(fault.name, (words, trans) => words.faultWords(fault, {}, trans))
    );
  // Without a schema, where no settings could be read, there is none of them.
  const { projectKey = '', relay } = values;
  let destination = refusals.length === 0 ? keyless : home;
  if (projectKey !== '' && refusals.length === 0) {
    destination = home;
    const host = readHost(textOf(values.host) || DEFAULT_HOST);
    const key = readKey(projectKey as string);
    if ('problem' in host) {
      refusals.push(
        problem('host', (words, trans) => words.hostWords(host.problem, trans))
      );
    }
    if ('problem' in key) {
      refusals.push(
        problem('projectKey', (words, trans) =>
          words.keyWords(key.problem, trans)
        )
      );
    }
    const certificate = textOf(values.certificate);
    const refused =
      'host' in host &&
      certificateProblem(certificate, host.host, home.kind === 'collector');
    if (refused) {
      refusals.push(
        problem('certificate', (words, trans) =>
          words.certificateWords(refused, trans)
        )
      );
    }
    if ('host' in host && 'key' in key && !refused) {
      const isRelayed =
        (relay === true || certificate !== '') && home.kind === 'collector';
      destination = { kind: 'posthog', ...host, ...key, relay: isRelayed };
    }
  }
  return {
    destination,
    identity: isOfHub(destination)
      ? 'hub-account'
      : identityOf(values.identity),
    names: values.names === 'any' ? 'any' : 'english',
    // Nobody can tell what is a secret here: then nothing goes out that may hold one.
    captureCode: values.captureCode === true && values.secretPatterns !== null,
    captureOutput:
      values.captureOutput === true && values.secretPatterns !== null,
    maxCharacters: values.maxCharacters as number,
    disabledEvents: switchedOff(values.events),
    disabledTestSources: switchedOff(values.testSources),
    privacyNotice: textOf(values.privacyNotice),
    pause: (values.pause ?? 'allowed') as PausePolicy,
    consent: consentOf(values.consent),
    notice: noticeOf(values.notice),
    sharedComputer: values.sharedComputer === true,
    secretPatterns: textOf(values.secretPatterns),
    keepSecrets: values.keepSecrets === true && values.locked === true,
    isOff: values.events === null || values.privacyNotice === null,
    faults: faults
      .filter(({ closed }) => !isOfPlace(closed))
      .map(fault =>
        problem(fault.name, (words, trans) =>
          words.faultWords(fault, values, trans)
        )
      ),
    refusals
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function identityOf(value: unknown): IdentitySource {
  return value === 'jupyter-user' || value === 'pseudonym' ? value : 'prompt';
}

function consentOf(value: unknown): ConsentMode {
  return value === 'opt-in' || value === 'required' ? value : 'informed';
}

function noticeOf(value: unknown): INoticeLines {
  const lines = (value ?? {}) as Record<string, unknown>;
  return {
    responsible: textOf(lines.responsible),
    contact: textOf(lines.contact),
    purpose: textOf(lines.purpose),
    kept: textOf(lines.kept),
    rights: textOf(lines.rights),
    link: textOf(lines.link),
    policy: textOf(lines.policy)
  };
}

function switchedOff(switches: unknown): ReadonlySet<string> {
  return new Set(
    Object.entries(switches ?? {}).flatMap(([name, isOn]) =>
      isOn === false ? [name] : []
    )
  );
}
