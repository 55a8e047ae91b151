import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import type { IPayload } from '../../events/payload';
import { buildPayload } from '../../events/payload';
import { Attachments } from '../../notebook/attachments';
import { FLAG } from '../../notebook/flag';
import { FakeKernel, WatchedSignal } from '../kernelfakes';
import { FakeKernelSettings } from '../kernelsettingsfake';
import { ListenerCount } from '../listeners';
import { actions, FakeDocument } from '../notebookfakes';

type Context = DocumentRegistry.IContext<INotebookModel>;

/** A view of a document, as far as attachments look at it. */
export class FakePanel {
  constructor(readonly doc: FakeDocument) {
    this.context = {
      model: doc.model,
      path: 'D1.ipynb',
      localPath: 'D1.ipynb',
      sessionContext: doc.context.sessionContext
    } as unknown as Context;
    Object.assign(this, doc.addView(), { isDisposed: false });
  }

  context: Context;
  readonly disposed = new WatchedSignal<this, void>(this);

  get panel(): NotebookPanel {
    return this as unknown as NotebookPanel;
  }

  /** Another view of the same document. */
  twin(): FakePanel {
    const twin = new FakePanel(this.doc);
    twin.context = this.context;
    return twin;
  }
}

/** A flagged notebook, not attached yet, made anew for each test. */
export class AttachmentStage {
  constructor() {
    beforeEach(() => this._open());
    afterEach(() => {
      this.attachments.student = null;
      this.flag(undefined);
      this.listeners.restore();
      this.doc.dispose();
    });
  }

  attachments!: Attachments;
  doc!: FakeDocument;
  first!: FakePanel;
  listeners!: ListenerCount;
  currentChanged!: WatchedSignal<object, unknown>;
  /** What was captured, built as the recorder builds it. */
  readonly payloads: IPayload[] = [];
  /** How often `changed` was emitted. */
  changes = 0;

  readonly names = (): string[] =>
    this.payloads.map(({ event_type }) => event_type);

  readonly flag = (value: unknown): void => {
    this.doc.model.setMetadata(FLAG, value);
  };

  /** A run in a view of the notebook. */
  readonly run = (panel = this.first): void => {
    const cell = this.doc.addCell('x');
    actions.scheduled(panel.panel.content, cell);
    actions.executed(panel.panel.content, cell, true);
  };

  private _open(): void {
    this.payloads.length = 0;
    this.changes = 0;
    this.doc = new FakeDocument();
    // No Python: the kernel side has a test of its own.
    this.doc.kernel = new FakeKernel('ir');
    this.first = new FakePanel(this.doc);
    this.currentChanged = new WatchedSignal<object, unknown>({});
    this.listeners = new ListenerCount();
    this.attachments = new Attachments({
      commands: new CommandRegistry(),
      shell: { currentWidget: this.first, currentChanged: this.currentChanged },
      kernelSettings: new FakeKernelSettings(),
      application: { app: 'lab', version: '4.6.6', extensionVersion: '0.1.0' },
      recorder: {
        rules: {
          captureCode: true,
          captureOutput: true,
          maxCharacters: 100,
          disabledTestSources: new Set()
        },
        record: (session, event) => {
          this.payloads.push(buildPayload(session, event));
          return true;
        }
      }
    });
    this.attachments.changed.connect(() => this.changes++);
    this.flag({ enabled: true, notebook: 'D1' });
  }
}
