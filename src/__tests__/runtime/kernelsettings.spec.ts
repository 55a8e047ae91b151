import { Signal } from '@lumino/signaling';
import type { IStudent } from '../../events/student';
import { PersonCodes, verifierOf } from '../../identity/personcode';
import type { Destination } from '../../runtime/destination';
import { Gate } from '../../runtime/gate';
import { KernelSettings } from '../../runtime/kernelsettings';
import type { ITelemetrySettings } from '../../runtime/settings';
import { JOHN } from '../fakes';
import { settingsOf } from '../settingssource';

const stage = (
  written: Record<string, unknown> = {},
  destination: Destination = { kind: 'collector' }
): {
  codes: PersonCodes;
  gate: Gate;
  identity: {
    declined: boolean;
    student: IStudent | null;
    changed: Signal<never, void>;
  };
  settings: {
    values: ITelemetrySettings;
    destination: Destination;
    changed: Signal<never, void>;
    moved: Signal<never, Destination | null>;
  };
} => ({
  codes: new PersonCodes('scope', null),
  gate: new Gate(),
  identity: {
    declined: false,
    student: null,
    changed: new Signal({} as never)
  },
  settings: {
    values: settingsOf(written),
    destination,
    changed: new Signal({} as never),
    moved: new Signal({} as never)
  }
});

type Stage = ReturnType<typeof stage>;

const settingsFor = (options: Stage): KernelSettings =>
  new KernelSettings(options);

describe('KernelSettings', () => {
  it('tells the hash of the code of whoever is at work, and of another code that is joined', () => {
    const options = stage();
    const settings = settingsFor(options);
    options.identity.student = JOHN;
    const own = options.codes.codeOf(JOHN.id);
    expect(settings.of(undefined).person).toBe(verifierOf(own));
    expect(JSON.stringify(settings.of(undefined))).not.toContain(own);
    const heard = jest.fn();
    settings.changed.connect(heard);
    options.codes.join(JOHN.id, '7K3QM0ZD9RXV2HTE');
    expect(heard).toHaveBeenCalledTimes(1);
    expect(settings.of(undefined).person).toBe(verifierOf('7K3QM0ZD9RXV2HTE'));
  });

  it('tells what is switched off', () => {
    const told = settingsFor(
      stage({
        captureOutput: false,
        maxCharacters: 50,
        events: { blur: false, focus: true },
        testSources: { otter: false },
        secretPatterns: 'EXAM-[0-9]{4}',
        identity: 'pseudonym',
        names: 'any'
      })
    ).of(undefined);
    expect(told).toEqual({
      captureCode: true,
      captureOutput: false,
      maxCharacters: 50,
      events: { blur: false },
      testSources: { otter: false },
      secretPatterns: 'EXAM-[0-9]{4}',
      identity: 'pseudonym',
      keepSecrets: false,
      consent: 'informed',
      isPaused: false,
      isDeclined: false,
      isUnanswered: false,
      names: 'any',
      person: '',
      destination: ''
    });
  });

  it('tells the host that events go to, and nothing else of the address', () => {
    const told = settingsFor(
      stage(
        {},
        {
          kind: 'posthog',
          host: 'https://class.example/path',
          key: 'tcw_key',
          relay: true
        }
      )
    ).of(undefined);
    expect(told.destination).toBe('class.example');
    expect(JSON.stringify(told)).not.toContain('tcw_key');
  });

  it.each([
    ['paused', { isPaused: true, isDeclined: false, isUnanswered: false }],
    ['declined', { isPaused: false, isDeclined: true, isUnanswered: false }],
    ['unanswered', { isPaused: false, isDeclined: false, isUnanswered: true }]
  ] as const)('tells of a gate that is closed: %s', (reason, expected) => {
    const options = stage();
    options.gate.close(reason, 'physics');
    const settings = settingsFor(options);
    expect(settings.of('physics')).toMatchObject(expected);
    expect(settings.of('history')).toMatchObject({
      isPaused: false,
      isDeclined: false,
      isUnanswered: false
    });
  });

  it('tells of a student who would rather not be asked', () => {
    const options = stage();
    options.identity.declined = true;
    expect(settingsFor(options).of(undefined).isDeclined).toBe(true);
  });

  it('says when any of these has changed', () => {
    const options = stage();
    const changes: unknown[] = [];
    settingsFor(options).changed.connect(sender => changes.push(sender));
    options.gate.close('paused');
    options.identity.changed.emit();
    options.settings.changed.emit();
    options.settings.moved.emit(null);
    expect(changes).toHaveLength(4);
  });
});
