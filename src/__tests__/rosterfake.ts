import type { IRoster, IRosterRow } from '../identity/roster';

/** A roster that answers what a test has it answer. */
export class FakeRoster implements IRoster {
  constructor(readonly offer: 'names' | 'codes') {}

  readonly find = jest.fn((_: string): Promise<ReadonlyArray<IRosterRow>> =>
    Promise.resolve([])
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
