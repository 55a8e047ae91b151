import type { CDPSession } from '@playwright/test';
import { sum } from './figures';

/** Our code in a page, by where it comes from. */
const OURS = '/extensions/ipynb-telemetry/';
const SAMPLE_US = 200;

/** What a sampling profiler saw of our code. */
export interface IShare {
  /** Main-thread time with our code on the stack, in milliseconds. */
  readonly total: number;
  /** The longest time it was there without a break, in milliseconds. */
  readonly longest: number;
  /** Where that time went: functions of any origin called by ours, the dearest first. */
  readonly places: ReadonlyArray<readonly [place: string, ms: number]>;
}

/**
 * Profile the main thread during some work, and tell what our code took of it:
 * whatever it calls, the browser's own functions included, counts as ours.
 */
export async function profileOurs(
  client: CDPSession,
  work: () => Promise<void>
): Promise<IShare> {
  await client.send('Profiler.enable');
  await client.send('Profiler.setSamplingInterval', { interval: SAMPLE_US });
  await client.send('Profiler.start');
  await work();
  const { profile } = await client.send('Profiler.stop');
  await client.send('Profiler.disable');

  const nodes = new Map(profile.nodes.map(node => [node.id, node]));
  const ours = new Set<number>();
  // Parents come before their children.
  for (const { id, callFrame, children = [] } of profile.nodes) {
    if (callFrame.url.includes(OURS)) {
      ours.add(id);
    }
    if (ours.has(id)) {
      children.forEach(child => ours.add(child));
    }
  }
  const spans: number[] = [];
  const places = new Map<string, number>();
  let span = 0;
  profile.samples!.forEach((id, index) => {
    const ms = (profile.timeDeltas![index + 1] ?? 0) / 1000;
    const { callFrame } = nodes.get(id)!;
    if (ours.has(id) || (span > 0 && callFrame.functionName.startsWith('(g'))) {
      // A garbage collection in between is ours too.
      span += ms;
      const { functionName, url, lineNumber, columnNumber } = callFrame;
      const file = url.split('/').pop()!.split('?')[0];
      const place = `${functionName || '(anonymous)'} ${file}:${lineNumber + 1}:${columnNumber + 1}`;
      places.set(place, (places.get(place) ?? 0) + ms);
    } else if (span > 0) {
      spans.push(span);
      span = 0;
    }
  });
  spans.push(span);
  return {
    total: sum(spans),
    longest: Math.max(...spans),
    places: [...places].sort(([, a], [, b]) => b - a).slice(0, 12)
  };
}
