import { PageConfig } from '@jupyterlab/coreutils';
import { systemClock } from '../../delivery/clock';
import { hubAccount, hubCollector } from '../../runtime/hubcollector';
import { NameQuestion } from '../../runtime/namequestion';
import { settingsOf } from '../settingssource';
import { trans } from '../fakes';

const KEY = 'phc_0123456789abcdef';
const HOME = { kind: 'collector' } as const;

function set(collector: string, account = ''): void {
  PageConfig.setOption('ipynbTelemetryCollector', collector);
  PageConfig.setOption('ipynbTelemetryAccount', account);
}

afterEach(() => set(''));

describe('the collector of a hub', () => {
  it('is none where the server names none, or something else', () => {
    expect(hubCollector()).toBeNull();
    set('services/telemetry-cs1');
    expect(hubCollector()).toBeNull();
  });

  it('is told to people at the address that they know', () => {
    set('http://proxy-public:80/hub/services/telemetry-cs1', 'ann.lee');
    expect(hubCollector()).toEqual({
      kind: 'posthog',
      host: `${window.location.origin}/hub/services/telemetry-cs1`,
      key: 'jupyterhub:token',
      relay: true
    });
    expect(hubAccount()).toBe('ann.lee');
  });
});

describe('settings on a hub with a collector', () => {
  const collector = {
    kind: 'posthog',
    host: 'https://hub.example/services/telemetry-cs1',
    key: 'jupyterhub:token',
    relay: true
  } as const;

  it('lead there without a key, under the account', () => {
    const { destination, identity } = settingsOf(
      { identity: 'prompt' },
      HOME,
      {},
      collector
    );
    expect(destination).toBe(collector);
    expect(identity).toBe('hub-account');
  });

  it('lead to a PostHog with a key, under the name', () => {
    const { destination, identity } = settingsOf(
      { projectKey: KEY },
      HOME,
      {},
      collector
    );
    expect(destination).toMatchObject({ kind: 'posthog', key: KEY });
    expect(identity).toBe('prompt');
  });

  it.each([
    { projectKey: 'jupyterhub:token' },
    { projectKey: KEY, host: 'http://far.example' },
    { projectKeys: KEY }
  ])('lead nowhere but home where %j is refused', values => {
    const { destination, identity } = settingsOf({}, HOME, values, collector);
    expect(destination).toBe(HOME);
    expect(identity).toBe('prompt');
  });
});

describe('whoever is asked on such a hub', () => {
  const ask = (username: string | undefined): NameQuestion =>
    new NameQuestion({
      settings: () => ({ ...settingsOf({}), identity: 'hub-account' }),
      join: () => undefined,
      destinationWords: () => '',
      collector: () => null,
      retentionDays: () => Promise.resolve(null),
      clock: systemClock,
      user: {
        identity: username === undefined ? null : ({ username } as never)
      },
      trans
    });

  it('is the account of the server, whoever looks in', () => {
    set('http://hub/services/telemetry-cs1', 's1234567');
    const names = { first: '', last: '', account: 's1234567' };
    expect(ask('s1234567').assigned).toEqual(names);
    expect(ask('teacher').assigned).toEqual(names);
    expect(ask(undefined).assigned).toEqual(names);
  });

  it('is who is signed in where the server does not say', () => {
    expect(ask('ann.lee').assigned?.account).toBe('ann.lee');
    expect(ask(undefined).assigned).toBeNull();
  });
});
