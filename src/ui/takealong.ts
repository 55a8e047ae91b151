import type { TranslationBundle } from '@jupyterlab/translation';
import { strToU8, zipSync } from 'fflate';
import { reasonFor } from '../events/wording';
import { writeCsv } from './csv';
import { placeWords, troubleWords } from './placewords';
import { recordWords } from './recordwords';
import type { IMyRecords, IRecord } from './rights';

/** Columns of the table of events before those of their properties. */
const COLUMNS = ['time', 'event', 'words', 'name', 'notebook', 'kept', 'uuid'];

/** The files of everything that is recorded of a student, by their names. */
export function filesOf(
  mine: IMyRecords,
  facts: {
    readonly name: string;
    /** Where events go, in words. */
    readonly destination: string;
    readonly at: Date;
  },
  trans: TranslationBundle
): Readonly<Record<string, string>> {
  const visits = mine.visits.map(({ first, last, ...visit }) => ({
    ...visit,
    first: new Date(first).toISOString(),
    last: new Date(last).toISOString()
  }));
  return {
    'README.txt': readme(mine, facts, trans),
    'records.json': `${JSON.stringify(
      {
        name: facts.name,
        saved_at: facts.at.toISOString(),
        records: mine.records,
        readers: visits,
        not_asked: mine.troubles
      },
      undefined,
      2
    )}\n`,
    // Spreadsheets know UTF-8 by the mark at its beginning.
    'records.csv': `\ufeff${writeCsv(tableOf(mine.records, trans))}`,
    'readers.csv': `\ufeff${writeCsv([
      ['reader', 'what', 'notebook', 'first', 'last'],
      ...visits.map(({ reader, what, notebook, first, last }) => [
        reader,
        what,
        notebook,
        first,
        last
      ])
    ])}`
  };
}

/** Save everything that is recorded of a student as one file. */
export function takeAlong(
  mine: IMyRecords,
  facts: Parameters<typeof filesOf>[1],
  trans: TranslationBundle
): string {
  const files = Object.entries(filesOf(mine, facts, trans));
  const zip = zipSync(
    Object.fromEntries(files.map(([name, text]) => [name, strToU8(text)]))
  );
  const name = `my-records-${facts.at.toISOString().slice(0, 10)}.zip`;
  const url = URL.createObjectURL(new Blob([zip], { type: 'application/zip' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The address is taken back later: the browser still reads the file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return name;
}

function tableOf(
  records: ReadonlyArray<IRecord>,
  trans: TranslationBundle
): unknown[][] {
  const names = new Set(
    records.flatMap(({ properties }) => Object.keys(properties))
  );
  names.delete('notebook');
  return [
    [...COLUMNS, ...names],
    ...records.map(record => [
      record.timestamp,
      record.event,
      recordWords(record, trans),
      record.name,
      record.notebook,
      record.places.join(' '),
      record.uuid,
      ...[...names].map(name => record.properties[name])
    ])
  ];
}

function readme(
  { records, visits, troubles, hasMore }: IMyRecords,
  facts: Parameters<typeof filesOf>[1],
  trans: TranslationBundle
): string {
  const kinds = [...new Set(records.map(({ event }) => event))].sort();
  const places = [...new Set(records.flatMap(record => record.places))];
  return [
    trans.__('Records of %1', facts.name),
    trans.__('Saved on %1', facts.at.toLocaleString()),
    '',
    trans.__(
      'records.json: %1 records with everything that is in them, for programs.',
      String(records.length)
    ),
    trans.__(
      'records.csv: the same as a table, for a spreadsheet. Text that a spreadsheet would run has an apostrophe before it.'
    ),
    trans.__(
      'readers.csv: who looked at them, %1 times.',
      String(visits.length)
    ),
    '',
    facts.destination,
    ...places.map(place => `- ${placeWords(place, trans)}`),
    '',
    trans.__('Why each kind is recorded:'),
    ...kinds.map(kind => `- ${kind}: ${reasonFor(trans, kind)}`),
    '',
    trans.__(
      'Records of yours under the same name that were made without your code, on another device for instance, are not in here. Ask your instructor for those.'
    ),
    ...(hasMore
      ? [trans.__('There are more records than fit: the oldest are left out.')]
      : []),
    ...troubles.map(trouble => troubleWords(trouble, trans)),
    ''
  ].join('\n');
}
