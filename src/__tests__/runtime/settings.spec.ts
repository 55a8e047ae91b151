import schema from '../../../schema/plugin.json';
import { readSettings, valuesInForce } from '../../runtime/settings';
import { trans } from '../fakes';

const KEY = 'phc_0123456789abcdef';

const read = (values: unknown): ReturnType<typeof readSettings> =>
  readSettings(values, trans);
const host = (value: string): string | null => {
  const { destination } = read({ projectKey: KEY, host: value });
  return destination.kind === 'posthog' ? destination.host : null;
};

describe('readSettings', () => {
  const defaults = read({});

  it('keeps events on the Jupyter server without a key', () => {
    expect(defaults).toEqual({
      destination: { kind: 'collector' },
      identity: 'prompt',
      captureCode: true,
      captureOutput: true,
      maxCharacters: 10_000,
      disabledEvents: new Set(),
      disabledTestSources: new Set(),
      privacyNotice: '',
      problems: []
    });
  });

  it('keeps events in the browser where there is no server', () => {
    const home = { kind: 'browser' } as const;
    expect(readSettings({}, trans, home).destination).toBe(home);
    const refused = readSettings({ projectKey: 'phx_1' }, trans, home);
    expect(refused.destination).toBe(home);
    expect(refused.problems).toHaveLength(1);
    // Nor is there one to send through.
    expect(
      readSettings({ projectKey: KEY, relay: true }, trans, home).destination
    ).toMatchObject({ kind: 'posthog', key: KEY, relay: false });
  });

  it('takes the name from the student unless it is to be that of the account', () => {
    expect(read({ identity: 'jupyter-user' }).identity).toBe('jupyter-user');
    expect(read({ identity: 'hub' }).identity).toBe('prompt');
    const choices = schema.properties.identity.oneOf.map(
      choice => choice.const
    );
    expect(choices.map(identity => read({ identity }).identity)).toEqual(
      choices
    );
  });

  it('reads the defaults of the schema as they are meant', () => {
    const { properties } = schema;
    const values = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, field.default])
    );
    expect(read(values)).toEqual({
      ...defaults,
      privacyNotice: properties.privacyNotice.default
    });
    expect(host(properties.host.default)).toBe('https://us.i.posthog.com');
  });

  it('sends to PostHog with a key', () => {
    expect(read({ projectKey: ` ${KEY}\n` }).destination).toEqual({
      kind: 'posthog',
      host: 'https://us.i.posthog.com',
      key: KEY,
      relay: false
    });
    expect(read({ projectKey: KEY, relay: true }).destination).toMatchObject({
      relay: true
    });
  });

  it.each([undefined, null, 'text', 7, true])(
    'falls back on everything for %j',
    values => {
      expect(read(values)).toEqual(defaults);
    }
  );

  it.each([
    ['projectKey', 7],
    ['projectKey', null],
    ['host', {}],
    ['captureCode', 'no'],
    ['captureOutput', 0],
    ['maxCharacters', -1],
    ['maxCharacters', 1.5],
    ['maxCharacters', 100_001],
    ['maxCharacters', '500'],
    ['events', []],
    ['events', 'none'],
    ['testSources', 'none'],
    ['privacyNotice', ['x']]
  ])('falls back for %s %j, and for nothing else', (name, value) => {
    const others = { captureCode: false, maxCharacters: 5, privacyNotice: 'x' };
    const { [name]: _, ...rest } = others as Record<string, unknown>;
    expect(read({ ...others, [name]: value })).toEqual(read(rest));
  });

  it('switches events off one by one', () => {
    const { disabledEvents } = read({
      events: { paste: false, blur: true, quiz_done: false }
    });
    expect([...disabledEvents]).toEqual(['paste', 'quiz_done']);
  });

  it('switches tests without decorators off one by one', () => {
    const { disabledTestSources } = read({
      testSources: { otter: false, pytest: true, nbgrader: 'no' }
    });
    expect([...disabledTestSources]).toEqual(['otter']);
  });

  it('keeps an event off beside a malformed switch', () => {
    const { disabledEvents } = read({ events: { paste: false, blur: 'no' } });
    expect([...disabledEvents]).toEqual(['paste']);
  });

  it('takes the limits of the size cut', () => {
    expect(read({ maxCharacters: 0 }).maxCharacters).toBe(0);
    expect(read({ maxCharacters: 100_000 }).maxCharacters).toBe(100_000);
  });

  it('ignores fields it does not know', () => {
    expect(read({ student: 'EVE', url: 'http://evil.example' })).toEqual(
      defaults
    );
  });
});

