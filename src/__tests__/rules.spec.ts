// The same samples are given to the kernel side and the Jupyter server by `test_rules.py`.
import hosts from '../../conformance/rules/hosts.json';
import { readSettings } from '../settings';
import { trans } from './fakes';

const KEY = 'phc_0123456789abcdef';

/** Each sample with the kind of its refusal. */
function refusals(
  refused: Readonly<Record<string, ReadonlyArray<string>>>
): Array<[string, string]> {
  return Object.entries(refused).flatMap(([kind, samples]) =>
    samples.map((sample): [string, string] => [kind, sample])
  );
}

describe('a host', () => {
  const words: Readonly<Record<string, string>> = hosts.words;

  it.each(hosts.accepted)('%j is %j', (host, address) => {
    const { destination, problems } = readSettings(
      { projectKey: KEY, host },
      trans
    );
    expect([destination, problems]).toEqual([
      { kind: 'posthog', host: address, key: KEY, relay: false },
      []
    ]);
  });

  // What is left empty is the default, as the settings say.
  it.each(refusals(hosts.refused).filter(([, host]) => host.trim() !== ''))(
    'is refused for its %s: %j',
    (kind, host) => {
      const { destination, problems } = readSettings(
        { projectKey: KEY, host },
        trans
      );
      expect(destination).toEqual({ kind: 'collector' });
      expect(problems).toEqual([expect.stringContaining(words[kind])]);
    }
  );
});
