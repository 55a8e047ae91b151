import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import type { IDeliveryHealth } from '../delivery/health';
import type { IPayload } from '../events/payload';
import type { IStudent } from '../events/student';
import type { Runtime } from '../runtime/runtime';
import { ITelemetry } from '../tokens';
import { IRuntimeLoader } from './loader';

/** What other extensions get. */
const telemetry: JupyterFrontEndPlugin<ITelemetry> = {
  id: 'ipynb-telemetry:telemetry',
  description: 'Lets other extensions capture events.',
  autoStart: true,
  provides: ITelemetry,
  requires: [IRuntimeLoader],
  activate: (_: JupyterFrontEnd, loader: IRuntimeLoader): ITelemetry =>
    new Telemetry(loader)
};

/** Light enough to be there from the start; silent until the runtime is loaded. */
class Telemetry implements ITelemetry {
  constructor(loader: IRuntimeLoader) {
    void loader.loaded.then(runtime => {
      this._runtime = runtime;
      runtime.recorder.recorded.connect((_, payload) => {
        this.captured.emit(payload);
      }, this);
      runtime.delivery.healthChanged.connect(({ health }) => {
        this.healthChanged.emit(health);
      }, this);
      runtime.identity.changed.connect(this._onIdentityChanged, this);
      this._onIdentityChanged();
    });
  }

  get student(): IStudent | null {
    return this._runtime?.identity.student ?? null;
  }

  get health(): IDeliveryHealth | null {
    return this._runtime?.delivery.health ?? null;
  }

  readonly healthChanged: Signal<ITelemetry, IDeliveryHealth> = new Signal<
    ITelemetry,
    IDeliveryHealth
  >(this);
  readonly captured: Signal<ITelemetry, IPayload> = new Signal<
    ITelemetry,
    IPayload
  >(this);
  readonly studentChanged: Signal<ITelemetry, IStudent | null> = new Signal<
    ITelemetry,
    IStudent | null
  >(this);

  capture(
    panel: NotebookPanel,
    name: string,
    properties: Record<string, unknown> = {}
  ): boolean {
    return (
      this._runtime?.attachments
        .of(panel)
        ?.record({ name, properties, isCustom: true }) ?? false
    );
  }

  private _onIdentityChanged(): void {
    if (this.student?.id !== this._announced) {
      this._announced = this.student?.id;
      this.studentChanged.emit(this.student);
    }
  }

  private _runtime: Runtime | null = null;
  private _announced: string | undefined;
}

export default telemetry;
