import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';
import schema from '../../../schema/plugin.json';
import type { EventName } from '../../events/catalog';
import { CATALOG, isEventName } from '../../events/catalog';
import { describeEvent } from '../../events/wording';
import { SAMPLES, trans } from '../fakes';

const NAMES = Object.keys(CATALOG) as EventName[];

function accepts(name: EventName, properties: unknown): boolean {
  return z.safeParse(CATALOG[name].properties, properties).success;
}

/** Values of a type the given one is not of. */
function wrongValues(right: unknown): unknown[] {
  const all: unknown[] = ['text', 1.5, true, [], {}, undefined];
  return all.filter(
    value =>
      typeof value !== typeof right ||
      Array.isArray(value) !== Array.isArray(right)
  );
}

describe('the catalogue', () => {
  describe.each(NAMES)('%s', name => {
    const sample: Record<string, unknown> = SAMPLES[name];

    it('accepts a right sample', () => {
      expect(accepts(name, sample)).toBe(true);
    });

    it('rejects an unknown property', () => {
      expect(accepts(name, { ...sample, text: 'secret' })).toBe(false);
    });

    it('rejects another type of each property', () => {
      for (const key of Object.keys(sample)) {
        const shape: Record<string, unknown> = CATALOG[name].properties.shape;
        const optional = shape[key] instanceof z.ZodMiniOptional;
        for (const value of wrongValues(sample[key])) {
          if (value !== undefined || !optional) {
            expect([value, accepts(name, { ...sample, [key]: value })]).toEqual(
              [value, false]
            );
          }
        }
      }
    });

    it('has words for the student, with all they need', () => {
      const words = describeEvent(trans, name, sample);
      expect(words).not.toMatch(/%\d|undefined|null/);
      expect(words.length).toBeGreaterThan(3);
    });
  });

  it.each([
    ['cell_executed', { status: 'failed' }],
    ['cell_executed', { cell_index: -2 }],
    ['cell_executed', { attempt: 0 }],
    ['cell_executed', { duration_ms: -1 }],
    ['cell_executed', { duration_ms: NaN }],
    ['cell_executed', { error: { name: 'E', value: '', traceback: [] } }],
    [
      'cell_executed',
      { error: { name: 'E', value: '', traceback: '', locals: '' } }
    ],
    ['test_passed', { test: '' }],
    ['test_passed', { test: 'x'.repeat(201) }],
    ['solution_peek', { peek: 1.5 }],
    ['blur', { reason: 'bored' }],
    ['paste', { length: 1.5 }],
    ['paste', { kind: 'image' }],
    ['events_dropped', { count: 0 }],
    ['events_dropped', { reason: 'size' }],
    ['session_started', { app: 'emacs' }],
    ['session_started', { cell_count: -1 }]
  ] as const)('rejects %s with %j', (name, change) => {
    expect(accepts(name, { ...SAMPLES[name], ...change })).toBe(false);
  });

  it.each(['kernel', 'colab', 'vscode'])(
    'knows %s, where a kernel reports and sees no notebook',
    app => {
      const properties = { ...SAMPLES.session_started, app, cell_count: null };
      expect(accepts('session_started', properties)).toBe(true);
    }
  );

  it('lets a run go without code and output', () => {
    const { code, output, ...rest } = SAMPLES.cell_executed;
    expect(accepts('cell_executed', rest)).toBe(true);
  });

  it('knows its own names only', () => {
    expect(NAMES.every(isEventName)).toBe(true);
    for (const name of ['toString', '__proto__', 'hasOwnProperty', 'peek']) {
      expect(isEventName(name)).toBe(false);
    }
  });

  it('describes a custom event by its name', () => {
    expect(describeEvent(trans, 'quiz_done', {})).toBe('Event: quiz_done');
    expect(
      describeEvent(trans, 'hint_used', { level: 2, topic: 'loops' })
    ).toBe('Event: hint_used (level: 2, topic: "loops")');
    const long = describeEvent(trans, 'hint_used', { text: 'x'.repeat(1_000) });
    expect(long).toHaveLength('Event: hint_used ()'.length + 120);
  });

  it('tells the four ends of a run apart', () => {
    const words = (['ok', 'error', 'aborted', 'cancelled'] as const).map(
      status =>
        describeEvent(trans, 'cell_executed', {
          ...SAMPLES.cell_executed,
          cell_index: 3,
          execution_count: 7,
          status
        })
    );
    expect(words).toEqual([
      // The number is that beside the cell, or counts the cells from the top.
      'Ran cell [7]',
      'Ran cell [7]: ZeroDivisionError',
      'The cell at place 4 was not reached',
      'The cell at place 4 was cancelled'
    ]);
    expect(
      describeEvent(trans, 'cell_executed', {
        ...SAMPLES.cell_executed,
        cell_index: 3,
        execution_count: null,
        status: 'ok'
      })
    ).toBe('Ran cell at place 4');
  });
});

describe('the kernel side', () => {
  it('keeps these names to itself', () => {
    const path = resolve(__dirname, '../../../ipynb_telemetry/bootstrap.py');
    const [set] =
      /(?<=^_BUILT_IN = \{).*?(?=^\})/ms.exec(readFileSync(path, 'utf8')) ?? [];
    const names = [...(set ?? '').matchAll(/"(\w+)"/g)].map(([, name]) => name);
    expect(names).toEqual(NAMES);
  });
});

describe('the page', () => {
  const root = resolve(__dirname, '../../../src');
  const sources = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.tsx?$/.test(path) && !/^(__tests__|events)/.test(path))
    .map(path => readFileSync(join(root, path), 'utf8'))
    .join('\n');

  it.each(NAMES.filter(name => CATALOG[name].capturedBy !== 'kernel'))(
    'captures %s somewhere, as the catalogue says',
    name => {
      expect(sources).toContain(`'${name}'`);
    }
  );
});

describe('the settings schema', () => {
  const events = schema.properties.events.properties;

  it('has a switch for exactly the events of the catalogue', () => {
    expect(Object.keys(events).sort()).toEqual([...NAMES].sort());
  });

  it('has each of them on to begin with', () => {
    for (const [name, option] of Object.entries(events)) {
      expect([name, option.type, option.default]).toEqual([
        name,
        'boolean',
        true
      ]);
      expect(option.title).not.toBe('');
    }
  });
});
