import type { ITerms } from '../identity/terms';
import { kindsOf } from '../identity/terms';
import type { Destination } from './destination';
import { labelOf } from './destination';
import type { ITelemetrySettings } from './settings';

/** What students are asked to agree to, by the settings in force. */
export function termsOf(settings: {
  readonly values: ITelemetrySettings;
  readonly destination: Destination;
}): ITerms {
  const { values, destination } = settings;
  return {
    mode: values.consent,
    privacyNotice: values.privacyNotice,
    lines: values.notice,
    destination: labelOf(destination),
    captured: kindsOf(values),
    hidesSecrets: !values.keepSecrets
  };
}
