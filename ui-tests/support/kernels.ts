import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Server } from './server';

/** Make one more kernel known to a server, by its `kernel.json`. */
export async function addKernel(
  server: Server,
  name: string,
  spec: object
): Promise<void> {
  const folder = join(server.root, '..', 'data', 'kernels', name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'kernel.json'), JSON.stringify(spec));
}
