import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import type { IStudent } from '../events/student';
import { telemetryIcon } from '../icon';
import type { ITelemetryModel } from './model';

/** Says whose work is recorded, or that nothing is; a click shows or asks. */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _model: ITelemetryModel,
    private readonly _trans: TranslationBundle,
    private readonly _showActivity: () => void
  ) {
    super();
    this.addClass('jp-ipynb-telemetry-StatusItem');
    const { identity, attachments, delivery } = _model;
    identity.changed.connect(this._onChanged, this);
    attachments.changed.connect(this._onChanged, this);
    delivery.healthChanged.connect(this._onHealthChanged, this);
    _model.destinationChanged.connect(this._onChanged, this);
  }

  /** Whether there is a flagged notebook to speak of. */
  get isShowing(): boolean {
    return this._model.attachments.size > 0;
  }

  /** Emitted when `isShowing` may have changed. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  protected render(): React.JSX.Element {
    const student = this._student;
    const text = student
      ? this._telemetryWords(student)
      : this._model.canRecord
        ? this._trans.__('Telemetry off: no name given')
        : this._trans.__('Telemetry off: settings not readable');
    return (
      // The status is around the button: within one, it would neither name the
      // button nor be read out as news.
      <div role="status">
        <button
          type="button"
          title={
            student
              ? this._trans.__('Show what is recorded')
              : this._trans.__('Give a name')
          }
          onClick={() => this._onClick()}
        >
          <telemetryIcon.react tag="span" width="16px" height="16px" />
          {text}
        </button>
      </div>
    );
  }

  private _telemetryWords({ name }: IStudent): string {
    const { problem, isDurable } = this._model.delivery.health;
    if (!isDurable) {
      return this._trans.__('%1 · telemetry on, in this page’s memory', name);
    }
    if (this._model.staysHere) {
      return this._trans.__('%1 · telemetry on, stays in this browser', name);
    }
    return problem
      ? this._trans.__('%1 · telemetry on, waiting to send', name)
      : this._trans.__('%1 · telemetry on', name);
  }

  private _onClick(): void {
    if (this._student || !this._model.canRecord) {
      this._showActivity();
    } else {
      this._model.identity.ask().catch(reason => {
        console.error('ipynb-telemetry: the name prompt failed', reason);
      });
    }
  }

  private get _student(): IStudent | null {
    const { canRecord, identity } = this._model;
    return canRecord ? identity.student : null;
  }

  /** The counts are not shown here, and change with every event. */
  private _onHealthChanged(): void {
    const { problem, isDurable } = this._model.delivery.health;
    const shown = `${problem !== null}|${isDurable}`;
    if (shown !== this._shown) {
      this._shown = shown;
      this.update();
    }
  }

  private _onChanged(): void {
    this.update();
    this._stateChanged.emit();
  }

  private _shown = '';
  private readonly _stateChanged = new Signal<this, void>(this);
}
