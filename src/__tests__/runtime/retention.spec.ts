import { PageConfig } from '@jupyterlab/coreutils';
import type { Ask } from '../../runtime/places';
import { askRetentionDays, ownRetentionDays } from '../../runtime/retention';
import { FakeClock } from '../deliverystage';

describe('askRetentionDays', () => {
  const answering =
    (status: number, document: unknown): Ask =>
    () =>
      Promise.resolve({
        status,
        text: () =>
          Promise.resolve(
            typeof document === 'string' ? document : JSON.stringify(document)
          )
      } as Response);

  it('gives the days that the class collector tells', async () => {
    const ask = jest.fn(answering(200, { retention_days: 30 }));
    expect(await askRetentionDays(ask, new FakeClock())).toBe(30);
    expect(ask.mock.calls).toEqual([
      [
        'notice/retention',
        { body: undefined, signal: expect.anything() as unknown }
      ]
    ]);
  });

  it.each([
    [200, { retention_days: 0 }],
    [200, { retention_days: -1 }],
    [200, { retention_days: 1.5 }],
    [200, { retention_days: 36_501 }],
    [200, { retention_days: '30' }],
    [200, {}],
    [200, null],
    [200, '<html>'],
    [401, { retention_days: 30 }],
    [404, '{}'],
    [502, '{}']
  ])('gives none where the answer is %d %j', async (status, document) => {
    const ask = answering(status, document);
    expect(await askRetentionDays(ask, new FakeClock())).toBeNull();
  });

  it('keeps a student waiting for a second, and no longer', async () => {
    const clock = new FakeClock();
    const ask: Ask = (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => reject(new Error('aborted')))
      );
    let isOver = false;
    const asked = askRetentionDays(ask, clock).finally(() => (isOver = true));
    await clock.advance(999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    expect(await asked).toBeNull();
  });
});

describe('ownRetentionDays', () => {
  afterEach(() => PageConfig.setOption('ipynbTelemetryRetentionDays', ''));

  it.each([
    ['30', 30],
    ['', null],
    ['0', null],
    ['soon', null]
  ])('reads the page’s option "%s" as %s', (option, days) => {
    PageConfig.setOption('ipynbTelemetryRetentionDays', option);
    expect(ownRetentionDays()).toBe(days);
  });
});
