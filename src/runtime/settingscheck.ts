import type { IProperty, Properties, Values } from './settingskind';
import { isObject, takes } from './settingskind';
import { nearest } from './spelling';

/** A setting that is misspelt, or whose value is of the wrong kind. */
export interface IFault {
  /** The name as it is written; of a member `events.blur`. */
  readonly name: string;
  /** What the setting must be; null: there is no such setting. */
  readonly expected: IProperty | null;
  /** The settings that a misspelt one may have meant. */
  readonly meant: ReadonlyArray<string>;
  /** The settings that are closed for it. */
  readonly closed: ReadonlyArray<string>;
}

export interface IChecked {
  readonly values: Record<string, unknown>;
  readonly faults: ReadonlyArray<IFault>;
}

/**
 * What a setting is when nobody can tell what was meant: the choice that gives
 * the least away. Null where no value is such a choice, and what needs it does
 * not happen.
 */
const CLOSED: Values = {
  captureCode: false,
  captureOutput: false,
  maxCharacters: 0,
  keepSecrets: false,
  locked: true,
  identity: 'pseudonym',
  names: 'english',
  // The most that a student may do.
  pause: 'allowed',
  consent: 'opt-in',
  sharedComputer: true
};

/**
 * Check names and values against the schema. A misspelt setting closes what it
 * may have meant as far as it says so itself, one of the wrong kind closes
 * itself. Python has the same rule, `ipynb_telemetry/settings/check.py`; both are
 * held to `conformance/rules/settings.json`.
 *
 * @param properties - the schema's, of which those with a title are settings
 * @param written - what is written, by name
 */
export function checkSettings(
  properties: Properties,
  written: Values
): IChecked {
  const known = Object.entries(properties).filter(([, { title }]) => title);
  const values = Object.create(null) as Record<string, unknown>;
  const faults: IFault[] = [];
  for (const [name, property] of known) {
    const value = Object.hasOwn(written, name)
      ? written[name]
      : property.default;
    if (!takes(property, value)) {
      values[name] = closedValue(name, property);
      faults.push({ name, expected: property, meant: [], closed: [name] });
    } else if (property.type === 'object') {
      const members = checkMembers(name, property, value as Values);
      values[name] = members.values;
      faults.push(...members.faults);
    } else {
      values[name] = value;
    }
  }
  const paths = known.flatMap(([name, property]) => [
    name,
    ...Object.keys(property.properties ?? {}).map(each => `${name}.${each}`)
  ]);
  for (const name of Object.keys(written)) {
    if (!(name in values)) {
      const meant = nearest(name, paths, true);
      const closed = meant.filter(path =>
        narrow(values, path, written[name], properties)
      );
      faults.push({ name, expected: null, meant, closed });
    }
  }
  return { values, faults };
}

/**
 * An event of a lesson's own has a switch too; a test source has none. The lines
 * of a notice are texts, and one that is none is left out.
 */
function checkMembers(
  name: string,
  { properties = {} }: IProperty,
  written: Values
): IChecked {
  const values: Record<string, unknown> = { ...written };
  const known = Object.keys(properties);
  const faults: IFault[] = [];
  for (const [member, value] of Object.entries(written)) {
    const path = `${name}.${member}`;
    const isKnown = known.includes(member);
    const expected = { type: kindOf(name) };
    const meant = isKnown ? [] : nearest(member, known);
    if (meant.length > 0 || (!isKnown && name !== 'events')) {
      const closed = value === true || isNotice(name) ? [] : meant;
      closed.forEach(each => (values[each] = false));
      faults.push({
        name: path,
        expected: null,
        meant,
        closed: closed.map(each => `${name}.${each}`)
      });
    }
    if (typeof value !== expected.type) {
      values[member] = isNotice(name) ? '' : false;
      if (meant.length === 0) {
        faults.push({ name: path, expected, meant, closed: [path] });
      }
    }
  }
  return { values, faults };
}

/** The only setting whose members are texts. */
function isNotice(name: string): boolean {
  return name === 'notice';
}

function kindOf(name: string): string {
  return isNotice(name) ? 'string' : 'boolean';
}

/**
 * Close a setting as far as the value of a misspelt one says.
 *
 * @returns whether the setting is another one now
 */
function narrow(
  values: Record<string, unknown>,
  path: string,
  value: unknown,
  properties: Properties
): boolean {
  const [name, member] = path.split('.');
  const before = values[name];
  if (member !== undefined) {
    if (
      value === true ||
      isNotice(name) ||
      !isObject(before) ||
      before[member] === false
    ) {
      return false;
    }
    values[name] = { ...before, [member]: false };
    return true;
  }
  values[name] = !takes(properties[name], value)
    ? closedValue(name, properties[name])
    : narrower(name, before, value, properties[name]);
  return values[name] !== before;
}

/** Tests that are decorated are recorded in any case, those without can all be left out. */
function closedValue(name: string, property: IProperty): unknown {
  return name === 'testSources'
    ? Object.fromEntries(
        Object.keys(property.properties ?? {}).map(each => [each, false])
      )
    : isNotice(name)
      ? {}
      : (CLOSED[name] ?? null);
}

function narrower(
  name: string,
  before: unknown,
  value: unknown,
  property: IProperty
): unknown {
  switch (name) {
    case 'captureCode':
    case 'captureOutput':
    case 'keepSecrets':
      return before && value;
    case 'locked':
    case 'sharedComputer':
      return before || value;
    case 'consent':
      return value === 'opt-in' ? value : before;
    case 'notice':
      return before;
    case 'maxCharacters':
      return Math.min(before as number, value as number);
    case 'identity':
      // A slip must neither give a name away nor trust an account.
      return [before, value].includes('pseudonym') ? 'pseudonym' : 'prompt';
    case 'names':
      return CLOSED[name];
    case 'secretPatterns':
      return before === null ? null : [before, value].join(' ');
    case 'privacyNotice':
      return before === null ? null : value;
    case 'events':
    case 'testSources': {
      // The switches may be misspelt too.
      const { values } = checkMembers(name, property, value as Values);
      const off = Object.entries(values).filter(([, on]) => on !== true);
      return before && off.length > 0
        ? {
            ...before,
            ...Object.fromEntries(off.map(([each]) => [each, false]))
          }
        : before;
    }
    default:
      // Where events go: half of what was meant may be the wrong place.
      return null;
  }
}
