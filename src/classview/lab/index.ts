import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { WidgetTracker } from '@jupyterlab/apputils';
import { MainAreaWidget } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { usersIcon } from '@jupyterlab/ui-components';
import { readAddress } from '../model/address';
import { ClassClient } from '../model/client';
import { ClassModel } from '../model/model';
import { addClassStyle } from '../style';
import { ClassContent } from './content';
import { hostOf } from './host';
import { sendTo } from './send';

export { saveOutline } from './outline';

/** The class view as a document of JupyterLab's main area. */
export type ClassWidget = MainAreaWidget<ClassContent>;

/**
 * Open the class view, or come back to the one that is open.
 *
 * @param options.tracker - knows the one that is open, and restores it
 * @param options.address - where a new one looks at first, as an address says it
 */
export async function openClassView(options: {
  readonly app: JupyterFrontEnd;
  readonly notebooks: INotebookTracker;
  readonly tracker: WidgetTracker<ClassWidget>;
  readonly trans: TranslationBundle;
  readonly address: unknown;
}): Promise<void> {
  const { app, notebooks, tracker, trans, address } = options;
  const { shell } = app;
  const open = tracker.currentWidget;
  if (open) {
    shell.activateById(open.id);
    return;
  }
  addClassStyle();
  const send = sendTo(app.serviceManager.serverSettings);
  const model = new ClassModel(
    new ClassClient(send, trans),
    readAddress(typeof address === 'string' ? address : ''),
    trans
  );
  const host = hostOf(app, notebooks);
  const content = new ClassContent(model, host, trans);
  const widget = new MainAreaWidget({ content });
  widget.id = 'jp-ipynb-telemetry-class';
  widget.title.label = trans.__('Class View');
  widget.title.icon = usersIcon;
  widget.title.closable = true;
  widget.toolbar.hide();
  let saved = content.address;
  content.model.changed.connect(() => {
    if (content.address !== saved && !widget.isDisposed) {
      saved = content.address;
      void tracker.save(widget);
    }
  });
  // First, so that the layout that is saved has the view by its name.
  await tracker.add(widget);
  shell.add(widget, 'main');
  if (!widget.isAttached) {
    // Notebook 7 shows one document a page, and the class view has a page of its own.
    widget.dispose();
    window.open(host.pageUrl, '_blank', 'noopener');
    return;
  }
  shell.activateById(widget.id);
}
