import { drawIcon } from '../icon';

/** A line with a pulse in it: the panel, whatever the state of telemetry. */
export const panelIcon = drawIcon(
  'pulse',
  'M3 11h3.6l2.5-6.4c.3-.9 1.6-.9 1.9 0l3.4 9.6 1.7-3.7a1 1 0 0 1 .9-.5h4v2h-3.4l-2.5 5.6c-.4.8-1.5.8-1.8-.1L10 8.3l-1.7 4.1a1 1 0 0 1-1 .6H3z'
);
