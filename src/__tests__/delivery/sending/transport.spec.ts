/** @jest-environment node */
import { gunzipSync } from 'node:zlib';
import type { IEndpoint } from '../../../delivery/sending/transport';
import { BatchTransport } from '../../../delivery/sending/transport';
import type { IRow, IWireEvent } from '../../../delivery/wire';
import { toRow } from '../../../delivery/wire';
import { FakeClock, row, settled, wireEvent } from '../../deliverystage';

const HOST = 'https://us.i.posthog.com';
const URL = `${HOST}/batch/`;

interface IBody {
  api_key: string;
  sent_at: string;
  batch: IWireEvent[];
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

let clock: FakeClock;
let fetch: jest.Mock<Promise<Response>, Parameters<Fetch>>;
let transport: BatchTransport;

function makeTransport(more: Partial<IEndpoint> = {}): BatchTransport {
  return new BatchTransport(
    { host: HOST, key: 'phc_x', fetch, ...more },
    clock
  );
}
const sent = (place = 0): [url: string, init: RequestInit] =>
  fetch.mock.calls[place];

async function textOf({ body }: RequestInit): Promise<string> {
  return typeof body === 'string'
    ? body
    : gunzipSync(Buffer.from(await (body as Blob).arrayBuffer())).toString();
}

async function bodyOf(init: RequestInit): Promise<IBody> {
  return JSON.parse(await textOf(init)) as IBody;
}

// As in a page, but with the streams of Node.
beforeAll(() => Object.assign(globalThis, { location: {} }));

beforeEach(() => {
  clock = new FakeClock();
  fetch = jest.fn((_url: string, _init: RequestInit) =>
    Promise.resolve(new Response('{"status": 1}'))
  );
  transport = makeTransport();
});

afterEach(() => jest.restoreAllMocks());

describe('the request', () => {
  it('is what PostHog takes, without anything that asks leave beforehand', async () => {
    const result = await transport.send([row('a'), row('b')]);
    expect(result).toEqual({ status: 'accepted' });
    const [url, init] = sent();
    expect(url).toBe(URL);
    expect(init).toMatchObject({
      method: 'POST',
      headers: { 'Content-Type': 'text/plain' },
      keepalive: false,
      referrerPolicy: 'no-referrer'
    });
    expect(await bodyOf(init)).toEqual({
      api_key: 'phc_x',
      sent_at: '2024-01-02T03:04:05.000Z',
      batch: [wireEvent('a'), wireEvent('b')]
    });
  });

  it('says at each attempt when it was sent; events stay as they were', async () => {
    const batch = [row('a')];
    await transport.send(batch);
    await clock.advance(60_000);
    await transport.send(batch);
    const [first, second] = [
      await bodyOf(sent(0)[1]),
      await bodyOf(sent(1)[1])
    ];
    expect(first.sent_at).toBe('2024-01-02T03:04:05.000Z');
    expect(second.sent_at).toBe('2024-01-02T03:05:05.000Z');
    expect(second.batch).toEqual(first.batch);
    expect(second.batch).toEqual([wireEvent('a')]);
  });

  it('carries the text of each event as it was stored', async () => {
    const json = '{"uuid" : "a", "properties":{"n":1.0}}';
    await transport.send([{ uuid: 'a', json }]);
    expect(await textOf(sent()[1])).toContain(`"batch":[${json}]`);
  });

  it('asks nobody where there is no other end', async () => {
    transport = makeTransport({ host: null });
    expect(await transport.send([row('a')])).toEqual({ status: 'kept' });
    expect(await transport.send([row('a')], true)).toEqual({ status: 'kept' });
    expect(fetch).not.toHaveBeenCalled();
    expect(clock.timers).toBe(0);
  });

  it('takes any key', async () => {
    transport = makeTransport({ key: 'with "quotes"' });
    await transport.send([row('a')]);
    expect((await bodyOf(sent()[1])).api_key).toBe('with "quotes"');
  });

  it('goes out without cookies where the place has no fetch of its own', async () => {
    const globally = jest
      .spyOn(globalThis, 'fetch')
      .mockResolvedValue(new Response('{"status": 1}'));
    transport = makeTransport({ fetch: undefined });
    await transport.send([row('a')]);
    expect(globally).toHaveBeenCalledTimes(1);
    expect(globally.mock.calls[0]).toMatchObject([
      URL,
      { method: 'POST', credentials: 'omit' }
    ]);
  });
});

describe('a large request', () => {
  it('is compressed, and unfolds to the same', async () => {
    const event = { ...wireEvent('b'), event: '語🎉' };
    await transport.send([row('a', 5000), toRow(event)]);
    const [url, init] = sent();
    expect(url).toBe(`${URL}?compression=gzip-js`);
    expect((init.body as Blob).size).toBeLessThan(1000);
    expect((await bodyOf(init)).batch).toEqual([wireEvent('a', 5000), event]);
  });

  it('is one from 1 KiB on', async () => {
    const empty = (await measure(row('a'))).length;
    await measure(row('a', 1023 - empty));
    await measure(row('a', 1024 - empty));
    expect(fetch.mock.calls.map(([url]) => url)).toEqual([
      URL,
      URL,
      `${URL}?compression=gzip-js`
    ]);
  });

  it('goes as it is where the browser cannot compress', async () => {
    const { CompressionStream } = globalThis;
    Object.assign(globalThis, { CompressionStream: undefined });
    const result = await transport.send([row('a', 5000)]);
    Object.assign(globalThis, { CompressionStream });
    expect(result).toEqual({ status: 'accepted' });
    expect(sent()[0]).toBe(URL);
    expect((await bodyOf(sent()[1])).batch).toEqual([wireEvent('a', 5000)]);
  });

  it('goes as it is where the browser fails to compress', async () => {
    const pipeThrough = jest.spyOn(ReadableStream.prototype, 'pipeThrough');
    pipeThrough.mockImplementation(() => {
      throw new TypeError('no memory');
    });
    const result = await transport.send([row('a', 5000)]);
    expect(result).toEqual({ status: 'accepted' });
    expect(sent()[0]).toBe(URL);
    expect((await bodyOf(sent()[1])).batch).toEqual([wireEvent('a', 5000)]);
  });

  it('of a page being left is made before this turn ends, as it is', () => {
    void transport.send([row('a', 5000)], true);
    const [url, init] = sent();
    expect(url).toBe(URL);
    expect(init.keepalive).toBe(true);
    expect(typeof init.body).toBe('string');
  });

  async function measure(of: IRow): Promise<string> {
    await transport.send([of]);
    return textOf(sent(fetch.mock.calls.length - 1)[1]);
  }
});

describe('a connection that answers nothing', () => {
  const NO_ANSWER = { status: 'retry', reason: 'no answer', isSlow: true };

  /** As the browser's: it ends only by its signal. */
  function hang(): void {
    fetch.mockImplementation(
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () =>
            reject(new DOMException('aborted', 'AbortError'))
          );
        })
    );
  }

  it('is given up after a minute', async () => {
    hang();
    let result: unknown;
    void transport.send([row('a')]).then(value => {
      result = value;
    });
    await clock.advance(59_999);
    expect(result).toBeUndefined();
    await clock.advance(1);
    expect(result).toEqual(NO_ANSWER);
    expect(clock.timers).toBe(0);
  });

  it('is given up, too, when it stops within the answer', async () => {
    fetch.mockImplementation((_, { signal }) => {
      const body = new ReadableStream({
        start: controller => {
          signal?.addEventListener('abort', () =>
            controller.error(signal.reason)
          );
        }
      });
      return Promise.resolve(new Response(body));
    });
    const sending = transport.send([row('a')]);
    await clock.advance(60_000);
    expect(await sending).toEqual(NO_ANSWER);
  });

  it('is given up after a minute by who asks a relay how it fares', async () => {
    hang();
    const asking = transport.status().catch(String);
    await clock.advance(60_000);
    expect(await asking).toContain('aborted');
    expect(clock.timers).toBe(0);
  });

  it('that answers leaves no clock running', async () => {
    await transport.status();
    await transport.send([row('a')]);
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    await transport.send([row('a')]);
    await settled();
    expect(clock.timers).toBe(0);
  });
});

