/** Why a project key is refused; each reason has its own words in the settings. */
export type KeyProblem =
  'empty' | 'secret' | 'characters' | 'long' | 'example' | 'form';

/** PostHog's, those of a class collector, and the random ones that older PostHog servers gave. */
const KEY =
  /^(?:(?:phc|tcw)_[\w-]+|(?![Pp][Hh][Cc])(?=.*[0-9])(?=.*[A-Za-z])[\w-]{14,64})$/;
/** Keys of people and programs that read, which must not be given away. */
const SECRET = /^(?:ph[xsar]|tcr)_/;

/**
 * Read a project key. The kernel and the Jupyter server have the same rule; all
 * three are held to `conformance/rules/keys.json`.
 */
export function readKey(
  value: string
): { readonly key: string } | { readonly problem: KeyProblem } {
  const key = value.trim();
  if (key === '') {
    return { problem: 'empty' };
  }
  if (SECRET.test(key)) {
    return { problem: 'secret' };
  }
  if (!/^[\w-]+$/.test(key)) {
    return { problem: 'characters' };
  }
  if (key.length > 64) {
    return { problem: 'long' };
  }
  if (/^phc_your/i.test(key)) {
    return { problem: 'example' };
  }
  return KEY.test(key) ? { key } : { problem: 'form' };
}
