import type { ISessionContext } from '@jupyterlab/apputils';
import type { KernelMessage } from '@jupyterlab/services';
import { PromiseDelegate } from '@lumino/coreutils';
import { KernelComm } from '../../../notebook/kernel/kernelcomm';
import { KernelRestarts } from '../../../notebook/kernel/kernelrestarts';
import { JOHN, MARY } from '../../fakes';
import { WatchedSignal } from '../../kernelfakes';
import { CommKernel } from './commkernel';

const SPECS = { python3: { language: 'python' }, ir: { language: 'R' } };

let statusChanged: WatchedSignal<object, string>;
let kernelChanged: WatchedSignal<object, unknown>;
let specs: PromiseDelegate<void>;
let session: { kernel: CommKernel | null } | null;
let restarts: KernelRestarts;
let kernelComm: KernelComm;
let messages: KernelMessage.ICommMsgMsg[];

/** Let the Python code come. */
const load = async (): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve));
};

async function start(
  kernel: CommKernel | null,
  isCalled = false
): Promise<void> {
  session = kernel && { kernel };
  const sessionContext = {
    statusChanged,
    kernelChanged,
    specsManager: {
      ready: specs.promise,
      specs: { kernelspecs: SPECS }
    },
    get session() {
      return session;
    }
  } as unknown as ISessionContext;
  restarts = new KernelRestarts(sessionContext);
  kernelComm = new KernelComm(sessionContext, 'D1', restarts, isCalled);
  messages = [];
  kernelComm.messages.connect((_, message) => messages.push(message));
  await load();
}

beforeEach(() => {
  statusChanged = new WatchedSignal<object, string>({});
  kernelChanged = new WatchedSignal<object, unknown>({});
  specs = new PromiseDelegate();
  specs.resolve();
});

afterEach(() => {
  kernelComm.dispose();
  restarts.dispose();
});

const facts = (student: object | null): object => ({
  version: 1,
  notebook: 'D1',
  student
});

