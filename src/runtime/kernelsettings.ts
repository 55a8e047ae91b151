import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { StudentIdentity } from '../identity/identity';
import type { PersonCodes } from '../identity/personcode';
import { verifierOf } from '../identity/personcode';
import type {
  IKernelSettings,
  IKernelSettingsSource
} from '../notebook/kernel/kernelsettings';
import type { Gate } from './gate';
import type { SettingsFollower } from './settingsfollower';

/** What kernels are told of the settings, of the gate and of the student's answer. */
export class KernelSettings implements IKernelSettingsSource {
  constructor(private readonly _options: KernelSettings.IOptions) {
    const { codes, gate, identity, settings } = _options;
    codes.changed.connect(this._onChanged, this);
    gate.changed.connect(this._onChanged, this);
    identity.changed.connect(this._onChanged, this);
    settings.changed.connect(this._onChanged, this);
    settings.moved.connect(this._onChanged, this);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  of(course: string | undefined): IKernelSettings {
    const { codes, gate, identity, settings } = this._options;
    const { student } = identity;
    const { values, destination } = settings;
    const reason = gate.reasonFor(course);
    return {
      captureCode: values.captureCode,
      captureOutput: values.captureOutput,
      maxCharacters: values.maxCharacters,
      events: off(values.disabledEvents),
      testSources: off(values.disabledTestSources),
      secretPatterns: values.secretPatterns,
      keepSecrets: values.keepSecrets,
      identity: values.identity,
      names: values.names,
      consent: values.consent,
      isPaused: reason === 'paused',
      isDeclined: reason === 'declined' || identity.declined,
      isUnanswered: reason === 'unanswered',
      person: student ? verifierOf(codes.codeOf(student.id)) : '',
      destination:
        destination.kind === 'posthog' ? new URL(destination.host).host : ''
    };
  }

  private _onChanged(): void {
    this._changed.emit();
  }

  private readonly _changed = new Signal<this, void>(this);
}

/** The namespace for KernelSettings statics. */
export namespace KernelSettings {
  /** What the settings for kernels are read from. */
  export interface IOptions {
    readonly codes: Pick<PersonCodes, 'changed' | 'codeOf'>;
    readonly gate: Pick<Gate, 'changed' | 'reasonFor'>;
    readonly identity: Pick<
      StudentIdentity,
      'changed' | 'declined' | 'student'
    >;
    readonly settings: Pick<
      SettingsFollower,
      'changed' | 'destination' | 'moved' | 'values'
    >;
  }
}

function off(names: ReadonlySet<string>): Readonly<Record<string, false>> {
  return Object.fromEntries([...names].map(name => [name, false as const]));
}
