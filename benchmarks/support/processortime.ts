import { readdir, readFile } from 'node:fs/promises';

/** `/proc` counts in hundredths of a second, on every Linux that Node.js runs on. */
const TICK_MS = 10;

/**
 * Processor time so far of this process and all that it has started: browser,
 * servers, kernels. What else runs on the machine does not count.
 *
 * @returns milliseconds; 0 where there is no `/proc`
 */
export async function processorTime(): Promise<number> {
  const processes = new Map<number, { parent: number; ticks: number }>();
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (/^\d+$/.test(pid)) {
      // One that has ended meanwhile is left out.
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(
        () => ''
      );
      // A program's name, in parentheses, may hold anything.
      const [, parent, ...rest] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ');
      processes.set(Number(pid), {
        parent: Number(parent),
        ticks: Number(rest[9]) + Number(rest[10])
      });
    }
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid === process.pid ||
    (pid !== undefined && isOurs(processes.get(pid)?.parent));
  let total = 0;
  for (const [pid, { ticks }] of processes) {
    total += isOurs(pid) ? ticks || 0 : 0;
  }
  return total * TICK_MS;
}
