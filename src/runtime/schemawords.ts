// The words stand in the schema, where scripts/translations.mjs finds them.
/* eslint-disable jupyter/no-dynamic-translation */
import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { TranslationBundle } from '@jupyterlab/translation';

type Part = Record<string, unknown>;

/**
 * A schema with its titles and descriptions in the language of the interface.
 * JupyterLab's server would take them from a language pack alone, never from a
 * package; their contexts are those that it looks under.
 */
export function inWords(
  schema: ISettingRegistry.ISchema,
  trans: TranslationBundle
): ISettingRegistry.ISchema {
  return translated(schema, 'schema', trans) as typeof schema;
}

function translated(
  part: Part,
  context: string,
  trans: TranslationBundle
): Part {
  const each = (parts: object): Part =>
    changed(parts, (_, value) => translated(value as Part, 'settings', trans));
  return changed(part, (key, value) => {
    switch (key) {
      case 'title':
      case 'description':
        return trans.pgettext(context, value as string);
      case 'jupyter.lab.setting-icon-label':
        return trans.pgettext('settings', value as string);
      case 'oneOf':
        return Object.values(each(value as object));
      case 'properties':
        return each(value as object);
      default:
        return value;
    }
  });
}

function changed(
  part: object,
  change: (key: string, value: unknown) => unknown
): Part {
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, change(key, value)])
  );
}
