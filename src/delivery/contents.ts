import type { IOutbox, IOutboxCounts, IRefusal } from './outbox/outbox.js';

/** The reasons of so many refused events are read. */
const MAX_REASONS_READ = 100;

/** How many events there are in outboxes. */
export interface IContents extends IOutboxCounts {
  /** Why events were set aside, of the first hundred in each outbox. */
  readonly refusals: ReadonlyArray<IRefusal>;
}

const NOTHING = { waiting: 0, setAside: 0, dropped: 0, refusals: [] };

/** Read all of them; an outbox that the browser refuses has nothing to tell. */
export async function contentsOf(
  outboxes: ReadonlyArray<IOutbox>
): Promise<IContents> {
  return sumUp(
    await Promise.all(outboxes.map(outbox => read(outbox).catch(() => NOTHING)))
  );
}

async function read(outbox: IOutbox): Promise<IContents> {
  const counts = await outbox.counts();
  const asides = counts.setAside ? await outbox.asides(MAX_REASONS_READ) : [];
  return {
    ...counts,
    refusals: asides.map(({ reason }) => ({ reason, count: 1 }))
  };
}

/** Add the contents of several outboxes up. */
export function sumUp(contents: ReadonlyArray<IContents>): IContents {
  const counts = new Map<string, number>();
  for (const { reason, count } of contents.flatMap(of => of.refusals)) {
    counts.set(reason, (counts.get(reason) ?? 0) + count);
  }
  return {
    waiting: sum(contents.map(({ waiting }) => waiting)),
    setAside: sum(contents.map(({ setAside }) => setAside)),
    dropped: sum(contents.map(({ dropped }) => dropped)),
    refusals: [...counts].map(([reason, count]) => ({ reason, count }))
  };
}

function sum(counts: number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
