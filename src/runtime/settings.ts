import * as z from 'zod/mini';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Destination } from './destination';
import type { HostProblem } from './host';
import { readHost } from './host';

/** Who says who is at work: the student, or the name they signed in with. */
export type IdentitySource = 'prompt' | 'jupyter-user';

/** The settings as the rest of the package uses them. */
export interface ITelemetrySettings {
  readonly destination: Destination;
  readonly identity: IdentitySource;
  readonly captureCode: boolean;
  readonly captureOutput: boolean;
  /** Where code and output are cut, each, in characters. */
  readonly maxCharacters: number;
  /** Event names that are switched off. */
  readonly disabledEvents: ReadonlySet<string>;
  /** Kinds of tests without decorators that are switched off. */
  readonly disabledTestSources: ReadonlySet<string>;
  readonly privacyNotice: string;
  /**
   * The faults of the settings, in words for whoever made them. With the
   * sentence that the runtime adds, each is within the 140 characters that a
   * notification shows.
   */
  readonly problems: ReadonlyArray<string>;
}

const DEFAULT_HOST = 'https://us.i.posthog.com';

/** One bad switch costs one switch. */
const switches = z.catch(z.record(z.string(), z.catch(z.boolean(), true)), {});

/** Every field falls back on its own, so that one bad value costs one value. */
const composite = z.object({
  host: z.catch(z.string(), DEFAULT_HOST),
  projectKey: z.catch(z.string(), ''),
  relay: z.catch(z.boolean(), false),
  identity: z.catch(z.enum(['prompt', 'jupyter-user']), 'prompt'),
  captureCode: z.catch(z.boolean(), true),
  captureOutput: z.catch(z.boolean(), true),
  maxCharacters: z.catch(
    z.number().check(z.int(), z.gte(0), z.lte(100_000)),
    10_000
  ),
  events: switches,
  testSources: switches,
  privacyNotice: z.catch(z.string(), '')
});

/** The part of the settings registry that is asked. */
export interface ISettingsSource {
  readonly composite: unknown;
  /** The schema, whose defaults are an administrator's where `overrides.json` has any. */
  readonly schema: {
    readonly properties?: Readonly<
      Record<string, { readonly default?: unknown }>
    >;
  };
}

/**
 * The values in force. An administrator who sets `locked` in `overrides.json`
 * has the last word: what the user changed does not count then, `locked`
 * itself included.
 */
export function valuesInForce(settings: ISettingsSource): unknown {
  // The registry's own `default` puts the defaults of an object's members above
  // the object's, and so would switch all events on again.
  const { properties = {} } = settings.schema;
  return properties.locked?.default === true
    ? Object.fromEntries(
        Object.entries(properties).map(([name, schema]) => [
          name,
          schema.default
        ])
      )
    : settings.composite;
}

/**
 * Read the settings.
 *
 * A host or key that is refused sends nothing anywhere new: the destination is
 * `home` then.
 *
 * @param values - the composite values of the settings registry
 * @param trans - for the words of `problems`
 * @param home - where events stay without a key: the collector, or the browser
 *   where there is no server, nor one to send through
 */
export function readSettings(
  values: unknown,
  trans: TranslationBundle,
  home: Destination = { kind: 'collector' }
): ITelemetrySettings {
  const settings = z.parse(
    composite,
    typeof values === 'object' && values !== null ? values : {}
  );
  const problems: string[] = [];
  const key = settings.projectKey.trim();
  let destination = home;
  if (settings.projectKey !== '') {
    const read = readHost(settings.host.trim() || DEFAULT_HOST);
    const refusal = refuseKey(key, trans);
    if ('problem' in read) {
      problems.push(hostWords(read.problem, trans));
    }
    if (refusal !== null) {
      problems.push(refusal);
    }
    if ('host' in read && refusal === null) {
      const relay = settings.relay && home.kind === 'collector';
      destination = { kind: 'posthog', host: read.host, key, relay };
    }
  }
  return {
    destination,
    identity: settings.identity,
    captureCode: settings.captureCode,
    captureOutput: settings.captureOutput,
    maxCharacters: settings.maxCharacters,
    disabledEvents: switchedOff(settings.events),
    disabledTestSources: switchedOff(settings.testSources),
    privacyNotice: settings.privacyNotice.trim(),
    problems
  };
}

function switchedOff(switched: Record<string, boolean>): ReadonlySet<string> {
  return new Set(Object.keys(switched).filter(name => !switched[name]));
}

/** Why a host is refused; the host itself, which may hold a password, is never repeated. */
function hostWords(problem: HostProblem, trans: TranslationBundle): string {
  switch (problem) {
    case 'scheme':
      return trans.__('PostHog host refused: it must begin with https://.');
    case 'login':
      return trans.__(
        'PostHog host refused: after https:// it must hold no user name and no password.'
      );
    case 'query':
      return trans.__(
        'PostHog host refused: it must hold no query, neither ? nor #, as in https://eu.i.posthog.com.'
      );
    case 'port':
      return trans.__(
        'PostHog host refused: its port must be from 1 to 65535.'
      );
    case 'name':
      return trans.__(
        'PostHog host refused: the name of a server must follow https://.'
      );
    case 'letters':
      return trans.__(
        'PostHog host refused: write the name of its server as punycode, xn--….'
      );
    case 'path':
      return trans.__(
        'PostHog host refused: its path must be plain ASCII, without spaces and “..”.'
      );
  }
}

/** The rules of PostHog's own servers; the key itself is never repeated. */
function refuseKey(key: string, trans: TranslationBundle): string | null {
  if (key === '') {
    return trans.__(
      'PostHog key refused: it is nothing but spaces. Copy the project key, or leave the field empty.'
    );
  }
  if (key.startsWith('phx_')) {
    return trans.__(
      'PostHog key refused: one with phx_ is personal and secret. Revoke it, and use the project key, phc_….'
    );
  }

  if (!/^[\x21-\x7e]+$/.test(key)) {
    return trans.__(
      'PostHog key refused: it holds characters no project key has. Copy it again from PostHog.'
    );
  }
  if (key.length > 64) {
    return trans.__(
      'PostHog key refused: it is longer than 64 characters. Copy the project key, nothing else.'
    );
  }
  return null;
}
