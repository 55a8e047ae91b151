import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Write an extension of JupyterLab that was never built.
 *
 * @param bundle - the script of its container, which puts itself into `_JUPYTERLAB`
 * @param disabledExtensions - the plugins that the extension takes the place of
 * @returns the folder to give to a server as `extra_labextensions_path`
 */
export async function writeExtension(
  name: string,
  bundle: string,
  disabledExtensions: string[] = []
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  const extension = join(folder, name);
  await mkdir(join(extension, 'static'), { recursive: true });
  await writeFile(join(extension, 'static', 'remoteEntry.js'), bundle);
  await writeFile(
    join(extension, 'package.json'),
    JSON.stringify({
      name,
      version: '1.0.0',
      jupyterlab: {
        extension: true,
        disabledExtensions,
        _build: { load: 'static/remoteEntry.js', extension: './extension' }
      }
    })
  );
  return folder;
}
