import type { IFoundRows, IRoster, IRosterRow } from '../identity/roster';

/** A roster that answers what a test has it answer. */
export class FakeRoster implements IRoster {
  constructor(readonly offer: 'names' | 'codes') {}

  /** Whom `find` gives for any name. */
  names: ReadonlyArray<IRosterRow> = [];
  hasMore = false;
  readonly find = jest.fn((_: string): Promise<IFoundRows> =>
    Promise.resolve({ rows: this.names, hasMore: this.hasMore })
  );
  readonly whose = jest.fn((_: string): Promise<IRosterRow | 'wait' | null> =>
    Promise.resolve(null)
  );
}

export const MARY_ROE: IRosterRow = {
  id: 's17',
  name: 'Mary Roe',
  group: 'A'
};
export const MARK_ROE: IRosterRow = {
  id: 's18',
  name: 'Mark Roe',
  group: null
};
