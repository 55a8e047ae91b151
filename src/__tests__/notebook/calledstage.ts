import { until } from '../fakes';
import type { FakeKernel } from '../kernelfakes';
import { WatchedSignal } from '../kernelfakes';
import { AttachmentStage } from './attachmentstage';
import { CommKernel } from './kernel/commkernel';

/** A notebook without a flag, whose kernel may call. */
export class CalledStage extends AttachmentStage {
  constructor() {
    super();
    beforeEach(() => {
      this.flag(undefined);
      this.kernel = new CommKernel();
      Object.assign(this.kernel, { anyMessage: new WatchedSignal({}) });
      this.doc.kernel = this.kernel as unknown as FakeKernel;
    });
  }

  kernel!: CommKernel;

  /** Which event of which notebook. */
  readonly told = (): string[] =>
    this.payloads.map(
      ({ notebook, event_type }) => `${notebook} ${event_type}`
    );

  /** A call in the kernel, followed until the kernel knows of the page. */
  readonly call = async (notebook = 'called'): Promise<void> => {
    this.attachments.attach(this.first.panel, notebook);
    await until(() => this.kernel.comms.length > 0);
  };

  /** The document gets another kernel, or none. */
  readonly change = (next: CommKernel | null): void => {
    this.doc.kernel = next as FakeKernel | null;
    this.doc.kernelChanged.emit({ oldValue: this.kernel, newValue: next });
  };
}
