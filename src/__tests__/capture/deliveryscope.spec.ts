import posthog from 'posthog-js/dist/module.slim';
import { Delivery } from '../../capture/delivery';
import { FakeChannel } from '../browserfakes';
import { FakeServer } from '../clientstage';
import { makeSession, payloadOf, SAMPLES, until } from '../fakes';

describe('what Delivery stores', () => {
  const open = jest.fn(() => {
    throw new DOMException('private window', 'SecurityError');
  });

  beforeEach(() => {
    jest.spyOn(console, 'warn').mockReturnValue();
    Object.assign(globalThis, {
      BroadcastChannel: FakeChannel,
      indexedDB: { open }
    });
  });

  afterEach(() => {
    FakeChannel.open.clear();
    Object.assign(globalThis, {
      BroadcastChannel: undefined,
      indexedDB: undefined
    });
    jest.restoreAllMocks();
  });

  it('is in a database of its scope, told of in a channel of the same name', async () => {
    const server = new FakeServer();
    const delivery = new Delivery({
      scope: 'http://hub.example/user/ann/|ann',
      destination: { host: '', key: '', fetch: server.fetch },
      storage: null,
      posthog
    });
    delivery.deliver(payloadOf(makeSession(), 'blur', SAMPLES.blur));
    const name = 'ipynb-telemetry:http://hub.example/user/ann/|ann';
    await until(() => open.mock.calls.length > 0);
    expect(open.mock.calls).toContainEqual([name, 1]);
    expect([...FakeChannel.open].map(channel => channel.name)).toEqual([name]);
    // In a private window it goes out all the same, and that is said.
    await until(() => server.batches.length > 0);
    await until(() => !delivery.health.isDurable);
  });
});
