import type { Trans } from '../trans';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit'
});
const day = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit'
});

const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });

/** The day of a moment that may be in another year. */
export function dateText(at: number): string {
  return date.format(at);
}

/** A time of day for what happened today, with its date for what did not. */
export function momentText(at: number | null, now = Date.now()): string {
  if (at === null) {
    return '–';
  }
  return (Math.abs(now - at) < DAY / 2 ? clock : day).format(at);
}

/** Minutes for how long; seconds below one. */
export function durationText(ms: number | null, trans: Trans): string {
  if (ms === null) {
    return '–';
  }
  if (ms < MINUTE) {
    return trans.__('%1 s', Math.round(ms / 1000));
  }
  const minutes = Math.round(ms / MINUTE);
  return minutes < 120
    ? trans.__('%1 min', minutes)
    : trans.__(
        '%1 h %2 min',
        Math.floor(minutes / 60),
        String(minutes % 60).padStart(2, '0')
      );
}

/** A share as a whole number of per cent. */
export function shareText(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}

/** Two decimals, for measures between 0 and about 1. */
export function ratioText(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

/** Minutes with one decimal, for a table that is saved. */
export function minutesOf(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / (MINUTE / 10)) / 10;
}

/** A moment for a table that is saved. */
export function isoOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
