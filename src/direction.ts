import type { TranslationBundle } from '@jupyterlab/translation';

/**
 * In which direction the words of the interface run. The translation says so, as
 * in GTK: JupyterLab tells a page its language only in newer versions, and where
 * our words are missing in a language they are English, and run left to right.
 */
export function directionOf(
  trans: Pick<TranslationBundle, '_p'>
): 'ltr' | 'rtl' {
  return trans._p('direction of the writing: ltr or rtl', 'ltr') === 'rtl'
    ? 'rtl'
    : 'ltr';
}
