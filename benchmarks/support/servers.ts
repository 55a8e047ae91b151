import { cp, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { IServerOptions } from '../../ui-tests/support/server';

/** With what a JupyterLab is measured: nothing, our extension, or the naive one. */
export type Variant = 'bare' | 'ours' | 'naive';

const INSTALLED = join(
  process.env.IPYNB_TELEMETRY_VENV!,
  'share',
  'jupyter',
  'labextensions'
);
const NAIVE = resolve(__dirname, '..', 'naive', 'labextension');

/** How a server starts whose pages have the extension of that variant, and no other of the two. */
export async function serverFor(
  variant: Variant,
  settings: Record<string, unknown> = {}
): Promise<IServerOptions> {
  if (variant === 'ours') {
    return { settings };
  }
  // A disabled extension would still be loaded: it has to be absent.
  const folder = await mkdtemp(join(tmpdir(), 'ipynb-telemetry-bare-'));
  const others = (await readdir(INSTALLED)).filter(
    name => name !== 'ipynb-telemetry'
  );
  for (const name of others) {
    await cp(join(INSTALLED, name), join(folder, name), {
      recursive: true,
      dereference: true
    });
  }
  const args = [`--LabApp.labextensions_path=${folder}`];
  if (variant === 'naive') {
    args.push(`--LabApp.extra_labextensions_path=${NAIVE}`);
  }
  return { args };
}

/** Settings that send events to a PostHog, with no leave to ask for. */
export function sendTo(origin: string): Record<string, unknown> {
  return { host: origin, projectKey: 'phc_benchmark' };
}
