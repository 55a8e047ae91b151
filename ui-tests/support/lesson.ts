import { expect, type Page } from '@playwright/test';
import { flagged, type ICell } from './cells';
import type { IOtherEnd, IStoredEvent } from './collector';
import { waitForEvents } from './events';
import { NotebookPage, type IPlace } from './notebook';
import type { Server } from './server';

/** What every stored event holds besides its own properties. */
const ENVELOPE = [
  'student_id',
  'notebook',
  'session_id',
  'seq',
  'active_ms',
  '$lib',
  '$lib_version',
  '$process_person_profile',
  '$geoip_disable',
  '$ip'
];

type Properties = Record<string, unknown>;

/** Source of a cell that runs until `open` is called, saying first that it does. */
export function gate(name: string): string {
  return [
    'import os, time',
    `print("at ${name}")`,
    `while not os.path.exists("${name}.gate"):`,
    '    time.sleep(0.02)',
    `print("through ${name}")`
  ].join('\n');
}

/** A flagged notebook in which a student works. Its id is its file's name. */
export class Lesson<
  P extends IPlace & IOtherEnd = Server
> extends NotebookPage<P> {
  /** Writes and opens the notebook, and gives the student's name. */
  static async begin(
    page: Page,
    server: Server,
    id: string,
    cells: ICell[],
    [first, last]: [string, string] = ['Ann', 'Lee']
  ): Promise<Lesson> {
    await server.write(`${id}.ipynb`, flagged(cells));
    // A notebook that is still opening takes the focus, and with it what is typed.
    await NotebookPage.open(page, server, `${id}.ipynb`);
    const lesson = new Lesson(page, server, `${id}.ipynb`);
    await lesson.enterName(first, last);
    return lesson;
  }

  /** The notebook's id. */
  get id(): string {
    return this.path.replace(/\.ipynb$/, '');
  }

  /** Let the cell with that gate end. */
  open(this: Lesson, gate: string): Promise<void> {
    return this.server.write(`${gate}.gate`, '');
  }

  /** Wait until the kernel is within the cell with that gate. */
  async reached(gate: string): Promise<void> {
    await expect(
      this.panel.getByText(`at ${gate}`, { exact: true })
    ).toBeVisible();
  }

  /**
   * Wait until so many events of a type are stored: these and no more.
   *
   * @returns their own properties, in the order they were captured
   */
  async captured(
    type: string,
    count: number,
    timeout?: number
  ): Promise<Properties[]> {
    const events = await waitForEvents(
      this.server,
      found => found.length >= count,
      { notebook: this.id, type },
      timeout
    );
    const own = inOrder(events).map(({ properties }) => ownOf(properties));
    expect(own, type).toHaveLength(count);
    return own;
  }

  /**
   * All events of this notebook, checked for gaps.
   *
   * @returns their names, in the order they were captured
   */
  async history(): Promise<string[]> {
    const events = inOrder(await this.server.events({ notebook: this.id }));
    expectUnbroken(events);
    return events.map(({ event }) => event);
  }
}

/** The events by session, as the sessions came to be known, and by number. */
export function inOrder(events: IStoredEvent[]): IStoredEvent[] {
  const sessions = [
    ...new Set(events.map(({ properties }) => properties.session_id))
  ];
  const place = ({ properties }: IStoredEvent): [number, number] => [
    sessions.indexOf(properties.session_id),
    properties.seq as number
  ];
  return [...events].sort((a, b) => {
    const [session, seq] = place(a);
    const [otherSession, otherSeq] = place(b);
    return session - otherSession || seq - otherSeq;
  });
}

/** Fail unless the numbers of each session are 1, 2, 3… */
export function expectUnbroken(
  events: ReadonlyArray<Pick<IStoredEvent, 'properties'>>
): void {
  const numbers = new Map<unknown, unknown[]>();
  for (const { properties } of events) {
    const known = numbers.get(properties.session_id) ?? [];
    numbers.set(properties.session_id, [...known, properties.seq]);
  }
  for (const seqs of numbers.values()) {
    const sorted = [...seqs].sort((a, b) => Number(a) - Number(b));
    expect(sorted).toEqual(sorted.map((_, index) => index + 1));
  }
  expectActive(events);
}

/** Fail unless each event tells the time worked, which is never less than before it. */
function expectActive(
  events: ReadonlyArray<Pick<IStoredEvent, 'properties'>>
): void {
  const worked = new Map<unknown, number>();
  const inTheirOrder = [...events].sort(
    (a, b) => Number(a.properties.seq) - Number(b.properties.seq)
  );
  for (const { properties } of inTheirOrder) {
    const before = worked.get(properties.session_id) ?? 0;
    expect(properties.active_ms).toBeGreaterThanOrEqual(before);
    worked.set(properties.session_id, properties.active_ms as number);
  }
}

/** Properties without those that every event has. */
export function ownOf(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([name]) => !ENVELOPE.includes(name))
  );
}
