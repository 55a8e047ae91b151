import { PageConfig } from '@jupyterlab/coreutils';
import type { Runtime } from '../../runtime/runtime';
import { FakeChannel } from '../browserfakes';
import { settled } from '../deliverystage';
import { JOHN, until } from '../fakes';
import { RuntimeStage, sendFrom } from './runtimestage';

const KEY = 'phc_0123456789';

let stage: RuntimeStage;
let runtime: Runtime;

beforeEach(() => {
  stage = new RuntimeStage();
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const send = (): Promise<[url: string, init: RequestInit]> =>
  sendFrom(stage, runtime);

describe('the events that wait', () => {
  const open = jest.fn(() => {
    throw new DOMException('private window', 'SecurityError');
  });

  beforeEach(() => Object.assign(globalThis, { indexedDB: { open } }));

  afterEach(() => {
    PageConfig.setOption('hubUser', '');
    Object.assign(globalThis, { indexedDB: undefined });
  });

  it.each(['', 'ann'])(
    'are kept for this server and user (%j), as names are',
    async user => {
      jest.spyOn(console, 'warn').mockReturnValue();
      PageConfig.setOption('hubUser', user);
      runtime = await stage.load();
      const scope = `http://hub.example/user/ann/|${user}`;
      await until(() => open.mock.calls.length > 0);
      expect(open.mock.calls).toContainEqual([`ipynb-telemetry:${scope}`, 1]);
      localStorage.setItem(
        `ipynb-telemetry:student:${scope}`,
        '{"first": "John", "last": "Doe"}'
      );
      runtime = await stage.load();
      expect(runtime.identity.student).toEqual(JOHN);
    }
  );
});

describe('settings that another page changed', () => {
  let other: FakeChannel;
  let posted: { kind: string }[];

  beforeEach(() => {
    Object.assign(globalThis, {
      BroadcastChannel: FakeChannel,
      // There is a disk to share, though it refuses.
      indexedDB: {
        open: () => {
          throw new DOMException('private window', 'SecurityError');
        }
      }
    });
    jest.spyOn(console, 'warn').mockReturnValue();
    posted = [];
    other = new FakeChannel('ipynb-telemetry:http://hub.example/user/ann/|');
    other.addEventListener('message', event =>
      posted.push((event as MessageEvent<{ kind: string }>).data)
    );
  });

  afterEach(() => {
    FakeChannel.open.clear();
    Object.assign(globalThis, {
      BroadcastChannel: undefined,
      indexedDB: undefined
    });
  });

  it('apply here too, and are not told back without end', async () => {
    runtime = await stage.load();
    stage.reload.mockImplementation(() => {
      stage.settings.set({ projectKey: KEY });
      return Promise.resolve();
    });
    jest.useFakeTimers();
    const MOVED = { kind: 'moved' };
    const told = (): unknown[] =>
      posted.filter(({ kind }) => kind === MOVED.kind);
    other.postMessage(MOVED);
    expect(stage.reload.mock.calls).toEqual([['ipynb-telemetry:plugin']]);
    // To nowhere for now, and then to PostHog.
    expect(told()).toHaveLength(1);
    other.postMessage(MOVED);
    jest.advanceTimersByTime(5_000);
    expect(told()).toHaveLength(2);
    expect((await send())[0]).toBe('https://us.i.posthog.com/batch/');
    other.postMessage(MOVED);
    jest.advanceTimersByTime(5_000);
    expect(told()).toHaveLength(2);
  });

  it('that cannot be read are told of, and nothing else happens', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    runtime = await stage.load();
    stage.reload.mockRejectedValue(new Error('no server'));
    other.postMessage({ kind: 'moved' });
    await settled();
    expect(error).toHaveBeenCalledTimes(1);
    expect((await send())[0]).toContain('hub.example');
  });
});
