/** @jest-environment node */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SendResult } from '../../../delivery/sending/answer';
import { BatchTransport } from '../../../delivery/sending/transport';
import { FakeClock, row } from '../../deliverystage';

let fetch: jest.Mock<Promise<Response>, [url: string, init: RequestInit]>;
let clock: FakeClock;

const answer = (
  status: number,
  body: string | null = '{"status": 1}',
  headers: Record<string, string> = {}
): void => {
  const statusText = `Status ${status}`;
  fetch.mockResolvedValue(new Response(body, { status, statusText, headers }));
};
const send = (): Promise<SendResult> =>
  new BatchTransport({ host: '', key: 'phc_x', fetch }, clock).send([row('a')]);

beforeEach(() => {
  clock = new FakeClock();
  fetch = jest.fn<Promise<Response>, [string, RequestInit]>();
});

describe('the answer', () => {
  it.each([
    [200, 'accepted'],
    [201, 'accepted'],
    [202, 'accepted'],
    [301, 'retry'],
    [302, 'retry'],
    [400, 'rejected'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [402, 'retry'],
    [404, 'retry'],
    [405, 'retry'],
    [408, 'retry'],
    [409, 'retry'],
    [410, 'retry'],
    [413, 'too_large'],
    [415, 'retry'],
    [422, 'rejected'],
    [424, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [504, 'retry']
  ])('%d is %s', async (status, result) => {
    answer(status);
    const { status: actual, ...rest } = await send();
    expect(actual).toBe(result);
    if (result !== 'accepted') {
      expect(rest).toMatchObject({ reason: `${status} Status ${status}` });
    }
  });

  describe.each([400, 401, 403, 404, 413, 422, 429])('%d', status => {
    const reasonOf = async (
      body: BodyInit | null,
      statusText = 'Words'
    ): Promise<unknown> => {
      fetch.mockResolvedValue(new Response(body, { status, statusText }));
      return send();
    };

    it.each([
      ['no distinct_id', 'no distinct_id'],
      ['{"type":"error","detail":"Invalid API key."}', 'Invalid API key.'],
      ['{"error":"no \\u001b[1mid\\n\\n at 3"}', 'no [1mid at 3'],
      ['{"message":"The batch is empty.","error":"x"}', 'The batch is empty.'],
      ['"nope"', 'nope'],
      ['  zu groß\r\n\0 ', 'zu groß'],
      ['x'.repeat(5000), 'x'.repeat(200)]
    ])('says why in the words of its body: %j', async (body, words) => {
      expect(await reasonOf(body)).toMatchObject({
        reason: `${status} Words: ${words}`
      });
      // HTTP/2 has no words for a status.
      expect(await reasonOf(body, '')).toMatchObject({
        reason: `${status}: ${words}`
      });
    });

    it.each([
      ...[null, '', ' \n', '{', 'null', '{}', '[1]', '7'],
      ...['<html>no</html>', '\n <!DOCTYPE html>', '{"error":"<b>no</b>"}'],
      '{"detail":[{"loc":"body"}]}',
      '{"error":{"code":3}}',
      '{"message":"","detail":" "}'
    ])('says nothing by a body without words: %j', async body => {
      expect(await reasonOf(body)).toMatchObject({ reason: `${status} Words` });
      expect(await reasonOf(body, '')).toMatchObject({ reason: `${status}` });
    });

    it.each([
      ['Forbi\u001bdden \u0007<b>', ' Forbi dden <b>'],
      ['\u0000\u00ff\u00fe GARBAGE\u0085', ' \u00ff\u00fe GARBAGE'],
      ['<b>no</b>', ''],
      ['x'.repeat(5000), ` ${'x'.repeat(200)}`]
    ])('cleans the words of its status line: %j', async (statusText, words) => {
      fetch.mockResolvedValue(
        Object.defineProperty(new Response(null, { status }), 'statusText', {
          value: statusText
        })
      );
      expect(await send()).toMatchObject({ reason: `${status}${words}` });
    });

    it('does not repeat what the status line has', async () => {
      expect(await reasonOf('{"message":"Words"}')).toMatchObject({
        reason: `${status} Words`
      });
    });

    it('is one also where the body breaks off', async () => {
      const body = new ReadableStream({
        start: controller => controller.error(new TypeError('broken'))
      });
      expect(await reasonOf(body)).toMatchObject({ reason: `${status} Words` });
    });
  });

  it('may be empty', async () => {
    answer(204, null);
    expect(await send()).toEqual({ status: 'accepted' });
  });

  it('of a project over its quota is no delivery', async () => {
    answer(200, '{"status": 1, "quota_limited": ["events"]}');
    expect(await send()).toEqual({
      status: 'retry',
      reason: 'quota',
      afterMs: 60_000
    });
  });

  it.each([
    '{"status": 1, "quota_limited": ["recordings"]}',
    '{"status": "Ok"}'
  ])('200 %s is one', async body => {
    answer(200, body);
    expect(await send()).toEqual({ status: 'accepted' });
  });

  // A login page, a network's own, a proxy: none of them has the events.
  it.each([
    '<!DOCTYPE html><title>Sign in</title>',
    '',
    '{}',
    '{"login": "/hub/login"}',
    '["status"]',
    '"status"',
    'null',
    '1'
  ])('200 %j is none', async body => {
    answer(200, body);
    expect(await send()).toEqual({
      status: 'retry',
      reason: 'the answer is not a collector’s'
    });
  });

  it('that does not come is no delivery', async () => {
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    expect(await send()).toEqual({
      status: 'retry',
      reason: 'TypeError: Failed to fetch'
    });
  });

  it('that breaks off is no delivery', async () => {
    const body = new ReadableStream({
      start: controller => controller.error(new TypeError('broken'))
    });
    fetch.mockResolvedValue(new Response(body, { status: 200 }));
    expect(await send()).toMatchObject({ status: 'retry' });
  });
});

describe('a place that sends elsewhere', () => {
  let server: Server;
  /** The method and path of each request. */
  let requests: string[];

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      if (request.url === '/login') {
        response.end('{"status": 1}');
      } else {
        response.writeHead(status, { Location: '/login' }).end();
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  let status: number;

  it.each([301, 302, 303, 307, 308])('by %d has no events', async code => {
    status = code;
    const { port } = server.address() as AddressInfo;
    const place = { host: `http://127.0.0.1:${port}`, key: 'phc_x' };
    const result = await new BatchTransport(place, clock).send([row('a')]);
    expect(result).toMatchObject({ status: 'retry' });
    expect(requests).toEqual(['POST /batch/']);
  });

  it('is said so, where the browser hides the status', async () => {
    const response = new Response();
    Object.defineProperties(response, {
      status: { value: 0 },
      ok: { value: false },
      type: { value: 'opaqueredirect' }
    });
    fetch.mockResolvedValue(response);
    expect(await send()).toEqual({
      status: 'retry',
      reason: 'the request is redirected'
    });
  });
});

describe('Retry-After', () => {
  it.each([
    ['30', 30_000],
    ['0', 0],
    ['1.5', 1500],
    ['Tue, 02 Jan 2024 03:05:05 GMT', 60_000],
    ['Tue, 02 Jan 2024 03:03:05 GMT', undefined],
    ['-5', undefined],
    ['soon', undefined]
  ])('%j is %s ms', async (value, afterMs) => {
    for (const status of [424, 429, 503]) {
      answer(status, null, { 'Retry-After': value });
      expect(await send()).toEqual({
        status: 'retry',
        reason: `${status} Status ${status}`,
        afterMs
      });
    }
  });

  it('may be missing', async () => {
    answer(503, null);
    expect(await send()).toMatchObject({ afterMs: undefined });
  });
});
