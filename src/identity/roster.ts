/** A row of a class's roster, as its collector offers it. */
export interface IRosterRow {
  /** The roster's id; under a pseudonym the code. */
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
}

/** The rows that a search found. */
export interface IFoundRows {
  readonly rows: ReadonlyArray<IRosterRow>;
  /** Whether there are others, which are not among these. */
  readonly hasMore: boolean;
}

/** A collector's roster, as far as its instructor offers it to students. */
export interface IRoster {
  /** Whether students may look for names, or have to know their code. */
  readonly offer: 'names' | 'codes';
  /**
   * Find the names with words that begin as these do; of many, further words
   * may begin the group.
   *
   * @throws when the collector does not answer, or badly
   */
  find(typed: string): Promise<IFoundRows>;
  /**
   * Find whose a code is.
   *
   * @param code - as events have it
   * @returns null: nobody's; `wait`: too many codes came that were wrong
   * @throws when the collector does not answer, or badly
   */
  whose(code: string): Promise<IRosterRow | 'wait' | null>;
}

/** Somebody's name, with the group that tells them from others of that name. */
export function shownOf({ name, group }: IRosterRow): string {
  return group ? `${name}, ${group}` : name;
}
