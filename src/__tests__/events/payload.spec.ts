import type { EventName, Properties } from '../../events/catalog';
import { CATALOG } from '../../events/catalog';
import { InvalidEventError } from '../../events/payload';
import { forgetSecrets } from '../../events/secrets';
import { customPayloadOf, makeSession, payloadOf, SAMPLES } from '../fakes';

function refusal(build: () => unknown): string {
  try {
    build();
  } catch (reason) {
    expect(reason).toBeInstanceOf(InvalidEventError);
    return (reason as Error).message;
  }
  throw new Error('it was accepted');
}

describe('buildPayload', () => {
  it('puts the envelope around the properties', () => {
    const session = makeSession();
    const payload = payloadOf(session, 'paste', SAMPLES.paste);
    expect(payload).toEqual({
      uuid: expect.stringMatching(
        /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/
      ),
      event_type: 'paste',
      student_id: 'JOHN_DOE',
      notebook: 'D1_Python_Tooling',
      timestamp: expect.any(String),
      session_id: session.id,
      seq: 1,
      active_ms: expect.any(Number),
      properties: SAMPLES.paste
    });
  });

  it('tells how many secrets were taken out, and nothing where there was none', () => {
    const secret = { answer: 'my password="hunter2" and Bearer a1b2c3d4e5f6' };
    expect(customPayloadOf(makeSession(), 'quiz', secret)).toMatchObject({
      redacted: 2,
      properties: { answer: 'my password="‹secret›" and Bearer ‹secret›' }
    });
    expect(
      customPayloadOf(makeSession(), 'quiz', { answer: 'none' })
    ).not.toHaveProperty('redacted');
  });

  it('takes secrets out of custom properties, of their names and however deep', () => {
    const told = (properties: unknown): unknown =>
      customPayloadOf(makeSession(), 'quiz', properties).properties;
    expect(
      told({
        tries: [{ 'Bearer a1b2c3d4e5f6': 'token = "a1b2c3d4e5f6g7"' }, null],
        score: 3
      })
    ).toEqual({
      tries: [{ 'Bearer ‹secret›': 'token = "‹secret›"' }, null],
      score: 3
    });
    // By itself, since it was found.
    expect(told({ answer: ['a1b2c3d4e5f6g7'] })).toEqual({
      answer: ['‹secret›']
    });
    forgetSecrets();
  });

  it('cuts what a notebook file may have at any length', () => {
    const long = 'x'.repeat(201);
    const properties = {
      ...SAMPLES.cell_executed,
      cell_id: long
    };
    expect(
      payloadOf(makeSession(), 'cell_executed', properties).properties
    ).toMatchObject({ cell_id: long.slice(1) });
    const started = { ...SAMPLES.session_started, kernel: long };
    expect(
      payloadOf(makeSession(), 'session_started', started).properties
    ).toMatchObject({ kernel: long.slice(1) });
  });

  it('gives every event a uuid of its own', () => {
    const session = makeSession();
    const uuids = Array.from(
      { length: 100 },
      () => payloadOf(session, 'blur', SAMPLES.blur).uuid
    );
    expect(new Set(uuids).size).toBe(100);
  });

  it('stamps the moment of capture, as ISO 8601 in UTC', () => {
    jest.useFakeTimers({ now: Date.UTC(2024, 1, 29, 23, 59, 59, 7) });
    const { timestamp } = payloadOf(makeSession(), 'blur', SAMPLES.blur);
    jest.useRealTimers();
    expect(timestamp).toBe('2024-02-29T23:59:59.007Z');
  });

  it.each(Object.keys(CATALOG) as EventName[])(
    'names the unknown property of %s',
    name => {
      const properties = { ...SAMPLES[name], prompt: 'x' } as never;
      expect(
        refusal(() => payloadOf(makeSession(), name, properties))
      ).toContain('prompt');
    }
  );

  it('counts accepted events only', () => {
    const session = makeSession();
    const build = (properties: unknown): number =>
      payloadOf(session, 'blur', properties as Properties<'blur'>).seq;
    expect(build({ reason: 'tab' })).toBe(1);
    refusal(() => build({ reason: 'nothing' }));
    refusal(() => build({}));
    refusal(() => customPayloadOf(session, 'Bad name', {}));
    refusal(() => customPayloadOf(session, 'good_name', { $set: 1 }));
    expect(build({ reason: 'tab' })).toBe(2);
    expect(customPayloadOf(session, 'good_name', {}).seq).toBe(3);
  });

  it('cannot be changed afterwards, however deep', () => {
    const properties = {
      ...SAMPLES.cell_executed,
      error: { name: 'ZeroDivisionError', value: '', traceback: '' }
    };
    const payload = payloadOf(makeSession(), 'cell_executed', properties);
    const error = payload.properties.error as { name: string };
    expect(() => Object.assign(payload, { seq: 9 })).toThrow(TypeError);
    expect(() => Object.assign(payload.properties, { code: '' })).toThrow(
      TypeError
    );
    expect(() => Object.assign(error, { name: '' })).toThrow(TypeError);

    properties.error.name = 'Other';
    expect(error.name).toBe('ZeroDivisionError');
  });
});

