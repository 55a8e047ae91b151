import { Signal } from '@lumino/signaling';
import type { Destination } from '../../runtime/destination';
import { Gate } from '../../runtime/gate';
import { KernelSettings } from '../../runtime/kernelsettings';
import type { ITelemetrySettings } from '../../runtime/settings';
import { settingsOf } from '../settingssource';

const stage = (
  written: Record<string, unknown> = {},
  destination: Destination = { kind: 'collector' }
): {
  gate: Gate;
  identity: { declined: boolean; changed: Signal<never, void> };
  settings: {
    values: ITelemetrySettings;
    destination: Destination;
    changed: Signal<never, void>;
    moved: Signal<never, Destination | null>;
  };
} => ({
  gate: new Gate(),
  identity: { declined: false, changed: new Signal({} as never) },
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
  it('tells what is switched off', () => {
    const told = settingsFor(
      stage({
        captureOutput: false,
        maxCharacters: 50,
        events: { blur: false, focus: true },
        testSources: { otter: false },
        secretPatterns: 'EXAM-[0-9]{4}',
        identity: 'pseudonym'
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
