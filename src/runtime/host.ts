/** Why a host is refused; each reason has its own words in the settings. */
export type HostProblem =
  | 'region'
  | 'scheme'
  | 'login'
  | 'query'
  | 'port'
  | 'name'
  | 'letters'
  | 'path';

/** Scheme, server with what else stands there, path, and what follows the path. */
const ADDRESS = /^(https?):\/\/([^/?#]*)([^?#]*)(.*)$/is;
const SERVER = /^(\[[0-9A-Fa-f:]+\]|[^:[]+)(?::(.*))?$/s;
const PORT = /^[0-9]{1,5}$/;
const PATH = /^(\/([\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*$/;
/** Parts of a path that a browser takes away, with what stands before them. */
const DOTS = /\/(\.|%2e){1,2}(\/|$)/i;
/**
 * Small letters of Latin, Greek and Cyrillic, of Japanese, Chinese and Korean:
 * every standard of such names, old and new, encodes these alike. `ß`, emoji,
 * combining marks and scripts from right to left are not among them.
 */
const LETTERS =
  '\u00e0-\u00f6\u00f8-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e' +
  '\u01a1\u01b0\u0219\u021b\u0390\u03ac-\u03c1\u03c3-\u03ce' +
  '\u0430-\u045f\u0491\u1ea1-\u1ef9\u3005\u3041-\u3096\u30a1-\u30fa\u30fc' +
  '\u4e00-\u9fa5\uac00-\ud7a3';
const FOREIGN = new RegExp(`[^\\0-\\x7f${LETTERS}]`);
/** Punycode of nothing but English letters, which some browsers let pass. */
const EMPTY_PUNYCODE = /^xn--(.*-)?$/;
const NUMBER = /^([0-9]+|0x[0-9a-f]*)$/;
const IPV4 = /^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!$)|$)){4}$/;
const IPV4_AS_IPV6 = /^\[::ffff:[0-9a-f]+:[0-9a-f]+\]$/;
/**
 * Addresses of PostHog's app, as a browser shows them, and of its servers that
 * take no events: in PostHog's own cloud, whose regions have a server each, and on
 * a server elsewhere.
 */
const CLOUD_PAGE =
  /^https:\/\/(?:(us|eu)(?:-assets)?(?:\.i)?|app)\.posthog\.com\.?(?::443)?(?:[/?#].*)?$/is;
const PROJECT_PAGE = /^(https?:\/\/[^?#]*?)\/project\/[0-9]+(?:[/?#].*)?$/is;
const NO_REGION = /^https:\/\/(?:www\.)?posthog\.com\.?(?:[:/?#].*)?$/is;
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443
};

/**
 * Read the address of a PostHog server. The kernel and the Jupyter server have
 * the same rule; all three are held to `conformance/rules/hosts.json`.
 *
 * @returns the address as it is used, in small letters and punycode, without a
 * port that goes without saying and without slashes at the end. The address of a
 * page of PostHog's app stands for the server that takes the events of its projects
 */
export function readHost(
  value: string
): { readonly host: string } | { readonly problem: HostProblem } {
  // The address is read by hand: `URL` mends much that no other program would understand.
  const text = value.trim();
  if (NO_REGION.test(text)) {
    return { problem: 'region' };
  }
  const [, protocol, authority, path, rest] = ADDRESS.exec(meant(text)) ?? [];
  if (protocol === undefined) {
    return { problem: 'scheme' };
  }
  if (authority.includes('@')) {
    return { problem: 'login' };
  }
  if (rest !== '') {
    return { problem: 'query' };
  }
  const [, server, port] = SERVER.exec(authority) ?? [];
  if (server === undefined) {
    return { problem: 'name' };
  }
  const number = Number(port);
  if (port !== undefined && !(PORT.test(port) && isPort(number))) {
    return { problem: 'port' };
  }
  const name = readName(server);
  if (typeof name !== 'string') {
    return name;
  }
  const scheme = protocol.toLowerCase();
  if (scheme === 'http' && !LOOPBACK.test(name)) {
    return { problem: 'scheme' };
  }
  if (!PATH.test(path) || DOTS.test(path)) {
    return { problem: 'path' };
  }
  const isImplied = port === undefined || number === DEFAULT_PORTS[scheme];
  const place = isImplied ? name : `${name}:${number}`;
  return { host: `${scheme}://${place}${path.replace(/\/+$/, '')}` };
}

/** @returns the server that the address of a page of PostHog's app stands for, else the text */
function meant(text: string): string {
  const cloud = CLOUD_PAGE.exec(text);
  if (cloud) {
    return `https://${(cloud[1] ?? 'us').toLowerCase()}.i.posthog.com`;
  }
  return PROJECT_PAGE.exec(text)?.[1] ?? text;
}

function isPort(number: number): boolean {
  return number >= 1 && number <= 65_535;
}

/** @returns the name of a server as the name service has it */
function readName(server: string): string | { problem: HostProblem } {
  const name = server.toLowerCase().normalize('NFC').replace(/\.$/, '');
  const malformed = { problem: 'name' } as const;
  if (name.startsWith('[')) {
    const address = encode(name);
    return address === null || IPV4_AS_IPV6.test(address) ? malformed : address;
  }
  if (/[\0-\x7f]/.test(name.replace(/[a-z0-9._-]/g, ''))) {
    return malformed;
  }
  if (FOREIGN.test(name)) {
    return { problem: 'letters' };
  }
  const given = name.split('.');
  const labels = (encode(name) ?? '').split('.');
  const isNumber = NUMBER.test(labels[labels.length - 1]);
  const isWellFormed =
    labels.every(
      (label, index) =>
        label.length >= 1 &&
        label.length <= 63 &&
        !EMPTY_PUNYCODE.test(label) &&
        (label === given[index] || !isAscii(given[index]))
    ) &&
    labels.join('.').length <= 253 &&
    (!isNumber || IPV4.test(name));
  return isWellFormed ? labels.join('.') : malformed;
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** A name in punycode, which `URL` knows; null for none. */
function encode(name: string): string | null {
  try {
    return new URL(`https://${name}`).hostname;
  } catch {
    return null;
  }
}
