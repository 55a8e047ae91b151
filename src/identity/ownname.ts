/** Which names are taken: two in English letters, or one as its bearer writes it. */
export type NameRule = 'english' | 'any';

/** A name in the letters of its bearer, and the id by which events are kept. */
export interface IOwnName {
  readonly name: string;
  /** Letters of the name, as far as they are English ones, and a suffix of the person's code. */
  readonly id: string;
}
