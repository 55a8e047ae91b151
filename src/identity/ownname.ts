/**
 * Which names are taken: two in English letters, one as its bearer writes it, or
 * none that leaves this browser, but a code that stands for the student.
 */
export type NameRule = 'english' | 'any' | 'pseudonym';

/** A name in the letters of its bearer, and the id by which events are kept. */
export interface IOwnName {
  readonly name: string;
  /** Letters of the name, as far as they are English ones, and a suffix of the person's code. */
  readonly id: string;
}
