import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import type { EventName } from '../../events/catalog';
import { CATALOG, isEventName } from '../../events/catalog';
import { WORDING } from '../../events/wording';
import { ENVELOPE, RESERVED } from '../../events/envelope';
import { SAMPLES } from '../fakes';

const ROOT = resolve(__dirname, '..', '..', '..');
const FILE = join(ROOT, 'conformance', 'events.json');
/** The Python package carries the same: an installed one has no `conformance/` beside it. */
const CARRIED = join(ROOT, 'ipynb_telemetry', 'events.json');

/** The settings, which have a switch for each event. */
const SETTINGS = join(ROOT, 'schema', 'plugin.json');
/** The Python package carries them for the command line, which works where no JupyterLab is. */
const CARRIED_SETTINGS = join(
  ROOT,
  'ipynb_telemetry',
  'settings',
  'schema.json'
);

interface IJSONSchema {
  $schema?: string;
  type?: string | string[];
  anyOf?: IJSONSchema[];
  enum?: unknown[];
  maximum?: number;
}

/** A schema as JSON Schema has it, without what says nothing. */
function jsonSchema(properties: z.ZodMiniObject): IJSONSchema {
  const { $schema: _, ...written } = z.toJSONSchema(properties, {
    override: context => shorten(context.jsonSchema as IJSONSchema)
  }) as IJSONSchema;
  return written;
}

function shorten(written: IJSONSchema): void {
  const [first, second] = written.anyOf ?? [];
  if (second?.type === 'null' && !first.enum) {
    delete written.anyOf;
    Object.assign(written, first, { type: [first.type, 'null'] });
  }
  if (written.maximum === Number.MAX_SAFE_INTEGER) {
    delete written.maximum;
  }
}

/** All there is to know of the events for whoever does not read TypeScript. */
const definition = {
  envelope: jsonSchema(ENVELOPE),
  reserved: RESERVED,
  events: Object.fromEntries(
    Object.entries(CATALOG).map(
      ([name, { capturedBy, byCode, properties }]) => [
        name,
        {
          when: WORDING[name as EventName].when,
          captured_by: capturedBy,
          by_code: byCode === true,
          switch: WORDING[name as EventName].switch,
          schema: jsonSchema(properties)
        }
      ]
    )
  )
};

/** Prettier, which comes after this in `npm run docs`, makes a file as it is to look. */
function write(file: string, content: unknown): void {
  if (process.env.npm_lifecycle_event === 'docs') {
    writeFileSync(file, JSON.stringify(content, null, 2));
  }
}

/** Text of a JSON file without its layout: the order of names counts. */
function read(file: string): string {
  return JSON.stringify(JSON.parse(readFileSync(file, 'utf8')), null, 2);
}

describe('schema/plugin.json', () => {
  it('has the switches of the catalogue; npm run docs writes them', () => {
    const schema = JSON.parse(readFileSync(SETTINGS, 'utf8')) as {
      properties: { events: { properties: Record<string, unknown> } };
    };
    const { events } = schema.properties;
    // Those that are there keep their places in the Settings Editor.
    const names = new Set([
      ...Object.keys(events.properties).filter(isEventName),
      ...(Object.keys(CATALOG) as EventName[])
    ]);
    events.properties = Object.fromEntries(
      [...names].map(name => [
        name,
        { title: WORDING[name].switch, type: 'boolean', default: true }
      ])
    );
    write(SETTINGS, schema);
    expect(read(SETTINGS)).toBe(JSON.stringify(schema, null, 2));
    write(CARRIED_SETTINGS, schema);
    expect(read(CARRIED_SETTINGS)).toBe(JSON.stringify(schema, null, 2));
  });
});

describe('conformance/events.json', () => {
  it.each([FILE, CARRIED])(
    'is what the catalogue has, in its order; npm run docs writes it: %s',
    file => {
      write(file, definition);
      // Compared as text: the columns of an export stand in this order.
      expect(read(file)).toBe(JSON.stringify(definition, null, 2));
    }
  );

  it('gives a property one type, whichever event has it', () => {
    const types = new Map<string, Set<string>>();
    for (const { schema: written } of Object.values(definition.events)) {
      const described = written as { properties: Record<string, object> };
      for (const [name, value] of Object.entries(described.properties)) {
        const { type = 'any' } = value as IJSONSchema;
        const plain = [type].flat().filter(each => each !== 'null');
        types.set(name, (types.get(name) ?? new Set()).add(plain.join()));
      }
    }
    const several = [...types].filter(([, found]) => found.size > 1);
    expect(several).toEqual([]);
  });

  it('names what quotes code as the catalogue has it', () => {
    for (const name of Object.keys(CATALOG) as EventName[]) {
      const { quotesCode = [] } = CATALOG[name];
      for (const property of quotesCode) {
        expect(SAMPLES[name]).toHaveProperty(property);
      }
    }
  });
});
