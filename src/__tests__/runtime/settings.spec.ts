import schema from '../../../schema/plugin.json';
import { termsOf } from '../fakes';
import { settingsOf, toldSettingsOf } from '../settingssource';

const KEY = 'phc_0123456789abcdef';

const read = (
  user: Record<string, unknown>
): ReturnType<typeof toldSettingsOf> => toldSettingsOf(user);
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
      names: 'english',
      pause: 'allowed',
      captureCode: true,
      captureOutput: true,
      maxCharacters: 10_000,
      disabledEvents: new Set(),
      disabledTestSources: new Set(),
      privacyNotice: schema.properties.privacyNotice.default,
      consent: 'informed',
      notice: termsOf().lines,
      sharedComputer: false,
      secretPatterns: '',
      keepSecrets: false,
      isOff: false,
      faults: [],
      refusals: []
    });
  });

  it('keeps events in the browser where there is no server', () => {
    const home = { kind: 'browser' } as const;
    expect(settingsOf({}, home).destination).toBe(home);
    const refused = settingsOf({ projectKey: 'phx_1' }, home);
    expect(refused.destination).toBe(home);
    expect(refused.refusals).toHaveLength(1);
    // Nor is there one to send through.
    expect(
      settingsOf({ projectKey: KEY, relay: true }, home).destination
    ).toMatchObject({ kind: 'posthog', key: KEY, relay: false });
  });

  it('takes the name from the student unless it is to be that of the account', () => {
    expect(read({ identity: 'jupyter-user' }).identity).toBe('jupyter-user');
    expect(read({ identity: 'hub' }).identity).toBe('pseudonym');
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
    expect(read(values)).toEqual(defaults);
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

  it.each([
    [
      'captureOutputs',
      false,
      /no setting; did you mean captureOutput\?.*no output/
    ],
    [
      'captureOutput',
      'false',
      /captureOutput must be true or false.*no output/
    ],
    ['maxCharacters', '9', /from 0 to 100000.*are left out/],
    ['maxCharacter', 200, /mean maxCharacters\?.*output end at 200/],
    ['capture', false, /captureCode or captureOutput\?.*none of these is/],
    [
      'identity',
      'hub',
      /must be "prompt" or "jupyter-user" or "pseudonym".*asked for a code/
    ],
    [
      'privacyNotise',
      'Mine.',
      /did you mean privacyNotice\?.*text is the notice/
    ],
    ['privacyNotice', 5, /must be a text.*nothing is recorded/],
    ['events', [], /must be an object.*nothing is recorded/],
    ['event', { blur: false }, /did you mean events\?.*what it turns off/],
    ['Blur', false, /did you mean events.blur\?.*blur is not recorded/],
    ['testSources', 'none', /must be an object.*tests of others/],
    ['student', 'EVE', /^student is no setting\.$/],
    [`${'long'.repeat(99)}\n`, 1, /^(long){10} is no setting\.$/]
  ])('says what is wrong with %s: %j', (name, value, words) => {
    const { faults, refusals } = read({ [name]: value });
    expect(refusals).toEqual([]);
    expect(faults).toEqual([
      { words: expect.stringMatching(words) as string, isOwn: true }
    ]);
    expect(`For the administrator: ${faults[0].words}`.length).toBeLessThan(
      141
    );
  });

  it.each([
    [{ projctKey: KEY }, /did you mean projectKey\?$/],
    [{ projectKey: 7 }, /projectKey must be a text\.$/],
    [{ projectKey: KEY, host: null }, /host must be a text\.$/],
    [{ projectKey: KEY, hosts: 'https://school.example' }, /mean host\?$/],
    [{ projectKey: KEY, relays: true }, /mean relay\?$/],
    [{ projectKey: KEY, relay: 'yes' }, /relay must be true or false\.$/]
  ])('sends nothing anywhere by %j', (values, words) => {
    const { destination, faults, refusals } = read(values);
    expect(destination).toEqual({ kind: 'collector' });
    expect(faults).toEqual([]);
    expect(refusals).toEqual([
      { words: expect.stringMatching(words) as string, isOwn: true }
    ]);
  });

  it('records nothing where nobody can tell what, or what students are told', () => {
    expect(read({ events: 'none' }).isOff).toBe(true);
    expect(read({ privacyNotices: null }).isOff).toBe(true);
    expect(read({ events: {} }).isOff).toBe(false);
    expect(read({ privacyNotise: ' Mine. ' })).toMatchObject({
      isOff: false,
      privacyNotice: 'Mine.'
    });
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
    expect([...disabledTestSources]).toEqual(['otter', 'nbgrader']);
  });

  it('keeps an event off beside a malformed switch, which is off too', () => {
    const { disabledEvents } = read({ events: { paste: false, blur: 'no' } });
    expect([...disabledEvents]).toEqual(['paste', 'blur']);
  });

  it('takes the limits of the size cut', () => {
    expect(read({ maxCharacters: 0 }).maxCharacters).toBe(0);
    expect(read({ maxCharacters: 100_000 }).maxCharacters).toBe(100_000);
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
    const { destination, refusals } = read({ projectKey });
    expect(destination).toEqual({ kind: 'collector' });
    expect(refusals).toHaveLength(1);
    expect(refusals[0].words).toContain(why);
    expect(refusals[0].words).not.toContain(projectKey);
    expect(refusals[0].words).not.toContain(projectKey.slice(4));
  });

  it('may have 64 characters', () => {
    const projectKey = `phc_${'a'.repeat(60)}`;
    expect(read({ projectKey }).refusals).toEqual([]);
  });

  it('is refused when there is only space', () => {
    const { destination, refusals } = read({ projectKey: ' \t\n' });
    expect(destination).toEqual({ kind: 'collector' });
    expect(refusals).toMatchObject([
      { words: expect.stringContaining('nothing but spaces') as string }
    ]);
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
    expect(read({ projectKey: KEY, host: value }).refusals).toEqual([]);
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
    const { destination, refusals } = read({ projectKey: KEY, host: value });
    expect(destination).toEqual({ kind: 'collector' });
    expect(refusals).toHaveLength(1);
    expect(refusals[0].words).toContain('https://');
    expect(refusals[0].words).not.toContain(KEY);
  });

  it('is of no interest without a key', () => {
    expect(read({ host: 'http://evil.example' }).refusals).toEqual([]);
  });

  it('and the key are each told of', () => {
    const { refusals } = read({ projectKey: 'phx_x', host: 'ftp://x' });
    expect(refusals).toHaveLength(2);
  });
});
