// The dialogs that ask who is working, with a field of a roster's.
import { consentWords, noticeFacts } from '../identity/noticefacts';
import type { INames } from '../identity/name';
import { promptForName } from '../identity/nameprompt';
import type { IRoster } from '../identity/roster';
import { termsOf, trans, until } from './fakes';

export const CODE = 'c951-w80h-wfyn';
export const OTHER_CODE = 'd14w-r9gp-ax34';

/** The part of the page that must be there. */
export const query = <E extends HTMLElement>(selector: string): E => {
  const found = document.querySelector<E>(selector);
  if (!found) {
    throw new Error(`no ${selector}`);
  }
  return found;
};
/** Wait for a part of the page. */
export const has = (selector: string): Promise<void> =>
  until(() => document.querySelector(selector) !== null);
/** The field of that name. */
export const field = (name = 'roster'): HTMLInputElement =>
  query(`input[name="${name}"]`);
/** The line below the field that says who was found. */
export const status = (): string =>
  query('.jp-Dialog [role="status"]').textContent;
/** The words on what is wrong with the field. */
export const error = (): string =>
  query('#jp-ipynb-telemetry-roster-error').textContent;
/** The names in the list. */
export const options = (): (string | null)[] =>
  [...document.querySelectorAll('[role="option"]')].map(
    each => each.textContent
  );
/** Click on a part of the page. */
export const click = (selector: string): void => query(selector).click();
/** Agree to be recorded. */
export const start = (): void => click('.jp-Dialog .jp-mod-accept');

/** Type over what a field holds. */
export async function type(value: string, name = 'roster'): Promise<void> {
  const { set } = Object.getOwnPropertyDescriptor(
    HTMLInputElement.prototype,
    'value'
  ) as { set: (value: string) => void };
  field(name).focus();
  set.call(field(name), value);
  field(name).dispatchEvent(new Event('input', { bubbles: true }));
  await Promise.resolve();
}

/** Press a key in the field of the roster. */
export async function press(key: string): Promise<void> {
  const keyCode = { Enter: 13, Escape: 27 }[key] ?? 0;
  field().dispatchEvent(
    new KeyboardEvent('keydown', { key, keyCode, bubbles: true })
  );
  await Promise.resolve();
}

/** The options that every dialog of these tests is opened with. */
export const shown = {
  trans,
  notice: 'Your runs are recorded.',
  destination: 'Your records stay on this Jupyter server.',
  facts: noticeFacts(termsOf(), null, trans),
  words: consentWords(termsOf(), false, trans),
  signal: new AbortController().signal
};

/** Ask for first and last name, with a roster. */
export const askName = (
  roster: IRoster | Promise<IRoster | null>,
  known: INames | null = null
): Promise<INames | null> =>
  promptForName({
    ...shown,
    known,
    recorded: null,
    roster: Promise.resolve(roster)
  });
