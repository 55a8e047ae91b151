import { ReactWidget } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { caretUpEmptyThinIcon } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import * as React from 'react';
import { directionOf } from '../direction';
import type { IStudent } from '../events/student';
import { recordedIcon, unrecordedIcon } from '../icon';
import type { ITelemetryModel } from './model';
import { clockTime } from './pausewords';
import type { IPauseState } from './rights';

/**
 * Says of the notebook in front whose work is recorded there, or that nobody's
 * is; a click shows what is, or asks for a name.
 */
export class StatusItem extends ReactWidget {
  constructor(
    private readonly _model: ITelemetryModel,
    private readonly _notebooks: Pick<
      INotebookTracker,
      'currentWidget' | 'currentChanged'
    >,
    private readonly _trans: TranslationBundle,
    private readonly _showActivity: () => void,
    private readonly _openMenu: (button: HTMLElement) => void
  ) {
    super();
    this.addClass('jp-ipynb-telemetry-StatusItem');
    this.node.dir = directionOf(_trans);
    const { identity, attachments, delivery } = _model;
    identity.changed.connect(this._onChanged, this);
    attachments.changed.connect(this._onChanged, this);
    _notebooks.currentChanged.connect(this._onChanged, this);
    delivery.healthChanged.connect(this._onHealthChanged, this);
    _model.whereabouts.changed.connect(this._onChanged, this);
    _model.rights.pause.changed.connect(this._onChanged, this);
    window.addEventListener('online', this);
    window.addEventListener('offline', this);
  }

  /** Whether there is a flagged notebook to speak of. */
  get isShowing(): boolean {
    return this._model.attachments.size > 0;
  }

  /** Emitted when `isShowing` may have changed. */
  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** The browser has lost the network, or has it again. */
  handleEvent(): void {
    this._onHealthChanged();
  }

  override dispose(): void {
    window.removeEventListener('online', this);
    window.removeEventListener('offline', this);
    super.dispose();
  }

  protected render(): React.JSX.Element {
    const student = this._student;
    const pause = student && this._model.rights.pause.state;
    const icon = student && !pause ? recordedIcon : unrecordedIcon;
    return (
      // The status is around the button: within one, it would neither name the
      // button nor be read out as news.
      <div role="status">
        <button
          type="button"
          title={
            this._isToAsk
              ? this._trans.__('Nobody agreed to be recorded. Answer')
              : this._shownWords
          }
          onClick={() => this._onClick()}
        >
          <icon.react tag="span" width="16px" height="16px" />
          <span>
            {!student
              ? this._unrecordedWords()
              : pause
                ? this._pausedWords(student, pause)
                : this._recordedWords(student)}
          </span>
        </button>
        {student && (
          <button
            type="button"
            className="jp-ipynb-telemetry-StatusItem-menu"
            aria-haspopup="menu"
            title={this._trans.__('What you can do about your records')}
            aria-label={this._trans.__('Your records')}
            onClick={event => this._openMenu(event.currentTarget)}
          >
            <caretUpEmptyThinIcon.react tag="span" width="12px" height="12px" />
          </button>
        )}
      </div>
    );
  }

  /** Whose work is recorded in the notebook in front. */
  private get _student(): IStudent | null {
    const { currentWidget } = this._notebooks;
    return currentWidget && this._model.studentOf(currentWidget);
  }

  private _unrecordedWords(): string {
    return this._model.canRecord
      ? this._trans.__('Not recorded')
      : this._trans.__('Not recorded: settings not readable');
  }

  private _pausedWords({ name }: IStudent, { until }: IPauseState): string {
    return until === null
      ? this._trans.__('%1 · paused', name)
      : this._trans.__('%1 · paused until %2', name, clockTime(until));
  }

  private _recordedWords({ name }: IStudent): string {
    const trans = this._trans;
    const { keptAt } = this._model.whereabouts;
    if (!this._model.delivery.health.isDurable) {
      return trans.__('%1 · telemetry on, in this page’s memory', name);
    }
    if (keptAt === 'browser') {
      return trans.__('%1 · telemetry on, stays in this browser', name);
    }
    switch (this._trouble) {
      case 'offline':
        return trans.__('%1 · telemetry on, offline, events wait', name);
      case 'waiting':
        return trans.__('%1 · telemetry on, waiting to send', name);
      default:
        return keptAt === 'computer'
          ? trans.__('%1 · telemetry on, kept on this computer', name)
          : keptAt === 'server'
            ? trans.__('%1 · telemetry on, kept on the Jupyter server', name)
            : this._model.whereabouts.isClass
              ? trans.__('%1 · telemetry on, to your class’s collector', name)
              : trans.__('%1 · telemetry on', name);
    }
  }

  /** What a click does and, of a class collector, where events go. */
  private get _shownWords(): string {
    const words = this._trans.__('Show what is recorded');
    return this._model.whereabouts.isClass
      ? `${words}. ${this._model.whereabouts.words}`
      : words;
  }

  /** Why what is recorded does not arrive. */
  private get _trouble(): 'offline' | 'waiting' | null {
    const { problem, waiting } = this._model.delivery.health;
    // A server on this computer takes events without any network, too.
    return waiting > 0 && !navigator.onLine
      ? 'offline'
      : problem !== null
        ? 'waiting'
        : null;
  }

  /** Whether the notebook in front would be recorded, had anybody agreed. */
  private get _isToAsk(): boolean {
    const { currentWidget } = this._notebooks;
    const { canRecord, attachments } = this._model;
    return (
      canRecord &&
      !this._student &&
      currentWidget !== null &&
      !!attachments.of(currentWidget)
    );
  }

  private _onClick(): void {
    if (this._isToAsk) {
      this._model.identity.ask().catch(reason => {
        console.error('ipynb-telemetry: the name prompt failed', reason);
      });
    } else {
      this._showActivity();
    }
  }

  /** The counts are not shown here, and change with every event. */
  private _onHealthChanged(): void {
    const shown = `${this._trouble}|${this._model.delivery.health.isDurable}`;
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
