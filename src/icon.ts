import { LabIcon } from '@jupyterlab/ui-components';

/** An icon in JupyterLab's colours, which follow its theme. */
export const drawIcon = (name: string, path: string): LabIcon =>
  new LabIcon({
    name: `ipynb-telemetry:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" fill-rule="evenodd" d="${path}"/></svg>`
  });

/** A line with a pulse in it, within a circle. */
const INNER =
  'M5 11.2h2.5l1.7-4.3c.2-.6 1.1-.6 1.3 0l2.4 6.6 1.2-2.6a.7.7 0 0 1 .6-.4H19v1.7h-3.6l-1.8 3.9c-.3.5-1 .5-1.2-.1l-2.5-6.8-1 2.8a.7.7 0 0 1-.7.4H5z';

/** A full circle: the student's work is recorded. */
export const recordedIcon = drawIcon(
  'recorded',
  `M12 1.5a10.5 10.5 0 1 0 0 21 10.5 10.5 0 1 0 0-21z${INNER}`
);

/** A circle's outline: nothing is recorded. */
export const unrecordedIcon = drawIcon(
  'unrecorded',
  `M12 1.5a10.5 10.5 0 1 0 0 21 10.5 10.5 0 1 0 0-21zm0 1.7a8.8 8.8 0 1 1 0 17.6 8.8 8.8 0 1 1 0-17.6z${INNER}`
);
