import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Gettext } from '@jupyterlab/translation';
import schema from '../../../schema/plugin.json';
import { inWords } from '../../runtime/schemawords';
import french from '../../../ipynb_telemetry/locale/fr_FR/LC_MESSAGES/ipynb_telemetry.json';

const SCHEMA: ISettingRegistry.ISchema = JSON.parse(JSON.stringify(schema));
const trans = new Gettext({ domain: 'ipynb_telemetry', locale: 'fr_FR' });
trans.loadJSON(
  {
    ...french,
    '': { ...french[''], pluralForms: french[''].plural_forms }
  },
  'ipynb_telemetry'
);

/** All titles and descriptions, wherever they stand. */
function wordsOf(part: unknown): string[] {
  return Object.entries(part ?? {}).flatMap(([key, value]) =>
    typeof value === 'object'
      ? wordsOf(value)
      : /^(title|description|.*icon-label)$/.test(key)
        ? [String(value)]
        : []
  );
}

it('translates every title and description, and nothing else', () => {
  const before = JSON.stringify(SCHEMA);
  const after = inWords(SCHEMA, trans);
  const english = wordsOf(SCHEMA);
  expect(english.length).toBeGreaterThan(45);
  const known: Record<string, unknown> = french;
  expect(wordsOf(after)).toEqual(
    english.map(text =>
      String(known[`settings\u0004${text}`] ?? known[`schema\u0004${text}`])
    )
  );
  expect(after.title).toBe('Télémétrie d’apprentissage');
  const { host, identity } = after.properties!;
  expect(host.title).toBe('Hôte');
  expect(host.default).toBe(SCHEMA.properties!.host.default);
  expect(identity.oneOf).toContainEqual(
    expect.objectContaining({ const: 'prompt' })
  );
  expect(JSON.stringify(SCHEMA)).toBe(before);
});
