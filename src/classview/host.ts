/** What the place can do that the class view is shown in. */
export interface IHost {
  /** The address of the page of its own, for a second screen; none where this is that page. */
  readonly pageUrl?: string;
  /**
   * Open a notebook at a cell.
   *
   * @param notebook - its id
   * @param cellId - null: at its top
   */
  readonly openCell?: (notebook: string, cellId: string | null) => void;
  /** Whether a notebook with this id can be opened. */
  readonly canOpen?: (notebook: string) => Promise<boolean>;
  /** The notebook in front, to be made the class's outline; null: none is open. */
  readonly currentNotebook?: () => {
    readonly notebook: string;
    /** Its cells, as they are in a notebook file. */
    readonly cells: unknown;
  } | null;
}
