/** A student as the name prompt made them. */
export interface IStudent {
  /**
   * The `distinct_id` of every event: `FIRST_LAST`, letters of a name with a suffix such as
   * `SEAN_OBRIEN-7F3K2A`, the id of a roster, or a code such as `c951-w80h-wfyn`.
   */
  readonly id: string;
  /** `FIRST-LAST`, as people read it; with a code for an id, the code. */
  readonly name: string;
  /** The name as its bearer writes it, where such names are taken: it goes with the session's first event. */
  readonly shown?: string;
}