describe('buildPayload of a custom event', () => {
  it.each(['a', 'quiz_done', 'a1', `a${'b'.repeat(63)}`])('takes %s', name => {
    const properties = { score: 3, tags: ['x', null], deep: { ok: true } };
    const payload = customPayloadOf(makeSession(), name, properties);
    expect([payload.event_type, payload.properties]).toEqual([
      name,
      properties
    ]);
  });

  it.each([
    '',
    'A',
    'Quiz',
    '1a',
    '_a',
    '$pageview',
    'a-b',
    'a b',
    'a\n',
    'é',
    `a${'b'.repeat(64)}`
  ])('refuses the name %j', name => {
    expect(refusal(() => customPayloadOf(makeSession(), name, {}))).toContain(
      'no event name'
    );
  });

  it.each([[['quiz']], [{ toString: () => 'quiz' }], [7], [null]])(
    'refuses the name %p, which is no text',
    name => {
      expect(
        refusal(() => customPayloadOf(makeSession(), name as never, {}))
      ).toContain('no event name');
    }
  );

  it('does not repeat a name of any length', () => {
    const name = 'X'.repeat(10_000);
    const words = refusal(() => customPayloadOf(makeSession(), name, {}));
    expect(words.length).toBeLessThan(300);
  });

  it.each(Object.keys(CATALOG))('leaves %s to the catalogue', name => {
    expect(refusal(() => customPayloadOf(makeSession(), name, {}))).toContain(
      'catalogue'
    );
  });

  it.each([
    'uuid',
    'event_type',
    'student_id',
    'notebook',
    'timestamp',
    'session_id',
    'seq',
    'active_ms',
    'simulated',
    'redacted',
    'distinct_id',
    'token',
    '$set',
    '$ip'
  ])('keeps the property %s for itself', key => {
    expect(
      refusal(() => customPayloadOf(makeSession(), 'quiz', { [key]: 1 }))
    ).toContain(key);
  });

  it.each([
    ['a text', 'x'],
    ['a list', [1]],
    ['nothing', undefined],
    ['null', null],
    ['a function', { f: () => 1 }],
    ['undefined inside', { a: undefined }],
    ['a date', { a: new Date() }],
    ['a date further in', { a: [{ b: new Date() }] }],
    ['a list with a hole', { a: Array(2) }],
    [
      'an object of a class',
      {
        a: new (class Point {
          x = 1;
        })()
      }
    ],
    ['no number', { a: NaN }],
    ['a big integer', { a: 1n }],
    ['a key over 200 characters', { ['k'.repeat(201)]: 1 }]
  ])('refuses %s for its properties', (_, properties) => {
    refusal(() => customPayloadOf(makeSession(), 'quiz', properties));
  });

  it('says which property is no JSON', () => {
    expect(
      refusal(() =>
        customPayloadOf(makeSession(), 'quiz', { a: 1, b: [{ c: Infinity }] })
      )
    ).toBe('quiz: b: no JSON');
  });

  it('takes JSON of every kind', () => {
    const properties = {
      a: [null, true, 'x', -1.5, [], {}],
      b: Object.assign(Object.create(null) as object, { c: 1 })
    };
    expect(
      customPayloadOf(makeSession(), 'quiz', properties).properties
    ).toEqual({ ...properties, b: { c: 1 } });
  });

  it('names no place and no credentials, at any depth', () => {
    const { properties } = customPayloadOf(makeSession(), 'quiz', {
      file: '/home/ann/course/data.csv',
      '/tmp/work/x.py': [{ env: '\u001b[1mJUPYTER_TOKEN=abcdef' }]
    });
    expect(properties).toEqual({
      file: '…/data.csv',
      '…/x.py': [{ env: 'JUPYTER_TOKEN=‹secret›' }]
    });
  });

  it('refuses a reserved name also in disguise', () => {
    const key = '\u001b[1m$set';
    expect(
      refusal(() => customPayloadOf(makeSession(), 'quiz', { [key]: 1 }))
    ).toContain('$set');
  });

  it('takes 64 KiB of properties and no more', () => {
    const session = makeSession();
    const frame = JSON.stringify({ text: '' }).length;
    const text = 'x'.repeat(64 * 1024 - frame);
    expect(customPayloadOf(session, 'quiz', { text }).seq).toBe(1);
    expect(
      refusal(() => customPayloadOf(session, 'quiz', { text: `${text}x` }))
    ).toContain('64 KiB');
  });

  it('keeps what was there at capture, whatever the caller does later', () => {
    const properties = { list: [{ score: 1 }] };
    const payload = customPayloadOf(makeSession(), 'quiz', properties);
    properties.list[0].score = 2;
    properties.list.push({ score: 3 });
    expect(payload.properties).toEqual({ list: [{ score: 1 }] });
  });
});

