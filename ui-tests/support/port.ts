import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that the system gives to whoever asks for any (from 32,768 on):
 * a port of ours could be given away before the server it is for listens. Each
 * worker has its own thousand.
 */
const FIRST = 20_000 + 1_000 * Number(process.env.TEST_PARALLEL_INDEX ?? 0);

let given = process.pid;

/** A port of loopback that nothing listens on, and nothing will before it is used. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (given++ % 1_000);
    const probe = createServer();
    const opened = once(probe, 'listening').then(
      () => true,
      () => false
    );
    probe.listen(port, '127.0.0.1');
    if (await opened) {
      probe.close();
      await once(probe, 'close');
      return port;
    }
  }
}