describe('valuesInForce', () => {
  const composite = { captureCode: true, locked: false };

  it.each([undefined, false, 'true', 1])(
    'are the user’s where `locked` is %j',
    locked => {
      const properties = { locked: { default: locked } };
      expect(valuesInForce({ composite, schema: { properties } })).toBe(
        composite
      );
      expect(valuesInForce({ composite, schema: {} })).toBe(composite);
    }
  );

  it('are the administrator’s where it is true', () => {
    const properties = {
      locked: { default: true },
      captureCode: { default: false },
      events: { default: { paste: false } }
    };
    const values = valuesInForce({ composite, schema: { properties } });
    expect(values).toEqual({
      locked: true,
      captureCode: false,
      events: { paste: false }
    });
    expect([...read(values).disabledEvents]).toEqual(['paste']);
  });
});

describe('the key', () => {
  it.each([
    ['phx_secret0123456789', 'phx_'],
    [`phc_${'a'.repeat(61)}`, '64'],
    ['phc_ключ', 'characters'],
    ['phc_a b', 'characters'],
    ['phc_a\u0000b', 'characters']
  ])('%j is refused, in words that do not repeat it', (projectKey, why) => {
    const { destination, problems } = read({ projectKey });
    expect(destination).toEqual({ kind: 'collector' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(why);
    expect(problems[0]).not.toContain(projectKey);
    expect(problems[0]).not.toContain(projectKey.slice(4));
  });

  it('may have 64 characters', () => {
    const projectKey = `phc_${'a'.repeat(60)}`;
    expect(read({ projectKey }).problems).toEqual([]);
  });

  it('is refused when there is only space', () => {
    const { destination, problems } = read({ projectKey: ' \t\n' });
    expect(destination).toEqual({ kind: 'collector' });
    expect(problems).toEqual([expect.stringContaining('nothing but spaces')]);
  });
});

describe('the host', () => {
  it.each([
    ['https://eu.i.posthog.com', 'https://eu.i.posthog.com'],
    [' https://eu.i.posthog.com/// ', 'https://eu.i.posthog.com'],
    ['https://school.example/ph/', 'https://school.example/ph'],
    ['https://school.example:8443', 'https://school.example:8443'],
    ['HTTPS://School.Example', 'https://school.example'],
    ['http://localhost:8000', 'http://localhost:8000'],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000'],
    ['http://127.1.2.3', 'http://127.1.2.3'],
    ['http://[::1]:8000', 'http://[::1]:8000'],
    ['', 'https://us.i.posthog.com'],
    ['  ', 'https://us.i.posthog.com']
  ])('%j is %j', (value, address) => {
    expect(host(value)).toBe(address);
    expect(read({ projectKey: KEY, host: value }).problems).toEqual([]);
  });

  it.each([
    'http://us.i.posthog.com',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://notlocalhost',
    'http://evil.example/localhost',
    'http://localhost@evil.example',
    'https://localhost@evil.example',
    'https://user:secret@posthog.example',
    'http://0.0.0.0',
    'http://[::2]',
    'http://10.0.0.1',
    'https://posthog.example/?a=b',
    'https://posthog.example/#a',
    'ftp://posthog.example',
    'javascript:alert(1)',
    'data:text/plain,x',
    'us.i.posthog.com',
    '//us.i.posthog.com',
    'https://'
  ])('%j is refused, and nothing is sent there', value => {
    const { destination, problems } = read({ projectKey: KEY, host: value });
    expect(destination).toEqual({ kind: 'collector' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('https://');
    expect(problems[0]).not.toContain(KEY);
  });

  it('is of no interest without a key', () => {
    expect(read({ host: 'http://evil.example' }).problems).toEqual([]);
  });

  it('and the key are each told of', () => {
    const { problems } = read({ projectKey: 'phx_x', host: 'ftp://x' });
    expect(problems).toHaveLength(2);
  });
});
