import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import * as ts from 'typescript';
import * as z from 'zod/mini';
import type { EventName } from '../events/catalog';
import { CATALOG } from '../events/catalog';
import { WORDING } from '../events/wording';
import { trans } from './fakes';

const ROOT = resolve(__dirname, '..', '..');
const EVENTS = join(ROOT, 'docs', 'reference', 'events.md');
const SETTINGS = join(ROOT, 'docs', 'reference', 'settings.md');
const ASSESSMENT = join(ROOT, 'docs', 'administrator', 'dpia.md');
const THREATS = join(ROOT, 'docs', 'administrator', 'security.md');
const EXTENSIONS = join(ROOT, 'docs', 'extensions');
/** What another package finds under our name, before it is built. */
const PATHS = {
  'ipynb-telemetry': [join(ROOT, 'src')],
  'ipynb-telemetry/lib/*': [join(ROOT, 'src', '*')]
};
/** The generated part of a page. Prettier would align a table to its longest cells. */
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
    ([name, { capturedBy, properties }]) =>
      `| \`${name}\` | ${WORDING[name as EventName].when} | ${describeProperties(z.toJSONSchema(properties) as IJSONSchema)} | ${WHO[capturedBy]} |`
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

/** The data map of an impact assessment: what each kind of event holds, by its properties. */
function dataMap(): string {
  const rows = Object.entries(CATALOG).map(
    ([name, { properties }]) =>
      `| \`${name}\` | ${WORDING[name as EventName].when} | ${Object.keys(properties.shape).join(', ')} | ${WORDING[name as EventName].why(trans)} |`
  );
  return [
    '',
    '| Event | When | Data | Why, in the words for students |',
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

interface ISetting {
  readonly title: string;
  readonly description?: string;
  readonly type: string;
  readonly default?: unknown;
  readonly oneOf?: ReadonlyArray<{ const: string; title: string }>;
  readonly properties?: Readonly<Record<string, ISetting>>;
}

/** The settings, as JupyterLab's schema has them. */
function settingsTable(): string {
  const path = join(ROOT, 'schema', 'plugin.json');
  const { properties } = JSON.parse(readFileSync(path, 'utf8')) as ISetting;
  const rows = Object.entries(properties ?? {}).flatMap(([name, setting]) => [
    settingRow(name, setting),
    ...Object.entries(setting.properties ?? {}).map(([part, inner]) =>
      settingRow(`${name}.${part}`, inner)
    )
  ]);
  return [
    '',
    '| Name | In the Settings Editor | Values | Default |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    ''
  ].join('\n');
}

function settingRow(name: string, setting: ISetting): string {
  const { title, description = '', type, oneOf, properties } = setting;
  const values = oneOf
    ? oneOf.map(choice => `\`"${choice.const}"\`: ${choice.title}`).join('; ')
    : { boolean: 'on or off', string: 'text', integer: 'a number' }[type];
  const meaning = `**${title}.** ${description}`.trim();
  const initial = properties ? '' : `\`${JSON.stringify(setting.default)}\``;
  const cells = [`\`${name}\``, meaning, values ?? 'see below', initial];
  return `| ${cells.map(cell => cell.replace(/\|/g, '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
}

/** The generated part of a page, written anew by npm run docs. */
function section(page: string, generated: string): string | undefined {
  if (process.env.npm_lifecycle_event === 'docs') {
    const text = readFileSync(page, 'utf8');
    writeFileSync(
      page,
      text.replace(SECTION, () => generated)
    );
  }
  return SECTION.exec(readFileSync(page, 'utf8'))?.[0];
}

/** The examples in TypeScript, by what each of them imports of ours. */
function examples(): Map<string, string> {
  const blocks = readdirSync(EXTENSIONS)
    .map(name => readFileSync(join(EXTENSIONS, name), 'utf8'))
    .flatMap(text => [...text.matchAll(/^```ts\n(.*?)^```$/gms)]);
  return new Map(
    blocks.map(([, code]) => [
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

describe('The documentation', () => {
  it('has the event table of the catalogue; npm run docs writes it', () => {
    expect(section(EVENTS, eventTable())).toBe(eventTable());
  });
  it('has the settings of the schema; npm run docs writes them', () => {
    expect(section(SETTINGS, settingsTable())).toBe(settingsTable());
  });
  it('has the events in the data map of an assessment; npm run docs writes it', () => {
    expect(section(ASSESSMENT, dataMap())).toBe(dataMap());
  });
  it('names for each threat files that are there', () => {
    const named = readFileSync(THREATS, 'utf8').matchAll(
      /`((?:ipynb_telemetry|src|ui-tests)\/[^`]+)`/g
    );
    const files = [...named].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(40);
    expect(files.filter(file => !existsSync(join(ROOT, file)))).toEqual([]);
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
