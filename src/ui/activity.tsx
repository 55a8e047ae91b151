import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { telemetryIcon } from '../icon';
import type { ITelemetryModel } from './model';

/**
 * The panel that shows what is recorded. The part that draws the panel is loaded
 * when a student looks at it: most never do.
 */
export class ActivityPanel extends ReactWidget {
  constructor(
    private readonly _model: ITelemetryModel,
    private readonly _trans: TranslationBundle,
    private readonly _commands: CommandRegistry
  ) {
    super();
    this.id = 'jp-ipynb-telemetry-activity';
    this.addClass('jp-ipynb-telemetry-Activity');
    this.title.icon = telemetryIcon;
    this.title.caption = _trans.__('Recorded activity');
    _model.delivery.log.changed.connect(this._onChanged, this);
    _model.delivery.healthChanged.connect(this._onChanged, this);
    _model.identity.changed.connect(this._onChanged, this);
    _model.destinationChanged.connect(this._onChanged, this);
  }

  protected override onAfterShow(): void {
    this._failure = '';
    this.update();
  }

  protected render(): React.JSX.Element {
    const Content = this._Content;
    if (!Content) {
      if (this.isVisible && !this._failure) {
        this._load();
      }
      return <p role="alert">{this._failure}</p>;
    }
    return (
      <Content
        model={this._model}
        commands={this._commands}
        trans={this._trans}
      />
    );
  }

  private _load(): void {
    this._loading ??= import('./recordedactivity')
      .then(({ RecordedActivity }) => {
        this._Content = RecordedActivity;
      })
      .catch(reason => {
        console.error('ipynb-telemetry: the activity is not shown', reason);
        this._failure = this._trans.__(
          'This could not be loaded. Open it again to try again.'
        );
      })
      .finally(() => {
        this._loading = null;
        this.update();
      });
  }

  /** Out of sight there is nothing to draw; `update` gathers a burst into one frame. */
  private _onChanged(): void {
    if (this.isVisible) {
      this.update();
    }
  }

  private _Content:
    typeof import('./recordedactivity').RecordedActivity | null = null;
  private _loading: Promise<void> | null = null;
  private _failure = '';
}
