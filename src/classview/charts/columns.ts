import type { IAddress } from '../model/address';
import type { Plot } from './chart';
import type { ISpot } from './spots';

/** The narrowest place that can be clicked, in pixels. */
const NARROWEST = 8;

/** A moment of a chart over time, with what it opens. */
export interface IMoment {
  readonly atMs: number;
  readonly words: string;
  readonly target: Partial<IAddress>;
}

/**
 * The places of a chart over time, each as high as the chart and as wide as up to the next moment.
 * Where moments lie too close to be clicked one by one, some are left out.
 *
 * @param moments - the earliest first
 * @param endMs - up to where the last moment is good
 */
export function columnsOf(
  chart: ReturnType<Plot['plot']>,
  moments: ReadonlyArray<IMoment>,
  endMs: number
): ReadonlyArray<ISpot> {
  const [x, y] = [chart.scale('x')!, chart.scale('y')!];
  const [bottom, top] = y.range as [number, number];
  const [, right] = x.range as [number, number];
  const placeOf = (ms: number): number => x.apply(new Date(ms)) as number;
  const shown: IMoment[] = [];
  for (const moment of moments) {
    const last = shown[shown.length - 1];
    if (!last || placeOf(moment.atMs) - placeOf(last.atMs) >= NARROWEST) {
      shown.push(moment);
    }
  }
  return shown.map(({ atMs, words, target }, index) => {
    const next = Math.min(placeOf(shown[index + 1]?.atMs ?? endMs), right);
    const left = Math.min(placeOf(atMs), right - NARROWEST);
    return {
      left,
      width: Math.max(next - left, NARROWEST),
      top,
      height: bottom - top,
      words,
      target
    };
  });
}
