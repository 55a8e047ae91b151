// npm run docs:site: the documentation as a site in docs/_build/html. A warning, such as that of a link
// that leads nowhere, is an error. With --links the addresses of other sites are tried too.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { virtualEnvironment } from './environment.mjs';
import * as shell from './shell.mjs';

const DOCS = join(shell.ROOT, 'docs');

/** Builds the site; returns the exit status of the first builder that failed, or 0. */
export function docsSite(builders = ['html']) {
  const venv = virtualEnvironment('.venv-docs', 'requirements-docs.txt');
  for (const builder of builders) {
    const status = shell.attempt(shell.venvBin(venv, 'sphinx-build'), [
      ...['-q', '-W', '--keep-going', '-n', '-b', builder],
      DOCS,
      join(DOCS, '_build', builder)
    ]);
    if (status !== 0) {
      return status;
    }
  }
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const links = process.argv.includes('--links');
  process.exitCode = docsSite(links ? ['html', 'linkcheck'] : ['html']);
}
