/** A place in a grid by numbers: row -1 is the header, column 0 the names of the rows. */
export interface IPosition {
  readonly row: number;
  readonly column: number;
}

/** How far a grid reaches. */
export interface IExtent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

/**
 * Where a key leads (WAI-ARIA Authoring Practices, "Grid").
 *
 * @returns null for a key that leads nowhere
 */
export function moveBy(
  key: string,
  isControl: boolean,
  { row, column }: IPosition,
  { rows, columns, page }: IExtent
): IPosition | null {
  const last = columns - 1;
  const there = (row: number, column: number): IPosition => ({
    row: Math.min(Math.max(row, -1), rows - 1),
    column: Math.min(Math.max(column, 0), last)
  });
  switch (key) {
    case 'ArrowUp':
      return there(isControl ? -1 : row - 1, column);
    case 'ArrowDown':
      return there(isControl ? rows - 1 : row + 1, column);
    case 'ArrowLeft':
      return there(row, isControl ? 0 : column - 1);
    case 'ArrowRight':
      return there(row, isControl ? last : column + 1);
    case 'Home':
      return there(isControl ? -1 : row, 0);
    case 'End':
      return there(isControl ? rows - 1 : row, last);
    case 'PageUp':
      return there(row - page, column);
    case 'PageDown':
      return there(row + page, column);
    default:
      return null;
  }
}
