// Python makes the same: ipynb_telemetry/tests/support/fakesecrets.py.
import corpus from '../../../conformance/rules/secret_kinds.json';
import table from '../../../conformance/rules/secrets.json';

/** The half of the kinds and contexts that the scanners were written with, or the other one. */
export type Half = 'development' | 'held out';

/** Texts that tell a secret, and what must not be left of it. */
export interface ITelling {
  readonly kind: string;
  readonly side: 'code' | 'output';
  readonly context: string;
  /** The secret without its mark. */
  readonly secret: string;
  /** Cleaned one after the other; the last one tells the secret. */
  readonly steps: ReadonlyArray<string>;
}

interface IRow {
  readonly mark: string;
  readonly alphabet: string;
  readonly length: ReadonlyArray<number>;
  readonly dots?: number;
  readonly before?: {
    readonly alphabet: string;
    readonly length: ReadonlyArray<number>;
  };
}

interface IKind {
  readonly kind: string;
  readonly name: string;
  readonly mark: string;
  readonly make: (draw: Draw) => string;
}

type Draw = (alphabet: string, length: number) => string;

const SIGNS = Object.fromEntries(
  Object.entries({ ...table.alphabets, ...corpus.alphabets }).map(
    ([name, inside]) => [name, spelt(inside)]
  )
);
/** How many fakes there are of each kind in each context. */
const FAKES = 2;
/** How much longer than the shortest a fake may be. */
const LONGER = 40;

function spelt(inside: string): string {
  const sign = new RegExp(`[${inside}]`);
  return Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
    .filter(each => sign.test(each))
    .join('');
}

/** Numbers by Park and Miller, the same for the same seed. */
function numbers(seed: number): () => number {
  let state = seed + 1;
  return () => (state = (state * 16807) % 2147483647);
}

function drawer(next: () => number): Draw {
  return (alphabet, length) =>
    Array.from({ length }, () => {
      const signs = SIGNS[alphabet];
      return signs[next() % signs.length];
    }).join('');
}

function uuid(draw: Draw): string {
  return draw('hexadecimal', 32).replace(
    /^(.{8})(.{4})(.{4})(.{4})/,
    '$1-$2-$3-$4-'
  );
}

function behind({ alphabet, length, dots }: IRow, draw: Draw): string {
  const [least, greatest] = length;
  const count = Math.min(greatest, least + LONGER);
  if (alphabet === 'hexadecimal and hyphens' && least === 36) {
    return uuid(draw);
  }
  if (dots !== undefined) {
    const part = Math.floor((count - dots) / (dots + 1));
    return Array.from({ length: dots + 1 }, (_, i) =>
      draw('letters and digits', i < dots ? part : count - dots * (part + 1))
    ).join('.');
  }
  return draw(alphabet, count)
    .replace(/[^A-Za-z0-9_]{2,}/g, signs => 'a'.repeat(signs.length))
    .replace(/^[^A-Za-z0-9]|[^A-Za-z0-9]$/g, 'a');
}

function kindsOf(half: Half): IKind[] {
  const unmarked = corpus.kinds[half].map(each => ({
    kind: each.kind,
    name: each.name,
    mark: 'mark' in each ? (each.mark as string) : '',
    make: (draw: Draw) =>
      each.alphabet === 'uuid' ? uuid(draw) : draw(each.alphabet, each.length)
  }));
  const marked = Object.entries(table.providers).flatMap(
    ([provider, rows], index) =>
      (index % 2 === 0) === (half === 'development')
        ? (rows as IRow[]).map(row => ({
            kind: `${provider} ${row.mark}`,
            name: `${provider.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase()}_${['API_KEY', 'TOKEN', 'SECRET'][index % 3]}`,
            mark: row.mark,
            make: (draw: Draw) => behind(row, draw)
          }))
        : []
  );
  return [...unmarked, ...marked];
}

/** All fakes of one half of the kinds, in one half of the contexts. */
export function tellings(half: Half, contextsOf: Half = half): ITelling[] {
  const sides = Object.entries(corpus.contexts[contextsOf]) as Array<
    ['code' | 'output', Record<string, string[]>]
  >;
  const contexts = sides.flatMap(([side, named]) =>
    Object.entries(named).map(([context, steps]) => ({ side, context, steps }))
  );
  const rows = Object.values(table.providers).flat() as IRow[];
  return kindsOf(half).flatMap((each, i) =>
    contexts.flatMap(({ side, context, steps }, j) =>
      Array.from({ length: FAKES }, (_, n) => {
        const draw = drawer(numbers((i * 100 + j) * 10 + n));
        draw('digits', 5);
        const secret = each.make(draw);
        const { before } = rows.find(({ mark }) => mark === each.mark) ?? {};
        const head = before ? draw(before.alphabet, before.length[0]) : '';
        const whole = head + each.mark + secret;
        return {
          kind: each.kind,
          side,
          context,
          secret: head + secret,
          steps: steps.map(step =>
            step
              .replaceAll('{}', whole)
              .replaceAll('{NAME}', each.name)
              .replaceAll('{name}', each.name.toLowerCase())
          )
        };
      })
    )
  );
}

/** Whether nine characters of a secret together are left in a text, or all of a shorter one. */
export function survives(text: string, secret: string): boolean {
  const length = Math.min(9, secret.length);
  for (let at = 0; at + length <= secret.length; at++) {
    if (text.includes(secret.slice(at, at + length))) {
      return true;
    }
  }
  return false;
}