describe('a place that a student logs in to', () => {
  let isLoggedIn: jest.Mock<Promise<boolean>, [signal: AbortSignal]>;
  const refused = (): Promise<Response> =>
    Promise.resolve(new Response('no', { status: 403, statusText: 'No' }));

  beforeEach(() => {
    isLoggedIn = jest.fn((_: AbortSignal) => Promise.resolve(false));
    transport = makeTransport({ isLoggedIn });
    fetch.mockImplementation(refused);
  });

  it('gets no batch from the first refusal to the next login', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await transport.send([row('a')])).toEqual({
        status: 'logged_out'
      });
    }
    expect(await transport.send([row('a')], true)).toEqual({
      status: 'logged_out'
    });
    expect(fetch).toHaveBeenCalledTimes(1);
    // A page that is left has no time for a question.
    expect(isLoggedIn).toHaveBeenCalledTimes(5);

    fetch.mockResolvedValue(new Response('{"status": 1}'));
    isLoggedIn.mockResolvedValue(true);
    expect(await transport.send([row('a')])).toEqual({ status: 'accepted' });
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('has taken a batch that was under way when another one was refused', async () => {
    let answer: (response: Response) => void = () => undefined;
    fetch.mockReturnValueOnce(
      new Promise(resolve => {
        answer = resolve;
      })
    );
    const underWay = transport.send([row('a')]);
    expect(await transport.send([row('b')])).toEqual({ status: 'logged_out' });
    answer(new Response('{"status": 1}'));
    expect(await underWay).toEqual({ status: 'accepted' });
    // What that answer was does not say that there is a login again.
    expect(await transport.send([row('c')])).toEqual({ status: 'logged_out' });
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('is not left alone for a refusal that has other grounds', async () => {
    isLoggedIn.mockResolvedValue(true);
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await transport.send([row('a')])).toMatchObject({
        status: 'unauthorized'
      });
    }
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('is not left alone where the answer to the question does not come', async () => {
    isLoggedIn.mockRejectedValue(new TypeError('offline'));
    expect(await transport.send([row('a')])).toMatchObject({
      status: 'unauthorized'
    });
  });

  it('is asked for so long as a connection lives, and again later', async () => {
    const hangs = (signal: AbortSignal): Promise<boolean> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    expect(await transport.send([row('a')])).toEqual({ status: 'logged_out' });
    isLoggedIn.mockImplementation(hangs);
    const sending = transport.send([row('a')]);
    await settled();
    await clock.advance(60_000);
    expect(await sending).toEqual({ status: 'logged_out' });
    isLoggedIn.mockResolvedValue(true);
    isLoggedIn.mockImplementationOnce(() => Promise.resolve(true));
    isLoggedIn.mockImplementationOnce(hangs);
    const refusal = transport.send([row('a')]);
    await settled();
    await clock.advance(60_000);
    expect(await refusal).toMatchObject({ status: 'unauthorized' });
  });

  it('is not asked while all is well', async () => {
    fetch.mockResolvedValue(new Response('{"status": 1}'));
    expect(await transport.send([row('a')])).toEqual({ status: 'accepted' });
    expect(isLoggedIn).not.toHaveBeenCalled();
  });
});
