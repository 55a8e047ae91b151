import { ServerConnection } from '@jupyterlab/services';
import type { Destination } from '../../runtime/destination';
import type { Ask, IAsked } from '../../runtime/places';
import { askCollector } from '../../runtime/places';
import { askRoster } from '../../runtime/roster';
import { FakeClock } from '../deliverystage';
import { MARK_ROE, MARY_ROE } from '../rosterfake';

const CODE = 'c951-w80h-wfyn';

let clock: FakeClock;

beforeEach(() => {
  clock = new FakeClock();
});

/** A collector that gives an answer to each route. */
function collector(
  answers: Readonly<Record<string, unknown>>
): jest.Mock & Ask {
  return jest.fn((what: string, _: IAsked) => {
    const answer = answers[what.split('?')[0]];
    return Promise.resolve({
      status: typeof answer === 'number' ? answer : 200,
      text: () =>
        Promise.resolve(
          typeof answer === 'string' ? answer : JSON.stringify(answer)
        )
    } as Response);
  });
}

describe('askRoster', () => {
  it.each(['names', 'codes'])('gives a roster of %s', async offer => {
    const ask = collector({ 'roster/offer': { offer } });
    const roster = await askRoster(ask, 'name', clock);
    expect(roster?.offer).toBe(offer);
    expect(ask.mock.calls).toEqual([
      [
        'roster/offer?identity=name',
        { body: undefined, signal: expect.anything() as unknown }
      ]
    ]);
  });

  it.each([
    [{ offer: 'nothing' }],
    [{ offer: 'everything' }],
    [{}],
    [[]],
    ['<html>'],
    [404],
    [403],
    [500]
  ])('gives none where the collector says %j', async answer => {
    const ask = collector({ 'roster/offer': answer });
    expect(await askRoster(ask, 'name', clock)).toBeNull();
  });

  it('gives none where the collector cannot be reached', async () => {
    const ask = (): Promise<Response> => Promise.reject(new TypeError());
    expect(await askRoster(ask, 'name', clock)).toBeNull();
  });

  it.each(['answer', 'text'])('waits three seconds for the %s', async slow => {
    const never = (signal?: AbortSignal): Promise<never> =>
      new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(new Error('aborted')))
      );
    const ask: Ask = (_, { signal }) =>
      slow === 'answer'
        ? never(signal)
        : Promise.resolve({
            status: 200,
            text: () => never(signal)
          } as unknown as Response);
    let isOver = false;
    const asked = askRoster(ask, 'name', clock).finally(() => (isOver = true));
    await clock.advance(2_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await asked).toBeNull();
  });
});

describe('a roster', () => {
  it('finds names, without those that nobody can have', async () => {
    const ask = collector({
      'roster/offer': { offer: 'names' },
      'roster/find': {
        found: [
          MARY_ROE,
          { ...MARY_ROE, id: '' },
          { ...MARY_ROE, name: 'a\u0000b' },
          { ...MARY_ROE, name: 'x'.repeat(201) },
          MARK_ROE
        ]
      }
    });
    const roster = await askRoster(ask, 'name', clock);
    expect(await roster?.find('ma')).toEqual({
      rows: [MARY_ROE, MARK_ROE],
      hasMore: false
    });
    expect(ask.mock.calls[1]).toEqual([
      'roster/find',
      {
        body: { typed: 'ma', identity: 'name' },
        signal: expect.anything() as unknown
      }
    ]);
  });

  it('takes codes only for a pseudonym', async () => {
    const ask = collector({
      'roster/offer': { offer: 'names' },
      'roster/find': { found: [MARY_ROE, { ...MARY_ROE, id: CODE }] }
    });
    const roster = await askRoster(ask, 'pseudonym', clock);
    expect(await roster?.find('ma')).toMatchObject({
      rows: [{ ...MARY_ROE, id: CODE }]
    });
    expect(ask.mock.calls[1][1].body).toEqual({
      typed: 'ma',
      identity: 'pseudonym'
    });
  });

  it.each([
    [{ found: [MARY_ROE] }, MARY_ROE],
    [{ found: [] }, null],
    [429, 'wait']
  ])('whose code is answered %j is %j', async (answer, expected) => {
    const ask = collector({
      'roster/offer': { offer: 'codes' },
      'roster/find': answer
    });
    const roster = await askRoster(ask, 'name', clock);
    expect(await roster?.whose(CODE)).toEqual(expected);
    expect(ask.mock.calls[1][1].body).toEqual({ code: CODE, identity: 'name' });
  });

  it.each([
    [{ found: 'all' }],
    [{ found: [{ id: 1, name: 'Mary', group: null }] }],
    [{ found: Array.from({ length: 9 }, () => MARY_ROE) }],
    [500]
  ])('fails where its collector answers %j', async answer => {
    const ask = collector({
      'roster/offer': { offer: 'names' },
      'roster/find': answer
    });
    const roster = await askRoster(ask, 'name', clock);
    await expect(roster?.find('ma')).rejects.toThrow();
    await expect(roster?.whose(CODE)).rejects.toThrow();
  });
});

describe('the collector that is asked', () => {
  const settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost:8888/'
  });
  const key = 'tcw_0123456789abcdef';
  const host = 'https://class.example/cs1';
  const asked = async (destination: Destination): Promise<unknown[][]> => {
    const request = jest
      .spyOn(ServerConnection, 'makeRequest')
      .mockResolvedValue({} as Response);
    const direct = jest
      .spyOn(window, 'fetch')
      .mockResolvedValue({} as Response);
    await askCollector(destination, settings)?.('roster/find', {
      body: { typed: 'ma' }
    });
    const calls = [request.mock.calls, direct.mock.calls].map(each =>
      each.map(([url]) => url)
    );
    jest.restoreAllMocks();
    return calls;
  };

  it.each([
    [
      { kind: 'collector' },
      [['http://localhost:8888/ipynb-telemetry/roster/find'], []]
    ],
    [
      { kind: 'posthog', host, key, relay: true },
      [['http://localhost:8888/ipynb-telemetry/roster/find?at=class'], []]
    ],
    [
      { kind: 'posthog', host, key, relay: false },
      [[], ['https://class.example/cs1/ipynb-telemetry/roster/find']]
    ],
    [
      { kind: 'posthog', host, key: 'phc_0123456789abcdef', relay: true },
      [[], []]
    ],
    [{ kind: 'browser' }, [[], []]]
  ] as const)('is that of %j', async (destination, expected) => {
    expect(await asked(destination)).toEqual(expected);
  });
});
