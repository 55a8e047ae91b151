/** A student as the name prompt made them. */
export interface IStudent {
  /** `FIRST_LAST`, the `distinct_id` of every event. */
  readonly id: string;
  /** `FIRST-LAST`, as people read it. */
  readonly name: string;
}
