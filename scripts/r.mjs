import { aptInstall, attempt, which } from './shell.mjs';

/** Whether there is R with a kernel for Jupyter; on Debian, both are installed where they are missing. */
export function rKernel() {
  return has() || (aptInstall('r-cran-irkernel') && has());
}

function has() {
  const quiet = { stdio: 'ignore' };
  const program = which('Rscript');
  return (
    !!program && attempt(program, ['-e', 'library(IRkernel)'], quiet) === 0
  );
}
