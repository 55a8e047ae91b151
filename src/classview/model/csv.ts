/** What stands in a cell of a table that is saved. */
export type CsvValue = string | number | null;

/** A table to be saved: the name of its file without suffix, and its rows under a header. */
export interface ICsvTable {
  readonly name: string;
  readonly rows: ReadonlyArray<ReadonlyArray<CsvValue>>;
}

/**
 * Where a spreadsheet would see a formula begin, the wide signs too: at the beginning
 * of a text and, where the list separator is not the comma and quotes within a line
 * are letters, behind a semicolon, a tab and a line break. As in `export`.
 */
const FORMULA = /(^|[;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const BLANK = /^[\t\r\n]/;

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
  const calm = text.replace(FORMULA, "$1'");
  const safe = BLANK.test(calm) ? `'${calm}` : calm;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
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
