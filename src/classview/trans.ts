import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';

/** The part of JupyterLab's translation that words here need. */
export type Trans = Pick<TranslationBundle, '__' | '_n' | '_p'>;

/** Put values in the place of %1, %2 and so on. */
export const fill = (text: string, args: unknown[]): string =>
  text.replace(/%(\d)/g, (_, nth: string) => String(args[Number(nth) - 1]));

/** English, for a page without JupyterLab. */
export const english: Trans = {
  __: (text: string, ...args: unknown[]) => fill(text, args),
  _n: (one: string, many: string, n: number, ...args: unknown[]) =>
    fill(n === 1 ? one : many, [n, ...args]),
  _p: (_, text: string, ...args: unknown[]) => fill(text, args)
};

const Context = React.createContext<Trans>(english);

/** Gives the words' language to all below. */
export const TransProvider = Context.Provider;

/** The words' language. */
export function useTrans(): Trans {
  return React.useContext(Context);
}
