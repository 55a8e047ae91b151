import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import schema from '../../../schema/plugin.json';
import type { EventName } from '../../events/catalog';
import { CATALOG } from '../../events/catalog';
import { ENVELOPE, RESERVED } from '../../events/envelope';
import { SAMPLES } from '../fakes';

const ROOT = resolve(__dirname, '..', '..', '..');
const FILE = join(ROOT, 'conformance', 'events.json');
/** The Python package carries the same: an installed one has no `conformance/` beside it. */
const CARRIED = join(ROOT, 'ipynb_telemetry', 'events.json');

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

const switches: Readonly<Record<string, { title: string }>> =
  schema.properties.events.properties;

/** All there is to know of the events for whoever does not read TypeScript. */
const definition = {
  envelope: jsonSchema(ENVELOPE),
  reserved: RESERVED,
  events: Object.fromEntries(
    Object.entries(CATALOG).map(
      ([name, { when, capturedBy, byCode, properties }]) => [
        name,
        {
          when,
          captured_by: capturedBy,
          by_code: byCode === true,
          switch: switches[name]?.title ?? null,
          schema: jsonSchema(properties)
        }
      ]
    )
  )
};

describe('conformance/events.json', () => {
  it.each([FILE, CARRIED])(
    'is what the catalogue has, in its order; npm run docs writes it: %s',
    file => {
      if (process.env.npm_lifecycle_event === 'docs') {
        // Prettier, which comes after this, makes it as it is to look.
        writeFileSync(file, JSON.stringify(definition, null, 2));
      }
      const text = readFileSync(file, 'utf8');
      // Compared as text: the columns of an export stand in this order.
      expect(JSON.stringify(JSON.parse(text), null, 2)).toBe(
        JSON.stringify(definition, null, 2)
      );
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