describe('an event that happened elsewhere', () => {
  const NOW = Date.UTC(2026, 2, 1, 10);
  const origin = {
    uuid: '01a210ca-ff51-7000-a16b-75fe94636228',
    timestamp: '2026-03-01T09:59:58.123Z'
  };

  beforeEach(() => jest.useFakeTimers({ now: NOW }));
  afterEach(() => jest.useRealTimers());

  it('keeps its uuid and its time, and is counted with the others', () => {
    const session = makeSession();
    const told = payloadOf(session, 'blur', SAMPLES.blur, origin);
    expect(told).toMatchObject({ ...origin, seq: 1 });
    const custom = customPayloadOf(session, 'quiz', {}, origin);
    expect(custom).toMatchObject({ ...origin, seq: 2 });
    expect(payloadOf(session, 'blur', SAMPLES.blur).seq).toBe(3);
  });

  it('may have a uuid that can be told beforehand if it is a run', () => {
    const uuid = '08b5a03e-edc1-53c5-9a41-e567224b79d2';
    const run = SAMPLES.cell_executed;
    const told = payloadOf(makeSession(), 'cell_executed', run, {
      ...origin,
      uuid
    });
    expect(told.uuid).toBe(uuid);
  });

  it.each([
    ['2026-03-01T09:59:58Z', '2026-03-01T09:59:58.000Z'],
    ['2026-03-01T09:59:58.123456+00:00', '2026-03-01T09:59:58.123Z'],
    ['2026-03-01T10:01:00.000Z', '2026-03-01T10:01:00.000Z']
  ])('may say %s', (timestamp, written) => {
    const said = { ...origin, timestamp };
    expect(payloadOf(makeSession(), 'blur', SAMPLES.blur, said).timestamp).toBe(
      written
    );
  });

  it.each([
    ['uuid', undefined],
    ['uuid', ['01a210ca-ff51-7000-a16b-75fe94636228']],
    ['uuid', '01a210ca-ff51-6000-a16b-75fe94636228'],
    ['uuid', '01a210ca-ff51-7000-116b-75fe94636228'],
    ['uuid', '01a210ca-ff51-7000-a16b-75fe94636228\n'],
    // The id of a run.
    ['uuid', '08b5a03e-edc1-53c5-9a41-e567224b79d2'],
    ['timestamp', undefined],
    ['timestamp', 1772359198123],
    ['timestamp', 'yesterday'],
    ['timestamp', '2026-03-01'],
    ['timestamp', '2026-03-01T09:59:58'],
    ['timestamp', '2026-03-01T09:59:58+02:00'],
    ['timestamp', '2026-13-01T09:59:58Z'],
    ['timestamp', '2026-03-01T10:01:00.001Z']
  ])('is refused with the %s %j', (name, value) => {
    const session = makeSession();
    const said = { ...origin, [name]: value };
    expect(
      refusal(() => payloadOf(session, 'blur', SAMPLES.blur, said))
    ).toContain(name);
    expect(refusal(() => customPayloadOf(session, 'quiz', {}, said))).toContain(
      name
    );
    expect(payloadOf(session, 'blur', SAMPLES.blur).seq).toBe(1);
  });
});
