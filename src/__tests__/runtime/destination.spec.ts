import { PageConfig } from '@jupyterlab/coreutils';
import {
  isClassCollector,
  isThisComputer,
  wordsFor,
  wordsOfPlace
} from '../../runtime/destination';
import { trans } from '../fakes';

afterEach(() => PageConfig.setOption('hubUser', ''));

it.each([
  ['http://localhost:8888/', true],
  ['http://127.0.0.1:8888/', true],
  ['http://127.1.2.3/', true],
  ['http://[::1]:8888/', true],
  ['https://hub.example/user/ann/', false],
  ['http://192.168.1.7:8888/', false],
  ['https://localhost.example/', false],
  ['https://127.0.0.1.example/', false]
])('events of %s stay on this computer: %s', (baseUrl, is) => {
  expect(isThisComputer({ baseUrl })).toBe(is);
  expect(wordsFor({ kind: 'collector' }, { baseUrl }, trans)).toBe(
    is
      ? 'Your records stay on this computer.'
      : 'Your records stay on this Jupyter server.'
  );
});

it('a hub is nobody’s own computer', () => {
  PageConfig.setOption('hubUser', 'ann');
  expect(isThisComputer({ baseUrl: 'http://localhost:8000/user/ann/' })).toBe(
    false
  );
});

describe('where events go with a class key', () => {
  const collector = {
    kind: 'posthog',
    host: 'https://192.168.1.20:8443/cs1',
    key: 'tcw_0123456789abcdef',
    relay: true
  } as const;
  const server = { baseUrl: 'http://localhost:8888/' };

  it('is the class’s collector, in words that say no PostHog', () => {
    expect(wordsFor(collector, server, trans)).toBe(
      'Your records are sent to your class’s collector at 192.168.1.20:8443, by this Jupyter server.'
    );
    expect(wordsFor({ ...collector, relay: false }, server, trans)).toBe(
      'Your records are sent to your class’s collector at 192.168.1.20:8443.'
    );
    expect(wordsOfPlace(collector, trans)).toBe(
      'events go to your class’s collector at 192.168.1.20:8443.'
    );
  });

  it.each([
    [collector, true],
    [{ ...collector, relay: false }, true],
    [{ ...collector, key: 'phc_0123456789abcdef' }, false],
    [{ ...collector, key: 'phc_tcw_' }, false],
    [{ ...collector, key: 'jupyterhub:token' }, true],
    [{ kind: 'collector' }, false],
    [{ kind: 'browser' }, false]
  ] as const)('%j: %s', (destination, is) => {
    expect(isClassCollector(destination)).toBe(is);
  });
});
