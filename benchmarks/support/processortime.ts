import { readdir, readFile } from 'node:fs/promises';

/** `/proc` counts in hundredths of a second, on every Linux that Node.js runs on. */
const TICK_MS = 10;

/** The programs that have a part in a run. */
export type Program = 'page' | 'browser' | 'kernel' | 'server';

/** Processor time so far of one process. */
interface IProcess {
  readonly parent: number;
  readonly program: Program | null;
  readonly ms: number;
}

/** By process id: an id that is missing later has ended. */
export type Processes = ReadonlyMap<number, IProcess>;

/**
 * The processes that this one has started: browser, servers, kernels. What else
 * runs on the machine does not count.
 *
 * @returns none where there is no `/proc`
 */
export async function processes(): Promise<Processes> {
  const all = new Map<number, IProcess>();
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (/^\d+$/.test(pid)) {
      // A process that has ended meanwhile is left out.
      const [stat, command] = await Promise.all(
        ['stat', 'cmdline'].map(file =>
          readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')
        )
      );
      // A program's name, in parentheses, may hold anything.
      const [, parent, ...rest] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ');
      all.set(Number(pid), {
        parent: Number(parent),
        program: programOf(command),
        ms: (Number(rest[9]) + Number(rest[10]) || 0) * TICK_MS
      });
    }
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === process.pid || (pid !== undefined && isOurs(all.get(pid)?.parent));
  return new Map([...all].filter(([pid]) => isOurs(pid)));
}

/** What the programs worked between two looks, in milliseconds. */
export function worked(
  before: Processes,
  after: Processes
): Record<Program, number> {
  const times = { page: 0, browser: 0, kernel: 0, server: 0 };
  for (const [pid, { program, ms }] of after) {
    if (program) {
      times[program] += ms - (before.get(pid)?.ms ?? 0);
    }
  }
  return times;
}

function programOf(command: string): Program | null {
  return command.includes('--type=renderer')
    ? 'page'
    : command.includes('ipykernel_launcher')
      ? 'kernel'
      : /jupyter[-\w]*\0|jupyterlab/.test(command)
        ? 'server'
        : /chrom/.test(command)
          ? 'browser'
          : null;
}
