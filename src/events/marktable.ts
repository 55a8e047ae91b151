import { ALPHABETS, MARKS } from './secretmarks.js';

/** Whether a character, by its code below 128, is of an alphabet. */
export type Alphabet = Uint8Array;

/** What a mark tells of the secret that has it. */
export interface IMark {
  readonly mark: string;
  /** Of what follows the mark. */
  readonly alphabet: Alphabet;
  readonly least: number;
  readonly greatest: number;
  /** Words follow the mark as well: what follows has to look like chance. */
  readonly isWeak: boolean;
  /** How many dots there are in what follows; NaN: any number. */
  readonly dots: number;
  readonly hasChecksum: boolean;
  /** Of what stands before the mark; undefined: the mark is the beginning. */
  readonly before: Alphabet | undefined;
  readonly leastBefore: number;
  readonly greatestBefore: number;
}

const FORM =
  /^(.)(\d+)(?:-(\d+))?(!?)(?:\.(\d))?(#?)(?:<(.)(\d+)(?:-(\d+))?)?$/;
const ALPHABET_OF = new Map(
  ALPHABETS.split(' ').map(each => [each[0], alphabet(each.slice(1))])
);

/** Read what scripts/secretmarks.py has packed. */
function readMarks(packed: string): IMark[] {
  return packed.split('\n').flatMap(line => {
    const [form, ...marks] = line.split(' ');
    const [, of, least, greatest, weak, dots, checksum, before, from, to] =
      FORM.exec(form) ?? [];
    return marks.map(mark => ({
      mark,
      alphabet: ALPHABET_OF.get(of) as Alphabet,
      least: Number(least),
      greatest: Number(greatest ?? least),
      isWeak: weak === '!',
      dots: Number(dots),
      hasChecksum: checksum === '#',
      before: ALPHABET_OF.get(before),
      leastBefore: Number(from),
      greatestBefore: Number(to ?? from)
    }));
  });
}

const TABLE = readMarks(MARKS);
/** Marks by their first two characters, as `pair` has them. */
const FIRST = new Map<number, IMark[]>();
/** Whether any mark begins with a pair: asked for each place, hence no map. */
const BEGINS = new Uint8Array(128 * 128);

/** The marks that stand within a secret, or at its end. */
export const WITHIN = TABLE.filter(({ before }) => before);
for (const each of TABLE) {
  if (!each.before) {
    const key = pair(each.mark, 0);
    FIRST.set(key, [...(FIRST.get(key) ?? []), each]);
    BEGINS[key] = 1;
  }
}

const NONE: ReadonlyArray<IMark> = [];

/** The marks that may begin at a place, by two characters. */
export function marksAt(text: string, at: number): ReadonlyArray<IMark> {
  const key = pair(text, at);
  return (BEGINS[key] && FIRST.get(key)) || NONE;
}

/** The code of two characters; 0 where they are none that a mark begins with. */
function pair(text: string, at: number): number {
  const one = text.charCodeAt(at);
  const other = text.charCodeAt(at + 1);
  return one < 128 && other < 128 ? one * 128 + other : 0;
}

/** @param inside - what a pattern has between `[` and `]` */
export function alphabet(inside: string): Alphabet {
  const sign = new RegExp(`[${inside}]`);
  return Uint8Array.from({ length: 128 }, (_, code) =>
    sign.test(String.fromCharCode(code)) ? 1 : 0
  );
}
