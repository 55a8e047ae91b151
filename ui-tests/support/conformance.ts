import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from '@playwright/test';
import type { INotebook } from './cells';
import type { IStoredEvent } from './collector';
import { expectUnbroken, ownOf } from './lesson';

const FOLDER = resolve(__dirname, '../../conformance');

/** Where the lesson is run in a browser. */
export type Place = 'lab' | 'notebook' | 'lite' | 'hub';

/** A number from 0 on. */
const AMOUNT = {
  asymmetricMatch: (value: unknown) => typeof value === 'number' && value >= 0,
  toString: () => 'Amount'
};

interface IExpectedEvent {
  event: string;
  properties: Record<string, unknown>;
}

/** `expected.json`, whose first lines tell what is what. */
interface IExpected {
  notebook: string;
  student_id: string;
  events: IExpectedEvent[];
  again: IExpectedEvent[];
  ignored: string[];
  varies: { of: string; places: string[]; instead: unknown; why: string }[];
}

/** A lesson that every place has to report alike. */
export class Conformance {
  /**
   * @param kernel - the lesson of the contract, or its twin for JavaScript
   * @param isFlagged - or else the call in its first cell is all there is
   */
  constructor(
    private readonly _place: Place,
    kernel: 'python' | 'javascript' = 'python',
    isFlagged = true
  ) {
    const twin = kernel === 'python' ? '' : `-${kernel}`;
    const read = <T>(name: string): T =>
      JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8')) as T;
    this._expected = read(`expected${twin}.json`);
    const lesson = read<INotebook>(`lesson${twin}.ipynb`);
    const flag = { enabled: true, notebook: this._expected.notebook };
    this.notebook = {
      ...lesson,
      metadata: {
        ...lesson.metadata,
        ...(isFlagged ? { ipynb_telemetry: flag } : {})
      }
    };
    this.cells = lesson.cells.flatMap(({ cell_type: type }, index) =>
      type === 'code' ? [index] : []
    );
    this.again = lesson.cells.findIndex(
      ({ id }) => id === this._expected.again[0].properties.cell_id
    );
  }

  /** The lesson; where it is flagged, a front end of ours goes by the flag. */
  readonly notebook: INotebook;
  /** The places of its code cells. */
  readonly cells: ReadonlyArray<number>;
  /** The place of the cell that is run once more in the end. */
  readonly again: number;

  /** Fail unless these are the events of one run of the lesson: all of them, once, and nothing else. */
  expect(events: ReadonlyArray<IStoredEvent>): void {
    const { notebook, student_id: student, ignored } = this._expected;
    const sorted = [...events].sort(
      (a, b) => Number(a.properties.seq) - Number(b.properties.seq)
    );
    const told = sorted.filter(({ event }) => !ignored.includes(event));
    expect(
      told.map(({ event, properties }) => ({
        event,
        properties: ownOf(properties)
      }))
    ).toEqual(this._wanted);
    expectUnbroken(sorted);
    const each = (read: (event: IStoredEvent) => unknown): Set<unknown> =>
      new Set(sorted.map(read));
    expect(each(({ uuid }) => uuid).size).toBe(sorted.length);
    expect(each(event => event.distinct_id)).toEqual(new Set([student]));
    expect(each(event => event.properties.student_id)).toEqual(
      new Set([student])
    );
    expect(each(event => event.properties.notebook)).toEqual(
      new Set([notebook])
    );
    expect(each(event => event.properties.session_id).size).toBe(1);
    for (const { timestamp } of sorted) {
      expect(Date.parse(timestamp)).not.toBeNaN();
    }
  }

  /** Whether the last event of the lesson is there. */
  isOver(events: ReadonlyArray<IStoredEvent>): boolean {
    return events.some(({ event }) => event === 'session_ended');
  }

  private get _wanted(): IExpectedEvent[] {
    const { events, again } = this._expected;
    return [...events.slice(0, -1), ...again, events[events.length - 1]].map(
      ({ event, properties }) => ({
        event,
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, value]) => [
            name,
            matcher(this._vary(`${event}.${name}`, value))
          ])
        )
      })
    );
  }

  private _vary(property: string, value: unknown): unknown {
    const varied = this._expected.varies.find(
      ({ of, places }) => of === property && places.includes(this._place)
    );
    return varied ? varied.instead : value;
  }

  private readonly _expected: IExpected;
}

/** What stands for a value in `expected.json`, as Playwright has it. */
function matcher(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const { $type: type, $contains: text } = value as Record<string, unknown>;
  if (type === 'number') {
    return AMOUNT;
  }
  if (type === 'string') {
    return expect.any(String);
  }
  if (typeof text === 'string') {
    return expect.stringContaining(text);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, matcher(part)])
  );
}
