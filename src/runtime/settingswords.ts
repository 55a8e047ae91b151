import type { TranslationBundle } from '@jupyterlab/translation';
import type { CertificateProblem } from './certificate';
import type { HostProblem } from './host';
import type { KeyProblem } from './key';
import type { IFault } from './settingscheck';
import type { IProperty, Values } from './settingskind';

/** The most of a name that somebody has written which is shown, in characters. */
const MAX_SHOWN = 40;

/** Why a host is refused; the host itself, which may hold a password, is never repeated. */
export function hostWords(
  problem: HostProblem,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'region':
      return trans.__(
        'Host refused: take that of your region, https://us.i.posthog.com or https://eu.i.posthog.com.'
      );
    case 'scheme':
      return trans.__('Host refused: it must begin with https://.');
    case 'login':
      return trans.__(
        'Host refused: after https:// it must hold no user name and no password.'
      );
    case 'query':
      return trans.__(
        'Host refused: it must hold no query, neither ? nor #, as in https://eu.i.posthog.com.'
      );
    case 'port':
      return trans.__('Host refused: its port must be from 1 to 65535.');
    case 'name':
      return trans.__(
        'Host refused: the name of a server must follow https://.'
      );
    case 'letters':
      return trans.__(
        'Host refused: write the name of its server as punycode, xn--….'
      );
    case 'path':
      return trans.__(
        'Host refused: its path must be plain ASCII, without spaces and “..”.'
      );
  }
}

/** Why a certificate is refused; its fingerprint is never repeated. */
export function certificateWords(
  problem: CertificateProblem,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'form':
      return trans.__(
        'Certificate refused: its fingerprint must be SHA-256, 64 digits of 0-9 and a-f.'
      );
    case 'scheme':
      return trans.__('Certificate refused: a host with http:// shows none.');
    case 'server':
      return trans.__(
        'Certificate refused: it takes a Jupyter server to look at, and there is none here.'
      );
  }
}

/** Why a project key is refused; the key itself is never repeated. */
export function keyWords(
  problem: KeyProblem,
  trans: TranslationBundle
): string {
  switch (problem) {
    case 'empty':
      return trans.__(
        'Project key refused: it is nothing but spaces. Copy the project key, or leave the field empty.'
      );
    case 'secret':
      return trans.__(
        'Project key refused: one with phx_ or tcr_ is personal and secret. Revoke it, and use the project key, phc_….'
      );
    case 'characters':
      return trans.__(
        'Project key refused: it holds characters no project key has. Copy it again.'
      );
    case 'long':
      return trans.__(
        'Project key refused: it is longer than 64 characters. Copy the project key, nothing else.'
      );
    case 'example':
      return trans.__(
        'Project key refused: it is the example of the docs. Copy your project’s own from PostHog.'
      );
    case 'form':
      return trans.__(
        'Project key refused: a project key begins with phc_, a class key with tcw_. Copy yours again.'
      );
  }
}

/**
 * What is wrong with a setting, and what follows from it.
 *
 * @param values - those in force
 */
export function faultWords(
  fault: IFault,
  values: Values,
  trans: TranslationBundle
): string {
  const name = fault.name.replace(/\p{C}/gu, '?').slice(0, MAX_SHOWN);
  const told = fault.expected
    ? trans.__('%1 must be %2.', name, kindWords(fault.expected, trans))
    : fault.meant.length > 0
      ? trans.__(
          '%1 is no setting; did you mean %2?',
          name,
          fault.meant.join(` ${trans.__('or')} `)
        )
      : trans.__('%1 is no setting.', name);
  const effect =
    fault.closed.length > 1
      ? trans.__('none of these is recorded')
      : effectWords(fault.closed[0] ?? '', values, trans);
  return effect
    ? `${told} ${trans.__('Until that is corrected, %1.', effect)}`
    : told;
}

function kindWords(expected: IProperty, trans: TranslationBundle): string {
  const { type, oneOf, minimum, maximum, pattern, properties } = expected;
  if (oneOf) {
    return oneOf
      .map(each => `"${String(each.const)}"`)
      .join(` ${trans.__('or')} `);
  }
  switch (type) {
    case 'boolean':
      return trans.__('true or false');
    case 'integer':
      return trans.__('a whole number from %1 to %2', minimum, maximum);
    case 'object':
      return Object.values(properties ?? {}).every(
        each => each.type === 'string'
      )
        ? trans.__('an object of texts, {…}')
        : trans.__('an object of switches, {…}');
    default:
      return pattern
        ? trans.__('patterns such as COURSE-[A-Z0-9]{8}, apart by blanks')
        : trans.__('a text');
  }
}

/** What follows from a setting that is closed; where events go, the follower says. */
function effectWords(
  path: string,
  values: Values,
  trans: TranslationBundle
): string {
  const [name, member] = path.split('.');
  const value = values[name];
  switch (name) {
    case 'captureCode':
      return trans.__('no code is recorded');
    case 'captureOutput':
      return trans.__('no output is recorded');
    case 'maxCharacters':
      return value === 0
        ? trans.__('code and output are left out')
        : trans.__('code and output end at %1', value);
    case 'secretPatterns':
      return value === null
        ? trans.__('no code and no output is recorded')
        : trans.__('those are taken out, too');
    case 'keepSecrets':
      return trans.__('secrets are taken out');
    case 'locked':
      return trans.__('what users set does not count');
    case 'identity':
      return value === 'pseudonym'
        ? trans.__('students are asked for a code')
        : trans.__('students are asked for their names');
    case 'names':
      return trans.__('names are taken in English letters');
    case 'consent':
      return value === 'opt-in'
        ? trans.__('nothing is recorded without a yes')
        : '';
    case 'sharedComputer':
      return trans.__('the computer counts as shared');
    case 'notice':
      return member === undefined
        ? trans.__('the notice has none of these lines')
        : trans.__('the notice has no line for %1', member);
    case 'privacyNotice':
      return value === null
        ? trans.__('nothing is recorded')
        : trans.__('that text is the notice');
    case 'events':
      return value === null
        ? trans.__('nothing is recorded')
        : trans.__(
            '%1 is not recorded',
            member ?? trans.__('what it turns off')
          );
    case 'testSources':
      return trans.__(
        'tests of %1 are not recorded',
        member ?? trans.__('others')
      );
    default:
      return '';
  }
}
