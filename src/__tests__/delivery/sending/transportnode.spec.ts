/** @jest-environment node */
import { gunzipSync } from 'node:zlib';
import type { IEndpoint } from '../../../delivery/sending/transport';
import { BatchTransport } from '../../../delivery/sending/transport';
import { FakeClock, row, wireEvent } from '../../deliverystage';

const URL = 'https://us.i.posthog.com/batch/';

let fetch: jest.Mock<Promise<Response>, [url: string, init: RequestInit]>;

/** Send one event of that size. */
async function send(
  padding: number,
  options: Partial<IEndpoint> = {}
): Promise<RequestInit> {
  const endpoint = { host: 'https://us.i.posthog.com', key: 'phc_x', fetch };
  await new BatchTransport({ ...endpoint, ...options }, new FakeClock()).send([
    row('a', padding)
  ]);
  const [url, init] = fetch.mock.calls[0];
  // A query would have PostHog unpack what it has unpacked by the header.
  expect(url).toBe(URL);
  return init;
}

beforeEach(() => {
  fetch = jest.fn((_url: string, _init: RequestInit) =>
    Promise.resolve(new Response('{"status": 1}'))
  );
});

describe('outside a browser', () => {
  it('a body says that it is JSON', async () => {
    const { body, headers } = await send(0);
    expect(headers).toEqual({ 'Content-Type': 'application/json' });
    expect(typeof body).toBe('string');
  });

  it('a compressed body says so in a header', async () => {
    const { body, headers } = await send(5000);
    expect(headers).toEqual({
      'Content-Type': 'application/json',
      'Content-Encoding': 'gzip'
    });
    const bytes = Buffer.from(await (body as Blob).arrayBuffer());
    expect(JSON.parse(gunzipSync(bytes).toString())).toMatchObject({
      batch: [wireEvent('a', 5000)]
    });
  });

  it('a small body is compressed where that is asked for', async () => {
    const { headers } = await send(0, { compress: true });
    expect(headers).toMatchObject({ 'Content-Encoding': 'gzip' });
  });

  it('no body is compressed where that is not wanted', async () => {
    const { body, headers } = await send(5000, { compress: false });
    expect(headers).toEqual({ 'Content-Type': 'application/json' });
    expect(typeof body).toBe('string');
  });
});
