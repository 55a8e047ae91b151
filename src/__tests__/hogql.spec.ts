/**
 * The queries of the PostHog dashboard, and those in the docs, are HogQL to PostHog's own parser.
 *
 * @jest-environment node
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { HogQLParser } from '@posthog/hogql-parser';
import hogqlParser from '@posthog/hogql-parser';

const ROOT = resolve(__dirname, '..', '..');
const TILES = join(ROOT, 'ipynb_telemetry', 'posthogapi', 'tiles');
const DOCUMENTED = join(
  ROOT,
  'ipynb_telemetry',
  'tests',
  'posthogapi',
  'documentedfunctions.json'
);
/** What stands for names such as `__items__`; tests in Python have real ones. */
const LISTS: Readonly<Record<string, string>> = {
  tests: '[0, 1]',
  exercises: "[('', '', 0, 0), ('D1', 'It\\'s 1', 2, 1)]"
};

/** What is looked at of a node of the parser's tree. */
interface INode {
  readonly node: string;
  readonly name?: string;
  readonly chain?: ReadonlyArray<string>;
  readonly expr?: INode;
  readonly where?: INode;
  readonly limit?: { readonly node: string; readonly value: number };
  readonly select_from?: { readonly table: INode };
}
interface IDashboard {
  readonly variables: ReadonlyArray<{ readonly code_name: string }>;
}
type Sections = Readonly<Record<string, ReadonlyArray<string>>>;
interface IDocumented {
  readonly 'clickhouse-functions': Sections;
  readonly aggregations: Sections;
}

/** For the largest query on a busy machine: the parser takes a second or two. */
const PATIENCE_MS = 120_000;

function read(name: string): { needs: string[]; body: string } {
  const text = readFileSync(join(TILES, `${name}.sql`), 'utf8').trim();
  const [first, ...lines] = text.split('\n');
  const needs = /^-- needs:(.*)$/.exec(first)![1];
  return {
    needs: needs
      .split(',')
      .map(each => each.trim())
      .filter(Boolean),
    body: lines.join('\n')
  };
}

/** A part and what it needs, which comes first, as `posthogapi/tiles.py` does it. */
function parts(name: string): [string, string][] {
  const { needs, body } = read(`parts/${name}`);
  return [...needs.flatMap(parts), [name, body]];
}

function compose(name: string): string {
  const { needs, body } = read(name);
  const told = [...new Map(needs.flatMap(parts))]
    .map(([part, text]) => `${part} AS (\n${text}\n)`)
    .join(',\n');
  return `WITH ${told}\n${body}`.replace(
    /__([a-z_]+?)__/g,
    (_, place: string) =>
      /minutes|seconds|runs|fails|few|characters|classmates|discriminating/.test(
        place
      )
        ? '5'
        : (LISTS[place] ?? "['', 'It\\'s\\n1']")
  );
}

function* nodes(tree: unknown): Generator<INode> {
  if (tree && typeof tree === 'object') {
    if ('node' in tree) {
      yield tree as INode;
    }
    for (const each of Object.values(tree)) {
      yield* nodes(each);
    }
  }
}

let parser: HogQLParser;

function parse(query: string): INode {
  const tree = JSON.parse(parser.parseSelect(query, true)) as INode;
  expect({ ...tree, query }).not.toHaveProperty('error');
  return tree;
}

const names = readdirSync(TILES)
  .filter(name => name.endsWith('.sql'))
  .map(name => basename(name, '.sql'));
const dashboard = JSON.parse(
  readFileSync(join(TILES, 'dashboard.json'), 'utf8')
) as IDashboard;
const { 'clickhouse-functions': functions, aggregations } = JSON.parse(
  readFileSync(DOCUMENTED, 'utf8')
) as IDocumented;
const documented = new Set(
  [...Object.values(functions), ...Object.values(aggregations)].flat()
);

beforeAll(async () => {
  parser = await hogqlParser();
});

describe.each(names)('the query of %s', name => {
  let all: INode[];

  beforeAll(() => {
    all = [...nodes(parse(compose(name)))];
  }, PATIENCE_MS);

  it('calls what PostHog documents', () => {
    const called = all
      .filter(({ node }) => node === 'Call' || node === 'WindowFunction')
      .map(({ name }) => name!);
    expect(called.filter(name => !documented.has(name))).toEqual([]);
    expect(called.length).toBeGreaterThan(10);
  });

  it('reads properties by what their JSON says', () => {
    const chains = all
      .filter(({ node }) => node === 'Field')
      .map(({ chain }) => chain!);
    // properties.x has the type that the project takes the property for, and texts as JSON has them.
    expect(
      chains.filter(([first, ...rest]) => first === 'properties' && rest.length)
    ).toEqual([]);
  });

  it('has the filters of the dashboard where events are read, and its variables', () => {
    const selects = all.filter(({ node }) => node === 'SelectQuery');
    const fromEvents = selects.filter(
      ({ select_from: from }) => from?.table.chain?.join('.') === 'events'
    );
    expect(fromEvents.length).toBeGreaterThan(0);
    for (const { where } of fromEvents) {
      const placeholders = [...nodes(where)]
        .filter(({ node }) => node === 'Placeholder')
        .map(({ expr }) => expr!.chain!.join('.'));
      expect(new Set(placeholders)).toEqual(
        new Set([
          'filters',
          ...dashboard.variables.map(each => `variables.${each.code_name}`)
        ])
      );
    }
  });

  it('is limited, since PostHog would give 100 rows', () => {
    expect(all[0].limit).toMatchObject({ node: 'Constant' });
    expect(all[0].limit!.value).toBeLessThanOrEqual(50_000);
  });
});

it('finds what is no HogQL', () => {
  expect(
    JSON.parse(parser.parseSelect('SELECT count( FROM events', true))
  ).toHaveProperty('error');
});

it('reads the queries of the docs', () => {
  const page = join(ROOT, 'docs', 'instructor', 'questions.md');
  const queries = readFileSync(page, 'utf8').match(
    /(?<=```sql\n).*?(?=```)/gs
  )!;
  expect(queries.length).toBeGreaterThan(2);
  queries.forEach(parse);
});
