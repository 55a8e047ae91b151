import { Signal } from '@lumino/signaling';
import type {
  IKernelSettings,
  IKernelSettingsSource
} from '../notebook/kernel/kernelsettings';

/** Settings for kernels that a test changes. */
export class FakeKernelSettings implements IKernelSettingsSource {
  value: IKernelSettings = {
    captureCode: true,
    captureOutput: true,
    maxCharacters: 10_000,
    events: {},
    testSources: {},
    secretPatterns: '',
    identity: 'prompt',
    keepSecrets: false,
    consent: 'informed',
    isPaused: false,
    isDeclined: false,
    isUnanswered: false,
    names: 'english',
    person: '',
    destination: ''
  };
  readonly changed = new Signal<this, void>(this);

  of(): IKernelSettings {
    return this.value;
  }

  set(some: Partial<IKernelSettings>): void {
    this.value = { ...this.value, ...some };
    this.changed.emit();
  }
}
