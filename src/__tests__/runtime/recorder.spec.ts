import { Signal } from '@lumino/signaling';
import type { IWireEvent } from '../../delivery/wire';
import type { IPayload } from '../../events/payload';
import { Session } from '../../events/session';
import type { IStudent } from '../../events/student';
import { Gate } from '../../runtime/gate';
import { Recorder } from '../../runtime/recorder';
import { settingsOf } from '../settingssource';
import { customPayloadOf, JOHN, makeSession, SAMPLES } from '../fakes';

/** A page's delivery, student and settings, as far as a recorder looks at them. */
class FakePage {
  readonly delivered: IPayload[] = [];
  readonly delivery = {
    deliver: (payload: IPayload) => void this.delivered.push(payload),
    lost: new Signal<never, ReadonlyArray<IWireEvent>>({} as never)
  };
  readonly identity = {
    student: null as IStudent | null,
    declined: false,
    changed: new Signal<never, void>({} as never)
  };
  readonly settings = {
    values: settingsOf({})
  };
  readonly gate = new Gate();

  identify(student: IStudent | null, declined = false): void {
    Object.assign(this.identity, { student, declined });
    this.identity.changed.emit();
  }
}

const BLUR = { name: 'blur', properties: SAMPLES.blur } as const;

let page: FakePage;
let recorder: Recorder;
let recorded: IPayload[];
let warn: jest.SpyInstance;

const custom = (
  name: string,
  properties: unknown
): { name: string; properties: unknown; isCustom: true } => ({
  name,
  properties,
  isCustom: true
});

beforeEach(() => {
  warn = jest.spyOn(console, 'warn').mockReturnValue();
  page = new FakePage();
  recorder = new Recorder(page);
  recorded = [];
  recorder.recorded.connect((_, payload) => recorded.push(payload));
});

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('Recorder', () => {
  it('makes no event while the gate is closed, and uses no number up', () => {
    const session = new Session(JOHN, 'lesson-1', '', 'biology');
    page.gate.close('declined', 'biology');
    expect(recorder.record(session, BLUR)).toBe(false);
    expect(recorder.record(makeSession(), BLUR)).toBe(true);
    page.gate.open('declined', 'biology');
    expect(recorder.record(session, BLUR)).toBe(true);
    page.gate.close('paused');
    expect(recorder.record(session, BLUR)).toBe(false);
    expect(page.delivered.map(({ seq }) => seq)).toEqual([1, 1]);
  });

  it('builds events, delivers them, and tells of them', () => {
    const session = makeSession();
    expect(recorder.record(session, BLUR)).toBe(true);
    expect(recorder.record(session, custom('quiz_done', { score: 1 }))).toBe(
      true
    );
    expect(recorded.map(({ event_type }) => event_type)).toEqual([
      'blur',
      'quiz_done'
    ]);
    expect(page.delivered).toEqual(recorded);
  });

  it.each([
    ['an unknown property', { reason: 'tab', url: 'x' }],
    ['a wrong value', { reason: 'bored' }],
    ['no properties', undefined]
  ])('drops an event with %s, with a warning', (_, properties) => {
    const event = { name: 'blur', properties: properties as never } as const;
    expect(recorder.record(makeSession(), event)).toBe(false);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(recorded).toEqual([]);
    expect(page.delivered).toEqual([]);
  });

  it('tells who had an event from elsewhere that it is malformed, and of nothing else', () => {
    const onRefused = jest.fn();
    const origin = {
      uuid: '08b5a03e-edc1-43c5-9a41-000000000001',
      timestamp: '2026-03-01T10:00:00.000Z',
      onRefused
    };
    const tell = (properties: unknown): boolean =>
      recorder.record(makeSession(), { ...custom('quiz', properties), origin });
    expect(tell({})).toBe(true);
    expect(onRefused).not.toHaveBeenCalled();
    expect(tell([1])).toBe(false);
    expect(onRefused).toHaveBeenCalledTimes(1);
    page.identify(null, true);
    expect(tell([1])).toBe(false);
    expect(onRefused).toHaveBeenCalledTimes(1);
  });

  it('warns once of what is tried a thousand times', () => {
    const session = makeSession();
    for (let i = 0; i < 1000; i++) {
      recorder.record(session, custom('Bad name', {}));
    }
    expect(warn).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 1000; i++) {
      recorder.record(session, custom(`Bad name ${i}`, {}));
    }
    expect(warn.mock.calls.length).toBeLessThanOrEqual(50);
  });

  it('never throws, whatever it is given', () => {
    const session = makeSession();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    const hostile = {
      get trap(): never {
        throw new Error('trap');
      }
    };
    for (const properties of [circular, hostile, Symbol('x'), 1n]) {
      expect(recorder.record(session, custom('quiz', properties))).toBe(false);
    }
    expect(session.nextSeq()).toBe(1);
  });

  it('takes the rules of the moment', () => {
    page.settings.values = settingsOf({ events: { blur: false } });
    expect(recorder.record(makeSession(), BLUR)).toBe(false);
    page.settings.values = settingsOf({});
    expect(recorder.record(makeSession(), BLUR)).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe('what a kernel kept', () => {
  const kept = (at: number): boolean =>
    recorder.record(makeSession(), {
      ...BLUR,
      origin: {
        uuid: 'd1e2a3b4-0000-4000-8000-000000000000',
        timestamp: new Date(at).toISOString()
      }
    });

  it('is recorded though it happened before a name was given', () => {
    const before = Date.now() - 60_000;
    page.identify(JOHN);
    expect(kept(before)).toBe(true);
  });

  it('while the student had declined is for nobody', () => {
    jest.useFakeTimers();
    const declinedAt = Date.now();
    page.identify(null, true);
    jest.advanceTimersByTime(1_000);
    expect(kept(Date.now())).toBe(false);
    page.identify(JOHN);
    expect(kept(declinedAt)).toBe(false);
    jest.advanceTimersByTime(1_000);
    page.identify(JOHN);
    // Agreed to since the name was given, not since it was told of again.
    expect(kept(declinedAt + 1_500)).toBe(true);
  });
});

describe('events that are given up', () => {
  const wireOf = ({ uuid, session_id, seq, notebook }: IPayload): IWireEvent =>
    ({
      uuid,
      distinct_id: JOHN.id,
      properties: { session_id, seq, notebook }
    }) as unknown as IWireEvent;

  it('are told of, session by session', () => {
    const lost = [makeSession(), makeSession()].map(session =>
      customPayloadOf(session, 'quiz', {})
    );
    page.delivery.lost.emit(lost.map(wireOf));
    expect(page.delivered).toMatchObject(
      lost.map(({ session_id }) => ({
        event_type: 'events_dropped',
        session_id,
        seq: 1,
        properties: { count: 1, reason: 'storage', first_seq: 1, last_seq: 1 }
      }))
    );
  });
});
