import type { KernelMessage } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import { kernelEventTracker } from '../../../trackers/kernel/kernelevent';
import { FakeDocument } from '../../notebookfakes';

/** A tracked kernel that says what the test lets it say, made anew for each test. */
export class KernelEventStage {
  constructor() {
    beforeEach(() => {
      jest.useFakeTimers();
      this.thrown = [];
      Signal.setExceptionHandler(error => this.thrown.push(error));
      this.warn = jest.spyOn(console, 'warn').mockReturnValue();
      this.doc = new FakeDocument();
      this.tracker = kernelEventTracker(this.doc.context);
    });
    afterEach(() => {
      this.tracker.dispose();
      this.doc.dispose();
      this.warn.mockRestore();
      jest.useRealTimers();
    });
  }

  doc!: FakeDocument;
  tracker!: IDisposable;
  warn!: jest.SpyInstance;
  thrown: Error[] = [];

  readonly say = (data: unknown): void => {
    this.doc.kernelMessages.emit({
      content: { comm_id: 'c', data }
    } as unknown as KernelMessage.ICommMsgMsg);
  };
}
