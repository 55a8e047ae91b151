/** What stands in a cell of a table that is saved. */
export type CsvValue = string | number | null;

/** A table to be saved: the name of its file without suffix, and its rows under a header. */
export interface ICsvTable {
  readonly name: string;
  readonly rows: ReadonlyArray<ReadonlyArray<CsvValue>>;
}

/** Text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** The table as CSV (RFC 4180), which spreadsheets open without running any of it. */
export function writeCsv({ rows }: ICsvTable): string {
  return rows.map(row => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: CsvValue): string {
  if (value === null || typeof value === 'number') {
    return String(value ?? '');
  }
  // Marks that set a name apart on the screen are no part of the name.
  const text = value.replace(/[\u2068\u2069]/g, '');
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** Save the table as a file. */
export function saveCsv(table: ICsvTable): void {
  // Spreadsheets know UTF-8 by the mark at its beginning.
  const blob = new Blob(['\ufeff', writeCsv(table)], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = `${table.name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
