import type { Trans } from '../trans';
import { english, fill } from '../trans';

/** The translations of strings, by the strings; of a plural, each form. */
type Catalogue = Readonly<Record<string, ReadonlyArray<string> | undefined>>;

/** The catalogues that JupyterLab has of its server, each a chunk of the page here. */
const CATALOGUES: Readonly<
  Record<string, () => Promise<{ default: unknown }>>
> = {
  ar: () =>
    import('../../../ipynb_telemetry/locale/ar_SA/LC_MESSAGES/ipynb_telemetry.json?words'),
  de: () =>
    import('../../../ipynb_telemetry/locale/de_DE/LC_MESSAGES/ipynb_telemetry.json?words'),
  es: () =>
    import('../../../ipynb_telemetry/locale/es_ES/LC_MESSAGES/ipynb_telemetry.json?words'),
  fr: () =>
    import('../../../ipynb_telemetry/locale/fr_FR/LC_MESSAGES/ipynb_telemetry.json?words')
};

/** The plural forms in the order of a catalogue; what a language has no form for is the last. */
const FORMS = ['zero', 'one', 'two', 'few', 'many', 'other'];

/** The words of the first language that the reader knows and that there are words of. */
export async function wordsFor(
  languages: ReadonlyArray<string>
): Promise<{ readonly language: string; readonly trans: Trans }> {
  const language = languages
    .map(tag => tag.split('-')[0])
    .find(each => each === 'en' || Object.hasOwn(CATALOGUES, each));
  if (language === undefined || language === 'en') {
    return { language: 'en', trans: english };
  }
  const { default: catalogue } = await CATALOGUES[language]();
  return { language, trans: transOf(catalogue as Catalogue, language) };
}

function transOf(catalogue: Catalogue, language: string): Trans {
  const rules = new Intl.PluralRules(language);
  return {
    __: (text: string, ...args: unknown[]) =>
      fill(catalogue[text]?.[0] ?? text, args),
    _p: (context: string, text: string, ...args: unknown[]) =>
      fill(catalogue[`${context}\u0004${text}`]?.[0] ?? text, args),
    _n: (one: string, many: string, n: number, ...args: unknown[]) => {
      const forms = catalogue[one];
      if (!forms) {
        return fill(n === 1 ? one : many, [n, ...args]);
      }
      const form =
        forms.length === FORMS.length
          ? FORMS.indexOf(rules.select(n))
          : rules.select(n) === 'one'
            ? 0
            : 1;
      return fill(forms[form], [n, ...args]);
    }
  };
}
