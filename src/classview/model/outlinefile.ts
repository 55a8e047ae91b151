/** A notebook whose exercises may become the class's. */
export interface IOutlineFile {
  readonly notebook: string;
  /** Its cells without outputs, which tell nothing of the exercises and may be large. */
  readonly cells: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

/**
 * Read a notebook's file.
 *
 * @param name - of the file: the id of a notebook that names none
 * @param text - what is in it
 * @returns null where that is no notebook
 */
export function readOutlineFile(
  name: string,
  text: string
): IOutlineFile | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const { cells, metadata, nbformat, nbformat_minor } = (document ??
    {}) as Record<string, unknown>;
  if (!Array.isArray(cells)) {
    return null;
  }
  const flag = (metadata as Record<string, unknown> | undefined)
    ?.ipynb_telemetry as Record<string, unknown> | undefined;
  const told = typeof flag === 'object' ? flag?.notebook : undefined;
  // Below format 4.5 an id is made up at each opening. Events do not name cells by it.
  const hasIds =
    Number(nbformat) > 4 ||
    (Number(nbformat) === 4 && Number(nbformat_minor) >= 5);
  return {
    notebook: typeof told === 'string' ? told : name.replace(/\.ipynb$/, ''),
    cells: (cells as unknown[]).map(cell => {
      const { cell_type, id, source, metadata } = (cell ?? {}) as Record<
        string,
        unknown
      >;
      return { cell_type, ...(hasIds ? { id } : {}), source, metadata };
    })
  };
}
