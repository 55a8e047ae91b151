import type { JupyterFrontEndPlugin } from '@jupyterlab/application';
import activity from './plugins/activity';
import classview from './plugins/classview';
import notebook from './plugins/notebook';
import runtime from './plugins/runtime';
import telemetry from './plugins/telemetry';

export type { IDeliveryHealth } from './delivery/health';
export type { IPayload } from './events/payload';
export { ITelemetry } from './tokens';
export type { IStudent } from './events/student';

const plugins: JupyterFrontEndPlugin<unknown>[] = [
  runtime,
  telemetry,
  notebook,
  activity,
  classview
];

export default plugins;
