/** A cell as it lies in a notebook file. */
export interface ICell {
  id: string;
  cell_type: 'code' | 'markdown' | 'raw';
  source: string;
  metadata: Record<string, unknown>;
  outputs?: unknown[];
  execution_count?: number | null;
}

/** A notebook file, as far as tests care. */
export interface INotebook {
  cells: ICell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: 5;
}

export type CellOptions = Partial<Omit<ICell, 'cell_type' | 'source'>>;

/** A code cell. Without an id it is named by its place, `cell-0` and so on. */
export function code(source: string, options: CellOptions = {}): ICell {
  return {
    id: '',
    cell_type: 'code',
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
    ...options
  };
}

/** A markdown cell. */
export function markdown(source: string, options: CellOptions = {}): ICell {
  return { id: '', cell_type: 'markdown', source, metadata: {}, ...options };
}

/** A notebook without telemetry; `metadata` adds to that of a Python notebook. */
export function plain(
  cells: ICell[],
  metadata: Record<string, unknown> = {}
): INotebook {
  return {
    cells: cells.map((cell, index) => ({
      ...cell,
      id: cell.id || `cell-${index}`
    })),
    metadata: {
      kernelspec: {
        display_name: 'Python 3 (ipykernel)',
        language: 'python',
        name: 'python3'
      },
      ...metadata
    },
    nbformat: 4,
    nbformat_minor: 5
  };
}

/** A notebook with telemetry; without `notebook` it goes by its file's name. */
export function flagged(cells: ICell[], notebook?: string): INotebook {
  return plain(cells, { ipynb_telemetry: { enabled: true, notebook } });
}
