import type { ISessionContext } from '@jupyterlab/apputils';
import type { KernelMessage } from '@jupyterlab/services';
import { PromiseDelegate } from '@lumino/coreutils';
import { KernelComm } from '../../../notebook/kernel/kernelcomm';
import { KernelRestarts } from '../../../notebook/kernel/kernelrestarts';
import { WatchedSignal } from '../../kernelfakes';
import { FakeKernelSettings } from '../../kernelsettingsfake';
import type { CommKernel } from './commkernel';

/** Kernels by their commands; the last one is JupyterLite's. */
const SPECS = {
  python3: { language: 'python', argv: ['python', '-m', 'ipykernel_launcher'] },
  board: { language: 'python', argv: ['python', '-m', 'board'] },
  classed: {
    language: 'python',
    argv: ['python', '-m', 'ipykernel_launcher', '--IPKernelApp.kernel_class=x']
  },
  xpython: { language: 'python', argv: ['/opt/bin/xpython', '-f', 'file'] },
  ir: { language: 'R', argv: ['R', '--slave'] },
  lite: { language: 'python', argv: [] }
};

/** A document's kernel side, made anew for each test. */
export class KernelCommStage {
  constructor() {
    beforeEach(() => {
      this.statusChanged = new WatchedSignal<object, string>({});
      this.connectionStatusChanged = new WatchedSignal<object, string>({});
      this.kernelChanged = new WatchedSignal<object, unknown>({});
      this.settings = new FakeKernelSettings();
      this.specs = new PromiseDelegate();
      this.specs.resolve();
    });
    afterEach(() => {
      this.kernelComm.dispose();
      this.restarts.dispose();
    });
  }

  statusChanged!: WatchedSignal<object, string>;
  connectionStatusChanged!: WatchedSignal<object, string>;
  kernelChanged!: WatchedSignal<object, unknown>;
  settings!: FakeKernelSettings;
  specs!: PromiseDelegate<void>;
  session: { kernel: CommKernel | null } | null = null;
  restarts!: KernelRestarts;
  kernelComm!: KernelComm;
  messages: KernelMessage.ICommMsgMsg[] = [];

  readonly start = async (
    kernel: CommKernel | null,
    isCalled = false
  ): Promise<void> => {
    this.session = kernel && { kernel };
    const session = (): typeof this.session => this.session;
    const { statusChanged, connectionStatusChanged, kernelChanged } = this;
    const sessionContext = {
      statusChanged,
      connectionStatusChanged,
      kernelChanged,
      specsManager: {
        ready: this.specs.promise,
        specs: { kernelspecs: SPECS }
      },
      get session() {
        return session();
      }
    } as unknown as ISessionContext;
    this.restarts = new KernelRestarts(sessionContext);
    this.kernelComm = new KernelComm(
      sessionContext,
      'D1',
      this.restarts,
      this.settings,
      () => undefined,
      isCalled
    );
    this.messages = [];
    this.kernelComm.messages.connect((_, message) =>
      this.messages.push(message)
    );
    await load();
  };
}

/** Let the Python code come. */
export const load = async (): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve));
};
