import { LabIcon } from '@jupyterlab/ui-components';

/** A line with a pulse in it. */
export const telemetryIcon = new LabIcon({
  name: 'ipynb-telemetry:pulse',
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path class="jp-icon3" fill="#616161" d="M3 11h3.6l2.5-6.4c.3-.9 1.6-.9 1.9 0l3.4 9.6 1.7-3.7a1 1 0 0 1 .9-.5h4v2h-3.4l-2.5 5.6c-.4.8-1.5.8-1.8-.1L10 8.3l-1.7 4.1a1 1 0 0 1-1 .6H3z"/></svg>'
});