describe('KernelComm', () => {
  it('loads its code in silence and opens the Comm', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    expect(kernel.requests).toEqual([
      {
        code: 'install',
        silent: true,
        store_history: false,
        stop_on_error: false,
        allow_stdin: false
      }
    ]);
    expect(kernel.comms.map(({ target }) => target)).toEqual([
      'ipynb_telemetry'
    ]);
    expect(kernel.comm.got).toEqual([facts(null)]);
  });

  it('tells the kernel who works, now and after a change', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    kernelComm.student = JOHN;
    kernelComm.student = MARY;
    kernelComm.student = null;
    expect(kernel.comm.got.slice(1)).toEqual([JOHN, MARY, null].map(facts));
  });

  it('tells a later kernel who works', async () => {
    const [first, second] = [new CommKernel(), new CommKernel()];
    await start(first);
    kernelComm.student = JOHN;
    session = { kernel: second };
    kernelChanged.emit({ oldValue: first, newValue: second });
    expect(first.comm.isClosed).toBe(true);
    expect(second.requests).toHaveLength(1);
    expect(second.comm.got).toEqual([facts(JOHN)]);
  });

  it.each(['restarting', 'autorestarting'])(
    'loads its code again after %s',
    async status => {
      const kernel = new CommKernel();
      await start(kernel);
      kernelComm.student = JOHN;
      statusChanged.emit('busy');
      statusChanged.emit('idle');
      expect(kernel.requests).toHaveLength(1);

      statusChanged.emit(status);
      expect(kernel.requests).toHaveLength(1);
      statusChanged.emit('starting');
      statusChanged.emit('idle');
      expect(kernel.requests).toHaveLength(2);
      expect(kernel.comms).toHaveLength(2);
      expect(kernel.comm.got).toEqual([facts(JOHN)]);
    }
  );

  it('loads its code again after a restart that another page asked for', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    kernelComm.student = JOHN;
    const says = (state: string, session: string): void => {
      kernel.say('status', { execution_state: state }, { session });
      statusChanged.emit(state);
    };
    says('busy', 'old');
    kernel.say('shutdown_reply', { restart: true }, { session: 'old' });
    // The old one has not gone yet.
    says('idle', 'old');
    expect(kernel.requests).toHaveLength(1);
    says('starting', 'new');
    says('idle', 'new');
    expect(kernel.requests).toHaveLength(2);
    expect(kernel.comms).toHaveLength(2);
    expect(kernel.comm.got).toEqual([facts(JOHN)]);
    // A new process knows nothing of a Comm to be closed.
    expect(kernel.comms[0].isClosed).toBe(false);
  });

  it('loads its code into no process that is about to end', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    statusChanged.emit('restarting');
    // What the old process still says.
    statusChanged.emit('busy');
    statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(1);
    kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(kernel.requests).toHaveLength(2);
  });

  it('loads its code again when that was aborted with the runs before it', async () => {
    const kernel = new CommKernel();
    const aborted = new PromiseDelegate<object>();
    kernel.done = aborted.promise;
    await start(kernel);
    kernelComm.student = JOHN;
    kernel.done = Promise.resolve({ content: { status: 'ok' } });
    aborted.resolve({ content: { status: 'aborted' } });
    await load();
    expect([kernel.requests.length, kernel.comms.length]).toEqual([2, 2]);
    expect(kernel.comm.got).toEqual([facts(JOHN)]);
  });

  it('does not when there is another kernel by then, or nobody', async () => {
    const [first, second] = [new CommKernel(), new CommKernel()];
    const aborted = new PromiseDelegate<object>();
    first.done = second.done = aborted.promise;
    await start(first);
    session = { kernel: second };
    kernelChanged.emit({ oldValue: first, newValue: second });
    kernelComm.dispose();
    aborted.resolve({ content: { status: 'aborted' } });
    await load();
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  });

  it('loads its code in the same turn as the awaited kernel is there', async () => {
    await start(null);
    const kernel = new CommKernel();
    session = { kernel };
    kernelChanged.emit({ oldValue: null, newValue: kernel });
    // The run that started the kernel comes right after.
    expect([kernel.requests.length, kernel.comms.length]).toEqual([1, 1]);
  });

  it('waits until it is known which language a kernel speaks', async () => {
    const kernel = new CommKernel();
    specs = new PromiseDelegate();
    await start(kernel);
    statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(0);
    specs.resolve();
    await load();
    expect(kernel.requests).toHaveLength(1);
  });

  it.each([
    ['ir', 'idle'],
    ['unheard-of', 'idle'],
    ['python3', 'dead']
  ])('leaves a kernel %s that is %s alone', async (name, status) => {
    const kernel = new CommKernel(name);
    kernel.status = status;
    await start(kernel);
    kernelComm.student = JOHN;
    expect([kernel.requests.length, kernel.comms.length]).toEqual([0, 0]);
  });

  it('leaves a kernel alone that was replaced meanwhile', async () => {
    const [first, second] = [new CommKernel(), new CommKernel()];
    const started = start(first);
    session = { kernel: second };
    kernelChanged.emit({ oldValue: first, newValue: second });
    await started;
    expect(first.requests).toHaveLength(0);
    expect(second.requests).toHaveLength(1);
  });

  it('passes on what the kernel says of the runs of this page', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    const { id } = kernel.comm;
    const say = (parent: object, comm_id = id): object =>
      kernel.say('comm_msg', { comm_id, data: {} }, { parent });
    const ours = say({ session: 'this page' });
    say({ session: 'another page' });
    say({ session: 'this page' }, 'another Comm');
    kernel.say('stream', { name: 'stdout', text: 'hi' });
    const nobodys = say({});
    expect(messages).toEqual([ours, nobodys]);
  });

  it('loads its code once though a restart ends in two signals', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    statusChanged.emit('restarting');
    statusChanged.emit('starting');
    kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(kernel.requests).toHaveLength(2);
    // Unless its Comm went away: then no status led here.
    kernel.say('comm_close', { comm_id: kernel.comm.id, data: {} });
    kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(kernel.requests).toHaveLength(3);
  });

  it('tells the kernel of another id', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    kernelComm.student = JOHN;
    kernelComm.notebook = 'D2';
    expect(kernel.comm.got[2]).toEqual({ ...facts(JOHN), notebook: 'D2' });
  });

  it('is settled in the same turn as the kernel knows of the student', async () => {
    const kernel = new CommKernel();
    const started = start(kernel);
    kernelComm.student = JOHN;
    const sent: unknown[] = [];
    kernelComm.settled.connect(() => sent.push([...kernel.comm.got]));
    // Whatever runs right after the Comm was opened finds it settled.
    const send = kernel.sendShellMessage.bind(kernel);
    kernel.sendShellMessage = message => {
      void Promise.resolve().then(() => sent.push(kernelComm.isSettled));
      send(message);
    };
    expect(kernelComm.isSettled).toBe(false);
    await started;
    expect(sent).toEqual([[facts(JOHN)], true]);
    statusChanged.emit('restarting');
    statusChanged.emit('idle');
    expect(sent.filter(Array.isArray)).toHaveLength(1);
  });

  it('loads its code into any kernel that called for it', async () => {
    const kernel = new CommKernel('unheard-of');
    await start(kernel, true);
    expect([kernel.requests.length, kernel.comms.length]).toEqual([1, 1]);
  });

  describe('a kernel that fails', () => {
    let warn: jest.SpyInstance;

    beforeEach(() => {
      warn = jest.spyOn(console, 'warn').mockReturnValue();
    });
    afterEach(() => warn.mockRestore());

    it('to take the request is told of', async () => {
      const kernel = new CommKernel();
      kernel.requestExecute = () => {
        throw new Error('gone');
      };
      await start(kernel);
      expect(warn).toHaveBeenCalledTimes(1);
      // It will never be told: what waits for that goes on.
      expect(kernelComm.isSettled).toBe(true);
    });

    it('to load the code is told of', async () => {
      const kernel = new CommKernel();
      kernel.done = Promise.resolve({
        content: { status: 'error', ename: 'SyntaxError', evalue: 'old' }
      });
      await start(kernel);
      expect(warn.mock.calls[0][0]).toContain('SyntaxError: old');
    });

    it('away is not', async () => {
      const kernel = new CommKernel();
      kernel.done = Promise.reject(new Error('canceled'));
      await start(kernel);
      kernel.isGone = true;
      kernelComm.student = JOHN;
      kernelComm.dispose();
      expect(warn).not.toHaveBeenCalled();
    });
  });
});

describe('dispose', () => {
  it('closes the Comm and hears nothing any more', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    kernelComm.dispose();
    kernelComm.dispose();
    restarts.dispose();
    expect(kernel.comm.isClosed).toBe(true);
    const heard = [statusChanged.heard, kernelChanged.heard];
    kernelChanged.emit({});
    statusChanged.emit('restarting');
    statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(1);
    expect([statusChanged.heard, kernelChanged.heard]).toEqual(heard);
    const heardKernel = kernel.iopubMessage.heard;
    kernel.say('comm_msg', { comm_id: kernel.comm.id, data: {} });
    expect(messages).toEqual([]);
    expect(kernel.iopubMessage.heard).toBe(heardKernel);
  });

  it('keeps a load that is under way from opening anything', async () => {
    const kernel = new CommKernel();
    const started = start(kernel);
    kernelComm.dispose();
    await started;
    expect([kernel.requests.length, kernel.comms.length]).toEqual([0, 0]);
  });
});
