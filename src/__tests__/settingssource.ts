import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import schema from '../../schema/plugin.json';
import type { Destination } from '../runtime/destination';
import type { IProblem, ITelemetrySettings } from '../runtime/settings';
import { readSettings } from '../runtime/settings';
import type { Properties } from '../runtime/settingskind';
import * as words from '../runtime/settingswords';
import { trans } from './fakes';

type Values = Readonly<Record<string, unknown>>;

/** Our plugin as the server gives it when an administrator has set something. */
export function overridden(
  overrides: Values,
  raw = '{}'
): ISettingRegistry.IPlugin {
  const ours = JSON.parse(JSON.stringify(schema)) as ISettingRegistry.ISchema;
  const { properties = {} } = ours;
  for (const [name, value] of Object.entries(overrides)) {
    // Members of an object one by one; a name of no setting is one without a title.
    const before = properties[name]?.default;
    properties[name] = {
      ...properties[name],
      default: (typeof before === 'object' && typeof value === 'object'
        ? { ...before, ...value }
        : value) as ISettingRegistry.IProperty['default']
    };
  }
  return {
    id: 'ipynb-telemetry:plugin',
    raw,
    schema: ours,
    version: '0',
    data: { composite: {}, user: {} }
  };
}

/** The settings of a user, under what an administrator has set. */
export function settingsOf(
  user: Values,
  home?: Destination,
  overrides: Values = {},
  keyless?: Destination
): ITelemetrySettings {
  const { properties } = overridden(overrides).schema;
  return readSettings(
    { properties: properties as Properties, user },
    home,
    keyless
  );
}

/** The faults of the settings, in the words in which people are told of them. */
interface ITold {
  readonly words: string;
  readonly isOwn: boolean;
}

/** The same, with what is wrong in words. */
export function toldSettingsOf(
  user: Values,
  home?: Destination
): Omit<ITelemetrySettings, 'faults' | 'refusals'> & {
  readonly faults: ReadonlyArray<ITold>;
  readonly refusals: ReadonlyArray<ITold>;
} {
  const { faults, refusals, ...settings } = settingsOf(user, home);
  const told = (problems: ReadonlyArray<IProblem>): ITold[] =>
    problems.map(({ tell, isOwn }) => ({ words: tell(words, trans), isOwn }));
  return { ...settings, faults: told(faults), refusals: told(refusals) };
}
