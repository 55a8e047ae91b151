import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';
import { inWords } from './schemawords';
import type { IProperty, Properties, Values } from './settingskind';
import { takes } from './settingskind';

/**
 * The settings as the server has them, before JupyterLab checks them. Its
 * registry would refuse all of them for one default of the wrong kind, and the
 * Settings Editor would show a control for each misspelt name: they get a schema
 * without either, and we read what is written.
 */
export class WrittenSettings {
  constructor(private readonly _trans: TranslationBundle) {}

  /**
   * The schema's settings, with an administrator's defaults as they are written.
   * Of what is in `overrides.json`, the server adds names of no setting too.
   */
  get properties(): Properties {
    return this._properties;
  }

  /** A plugin's schema as the registry may have it. */
  readonly fetch = (
    plugin: ISettingRegistry.IPlugin
  ): ISettingRegistry.IPlugin => {
    const { properties = {} } = plugin.schema;
    this._properties = properties as Properties;
    const translated = inWords(plugin.schema, this._trans);
    // The lock is the administrator's: a user's own would do nothing.
    const { locked, ...others } = translated.properties ?? {};
    const isLocked = locked !== undefined && locked.default !== false;
    const schema = {
      ...translated,
      properties: Object.fromEntries(
        Object.entries(others)
          .filter(([, { title }]) => title)
          .map(([name, property]) => [name, withoutWrongDefault(property)])
      ),
      ...(isLocked && {
        description: this._trans.__(
          'An administrator has locked these settings: what is changed here has no effect.'
        )
      })
    };
    return { ...plugin, schema };
  };

  private _properties: Properties = {};
}

/** A setting without a default has none, and the registry takes that. */
function withoutWrongDefault(
  property: ISettingRegistry.IProperty
): ISettingRegistry.IProperty {
  const { default: value, ...rest } = property;
  const { properties = {} } = property;
  const isRight =
    takes(property as IProperty, value) &&
    Object.entries(properties).every(
      ([name, member]) =>
        !Object.hasOwn(value as object, name) ||
        takes(member as IProperty, (value as Values)[name])
    );
  return isRight ? property : rest;
}
