import { ReactWidget } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import type { IHost } from '../host';
import type { ClassModel } from '../model/model';
import { writeAddress } from '../model/address';
import { Refresher } from '../model/refresher';
import { ClassView } from '../view';

/** The class view in a widget, which asks the server only while it is in sight. */
export class ClassContent extends ReactWidget {
  constructor(
    readonly model: ClassModel,
    private readonly _host: IHost,
    private readonly _trans: TranslationBundle
  ) {
    super();
    this.addClass('jp-ipynb-telemetry-Class');
    this._refresher = new Refresher(
      this.node,
      () => model.refresh(),
      () => this.isVisible
    );
    model.wanted.connect(this._refresher.refresh, this._refresher);
  }

  /** Where the view looks, to be restored with it. */
  get address(): string {
    return writeAddress(this.model.address);
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this.model.wanted.disconnect(this._refresher.refresh, this._refresher);
      this._refresher.dispose();
      super.dispose();
    }
  }

  protected override onAfterShow(): void {
    this._refresher.refresh();
  }

  protected override onActivateRequest(): void {
    if (!this.node.contains(document.activeElement)) {
      this.node
        .querySelector<HTMLElement>('[role="tab"][tabindex="0"]')
        ?.focus();
    }
  }

  protected render(): React.JSX.Element {
    return (
      <ClassView model={this.model} host={this._host} trans={this._trans} />
    );
  }

  private readonly _refresher: Refresher;
}
