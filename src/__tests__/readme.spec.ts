import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as ts from 'typescript';
import * as z from 'zod/mini';
import { CATALOG } from '../events/catalog';

const ROOT = resolve(__dirname, '..', '..');
const README = join(ROOT, 'README.md');
/** What another package finds under our name, before it is built. */
const PATHS = {
  'ipynb-telemetry': [join(ROOT, 'src')],
  'ipynb-telemetry/lib/*': [join(ROOT, 'src', '*')]
};
/** Prettier would align the table to its longest cells. */
const SECTION =
  /(?<=<!-- prettier-ignore-start -->\n).*?(?=<!-- prettier-ignore-end -->)/s;

interface IJSONSchema {
  readonly enum?: ReadonlyArray<string>;
  readonly anyOf?: ReadonlyArray<IJSONSchema>;
  readonly properties?: Readonly<Record<string, IJSONSchema>>;
}

/** Of `both` the kernel captures an event where no page of ours reports. */
const WHO = { page: 'page', kernel: 'kernel', both: 'page or kernel' } as const;

/** The event table, as the catalogue has it. */
function eventTable(): string {
  const rows = Object.entries(CATALOG).map(
    ([name, { when, capturedBy, properties }]) =>
      `| \`${name}\` | ${when} | ${describeProperties(z.toJSONSchema(properties) as IJSONSchema)} | ${WHO[capturedBy]} |`
  );
  return [
    '',
    '| Event | When | Properties | Captured by |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ''
  ].join('\n');
}

function describeProperties({ properties = {} }: IJSONSchema): string {
  return Object.entries(properties)
    .map(([name, schema]) => {
      const choices = schema.enum ?? schema.anyOf?.[0].enum;
      const values = choices?.map(choice => `\`${choice}\``).join(', ');
      return values ? `\`${name}\` (${values})` : `\`${name}\``;
    })
    .join(', ');
}

/** The examples in TypeScript, by what each of them imports of ours. */
function examples(): Map<string, string> {
  const blocks = readFileSync(README, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms);
  return new Map(
    [...blocks].map(([, code]) => [
      /'(ipynb-telemetry[^']*)'/.exec(code)?.[1] ?? code,
      code
    ])
  );
}

/** What the compiler says of programs by another hand, under our own options. */
function complaints(programs: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(
    join(ROOT, 'tsconfig.json'),
    ts.sys.readFile
  );
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      ...{ composite: false, incremental: false, noEmit: true },
      ...{ rootDir: ROOT, paths: PATHS }
    },
    ROOT
  );
  const files = new Map(
    [...programs].map(([name, code]) => [
      join(ROOT, `${name.replaceAll('/', '-')}.example.ts`),
      code
    ])
  );
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name);
    return code === undefined
      ? readSource(name, ...rest)
      : ts.createSourceFile(name, code, ts.ScriptTarget.ES2021);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  // Of the examples only: our own files are the subject of tsc.
  const sources = [...files.keys()].map(file => program.getSourceFile(file));
  return [
    ...program.getOptionsDiagnostics(),
    ...sources.flatMap(source => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source)
    ])
  ].map(({ file, messageText }) =>
    [
      file && basename(file.fileName),
      ts.flattenDiagnosticMessageText(messageText, ' ')
    ].join(' ')
  );
}

describe('README.md', () => {
  it('has the event table of the catalogue; npm run docs writes it', () => {
    const text = readFileSync(README, 'utf8');
    if (process.env.npm_lifecycle_event === 'docs') {
      writeFileSync(README, text.replace(SECTION, eventTable));
    }
    const [section] = SECTION.exec(readFileSync(README, 'utf8')) ?? [];
    expect(section).toBe(eventTable());
  });
  it('has examples in TypeScript that compile', () => {
    const programs = examples();
    expect([...programs.keys()]).toEqual([
      'ipynb-telemetry',
      'ipynb-telemetry/lib/delivery'
    ]);
    expect(complaints(programs)).toEqual([]);
  });
});
