/** A student as the name prompt made them. */
export interface IStudent {
  /** `FIRST_LAST`, or letters of a name with a suffix such as `SEAN_OBRIEN-7F3K2A`: the `distinct_id` of every event. */
  readonly id: string;
  /** `FIRST-LAST`, as people read it. */
  readonly name: string;
  /** The name as its bearer writes it, where such names are taken: it goes with the session's first event. */
  readonly shown?: string;
}
