/**
 * Where a spreadsheet would see a formula begin, also behind a list separator that is
 * not the comma; as in src/classview/model/csv.ts.
 */
const FORMULA = /(^|[;\t\r\n])(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;
const BLANK = /^[\t\r\n]/;

/** Rows as CSV (RFC 4180), which spreadsheets open without running any of it. */
export function writeCsv(rows: ReadonlyArray<ReadonlyArray<unknown>>): string {
  return rows.map(row => `${row.map(field).join(',')}\r\n`).join('');
}

function field(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value !== 'string') {
    return field(JSON.stringify(value)).replace(/^'/, '');
  }
  const calm = value.replace(FORMULA, "$1'");
  const safe = BLANK.test(calm) ? `'${calm}` : calm;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
