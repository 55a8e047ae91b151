import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const LOCALE = join(ROOT, 'ipynb_telemetry', 'locale');

/** The faults that `npm run translations -- --check` names. */
function faultsIn(locale: string): string[] {
  const script = join(ROOT, 'scripts', 'translations.mjs');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [script, '--check', '--locale', locale],
    { encoding: 'utf8' }
  );
  expect(stderr).toBe('');
  return stdout.trim().split('\n').sort();
}

it('has every string in every language, and no other', () => {
  expect(faultsIn(LOCALE)).toEqual(['Everything is translated.']);
});

it('tells what is wrong with a translation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipynb-telemetry-locale-'));
  const change = (language: string, before: string, after: string): void => {
    const path = join(folder, language, 'LC_MESSAGES', 'ipynb_telemetry.po');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(before);
    writeFileSync(path, text.replace(before, after));
  };
  try {
    cpSync(LOCALE, folder, { recursive: true });
    change('de_DE', 'msgstr "Weiter"', 'msgstr ""');
    change('de_DE', 'msgid "Yes"', 'msgid "Gone"');
    change('es_ES', '"Aparecerás como %1"', '"Aparecerás"');
    change('es_ES', 'msgstr "Seguir"', 'msgstr "Seguir %1"');
    change('fr_FR', 'msgstr "Continuer"', 'msgstr "Continuer "');
    change('ar_SA', 'msgstr[5] "%1 طالب"\n', '');
    expect(faultsIn(folder)).toEqual(
      [
        'ar_SA: plural forms: %1 student',
        'ar_SA: json is not up to date: npm run translations',
        'de_DE: json is not up to date: npm run translations',
        'de_DE: missing: Go on',
        'de_DE: missing: Yes',
        'de_DE: po is not up to date: npm run translations',
        'de_DE: unused: Gone',
        'es_ES: json is not up to date: npm run translations',
        'es_ES: placeholders: Go on',
        'es_ES: placeholders: You will appear as %1',
        'fr_FR: blanks: Go on',
        'fr_FR: json is not up to date: npm run translations'
      ].sort()
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('loads the same domain everywhere', () => {
  const plugins = join(ROOT, 'src', 'plugins');
  const loaded = readdirSync(plugins).flatMap(name => [
    ...readFileSync(join(plugins, name), 'utf8').matchAll(
      /nullTranslator\)\.load\('(.*)'\)/g
    )
  ]);
  expect(loaded.length).toBeGreaterThan(3);
  expect(new Set(loaded.map(([, domain]) => domain))).toEqual(
    new Set(['ipynb_telemetry'])
  );
});
