import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import * as React from 'react';
import { directionOf } from '../direction';
import type { ITelemetryModel } from './model';
import type { RightsView } from './myrights';
import { panelIcon } from './panelicon';

/**
 * The panel that shows what is recorded. The part that draws the panel is loaded
 * when a student looks at it: most never do.
 */
export class ActivityPanel extends ReactWidget {
  /** @param _leave - gives the focus back when nothing else has a claim to it */
  constructor(
    private readonly _model: ITelemetryModel,
    private readonly _trans: TranslationBundle,
    private readonly _commands: CommandRegistry,
    private readonly _leave: () => void
  ) {
    super();
    this.id = 'jp-ipynb-telemetry-activity';
    this.addClass('jp-ipynb-telemetry-Activity');
    this.node.dir = directionOf(_trans);
    this.title.icon = panelIcon;
    this.title.caption = _trans.__('Recorded activity');
    this.node.addEventListener('keydown', this);
    _model.delivery.log.changed.connect(this._onChanged, this);
    _model.delivery.healthChanged.connect(this._onChanged, this);
    _model.identity.changed.connect(this._onChanged, this);
    _model.whereabouts.changed.connect(this._onChanged, this);
    _model.rights.pause.changed.connect(this._onChanged, this);
  }

  /** Show a part of the student's page, or what is recorded in this page. */
  turnTo(view: RightsView): void {
    this._view = view;
    this.update();
  }

  /** Escape gives the focus back to what had it before the panel was opened. */
  handleEvent(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this._before?.focus();
      // What is gone by then, or hidden as the palette is, takes no focus.
      if (document.activeElement !== this._before) {
        this._leave();
      }
    }
  }

  protected override onAfterShow(): void {
    this._failure = '';
    this.update();
  }

  /** Whoever opens the panel is in it, wherever the focus was. */
  protected override onActivateRequest(): void {
    const active = document.activeElement as HTMLElement | null;
    if (!this.node.contains(active)) {
      this._before = active;
      this._isToFocus = true;
      this.update();
    }
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
        view={this._view}
        onView={view => this.turnTo(view)}
        onDrawn={() => this._focus()}
      />
    );
  }

  private _focus(): void {
    if (this._isToFocus) {
      this._isToFocus = false;
      const row = this.node.querySelector<HTMLElement>('ol [tabindex="0"]');
      (row ?? this.node.querySelector('section'))?.focus();
    }
  }

  private _load(): void {
    this._loading ??= import('./recordedactivity')
      .then(({ RecordedActivity }) => {
        this._Content = RecordedActivity;
      })
      .catch(reason => {
        console.error('ipynb-telemetry: the activity is not shown', reason);
        this._failure = this._trans.__(
          'The panel could not be loaded. Open it again to try again.'
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
  private _view: RightsView = null;
  /** What had the focus before the panel was opened. */
  private _before: HTMLElement | null = null;
  private _isToFocus = false;
}
