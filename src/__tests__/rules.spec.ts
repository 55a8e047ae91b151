// The same samples are given to the kernel side and the Jupyter server by `test_conformance_rules.py`.
import eventNames from '../../conformance/rules/event_names.json';
import fingerprints from '../../conformance/rules/fingerprints.json';
import hosts from '../../conformance/rules/hosts.json';
import keys from '../../conformance/rules/keys.json';
import names from '../../conformance/rules/names.json';
import codes from '../../conformance/rules/studentcodes.json';
import { InvalidEventError } from '../events/payload';
import { checkName, makeStudent } from '../identity/name';
import { readStudentCode } from '../identity/studentcode';
import { toldSettingsOf } from './settingssource';
import { customPayloadOf, makeSession } from './fakes';

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
    const { destination, refusals } = toldSettingsOf({ projectKey: KEY, host });
    expect([destination, refusals]).toEqual([
      { kind: 'posthog', host: address, key: KEY, relay: false },
      []
    ]);
  });

  // Where the host is left empty, the settings have a default.
  it.each(refusals(hosts.refused).filter(([, host]) => host.trim() !== ''))(
    'is refused for its %s: %j',
    (kind, host) => {
      const { destination, refusals } = toldSettingsOf({
        projectKey: KEY,
        host
      });
      expect(destination).toEqual({ kind: 'collector' });
      expect(refusals).toEqual([
        { words: expect.stringContaining(words[kind]) as string, isOwn: true }
      ]);
    }
  );
});

describe('a key', () => {
  const words: Readonly<Record<string, string>> = keys.words;

  it.each(keys.accepted)('%j is %j', (projectKey, key) => {
    const { destination, refusals } = toldSettingsOf({ projectKey });
    expect([destination, refusals]).toEqual([
      expect.objectContaining({ kind: 'posthog', key }),
      []
    ]);
  });

  it.each(refusals(keys.refused))(
    'is refused as %s: %j',
    (kind, projectKey) => {
      const { destination, refusals } = toldSettingsOf({ projectKey });
      expect(destination).toEqual({ kind: 'collector' });
      expect(refusals).toEqual([
        { words: expect.stringContaining(words[kind]) as string, isOwn: true }
      ]);
    }
  );
});

describe('a certificate', () => {
  const words: Readonly<Record<string, string>> = fingerprints.words;
  const { host } = fingerprints;

  // Only the Jupyter server looks at it, so the page sends nothing itself.
  it.each(fingerprints.accepted)('%j is %j', (certificate, fingerprint) => {
    const { destination, refusals } = toldSettingsOf({
      projectKey: KEY,
      host,
      certificate
    });
    expect([destination, refusals]).toEqual([
      { kind: 'posthog', host, key: KEY, relay: fingerprint !== '' },
      []
    ]);
  });

  it.each([
    ...refusals(fingerprints.refused).map(([kind, text]) => [kind, text, host]),
    ['scheme', fingerprints.accepted[2][0], 'http://127.0.0.1:8000']
  ])('is refused for its %s: %j', (kind, certificate, host) => {
    const { destination, refusals } = toldSettingsOf({
      projectKey: KEY,
      host,
      certificate
    });
    expect(destination).toEqual({ kind: 'collector' });
    expect(refusals).toEqual([
      { words: expect.stringContaining(words[kind]) as string, isOwn: true }
    ]);
  });

  it('takes a Jupyter server to look at', () => {
    const home = { kind: 'browser' } as const;
    const certificate = fingerprints.accepted[2][0];
    const { destination, refusals } = toldSettingsOf(
      { projectKey: KEY, host, certificate },
      home
    );
    expect(destination).toEqual(home);
    expect(refusals).toEqual([
      {
        words: expect.stringContaining('takes a Jupyter server') as string,
        isOwn: true
      }
    ]);
  });
});

describe('a name', () => {
  it.each(names.accepted)('%j and %j make %j', (first, last, id, name) => {
    expect(makeStudent(first, last)).toEqual({ id, name });
  });

  it.each(refusals(names.refused))('is refused as %s: %j', (kind, name) => {
    expect(checkName(name)).toBe(kind);
    expect(makeStudent(name, 'Lee')).toBeNull();
    expect(makeStudent('Ann', name)).toBeNull();
  });
});

describe('the name of an event', () => {
  const build = (name: string, properties: unknown = {}): string =>
    customPayloadOf(makeSession(), name, properties).event_type;

  it.each(eventNames.accepted)('may be %j', name => {
    expect(build(name)).toBe(name);
  });

  it.each(eventNames.refused.malformed)('may not be %j', name => {
    expect(() => build(name)).toThrow('is no event name');
  });

  it.each(eventNames.refused.built_in)('is taken: %s', name => {
    expect(() => build(name)).toThrow('is an event of the catalogue');
  });

  it.each(eventNames.properties.accepted)('may have a property %j', name => {
    expect(build('quiz_done', { [name]: 1 })).toBe('quiz_done');
  });

  it.each(eventNames.properties.refused)('has no property %j', name => {
    expect(() => build('quiz_done', { [name]: 1 })).toThrow(InvalidEventError);
  });
});

describe('a student’s code', () => {
  it.each(codes.accepted)('%j is %j', (typed, code) => {
    expect(readStudentCode(typed)).toEqual({ code });
  });

  it.each(codes.made)('made of a secret is one: %s %s %s', (_, __, code) => {
    expect(readStudentCode(code)).toEqual({ code });
  });

  it.each(refusals(codes.refused))(
    'is refused for %s: %j',
    (problem, typed) => {
      expect(readStudentCode(typed)).toEqual({ problem });
    }
  );
});
