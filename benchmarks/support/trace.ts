import type { CDPSession } from '@playwright/test';

interface ITraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  /** Microseconds of processor time. */
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly data?: { readonly frames?: { readonly processId?: number }[] };
  };
}

/**
 * The tasks of a page's main thread during some work, in milliseconds of
 * processor time: what else runs on the machine does not count.
 */
export async function tasksDuring(
  client: CDPSession,
  work: () => Promise<unknown>
): Promise<number[]> {
  const events: ITraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => {
    events.push(...(value as ITraceEvent[]));
  };
  client.on('Tracing.dataCollected', collect);
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'devtools.timeline',
        'disabled-by-default-devtools.timeline'
      ]
    }
  });
  await work();
  const complete = new Promise(resolve =>
    client.once('Tracing.tracingComplete', resolve)
  );
  await client.send('Tracing.end');
  await complete;
  client.off('Tracing.dataCollected', collect);

  const pids = events.flatMap(
    ({ args }) => args.data?.frames?.map(({ processId }) => processId) ?? []
  );
  const main = events.find(
    ({ name, args, pid }) =>
      name === 'thread_name' &&
      args.name === 'CrRendererMain' &&
      pids.includes(pid)
  );
  if (!main) {
    throw new Error('The trace shows no main thread.');
  }
  return events
    .filter(
      ({ name, pid, tid }) =>
        name === 'RunTask' && pid === main.pid && tid === main.tid
    )
    .map(({ dur = 0, tdur = dur }) => tdur / 1000);
}
