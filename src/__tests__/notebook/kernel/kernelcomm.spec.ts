import { PromiseDelegate } from '@lumino/coreutils';
import { JOHN, MARY } from '../../fakes';
import { CommKernel } from './commkernel';
import { KernelCommStage, load } from './kernelcommstage';

const stage = new KernelCommStage();
const { start } = stage;

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
    stage.kernelComm.student = JOHN;
    stage.kernelComm.student = MARY;
    stage.kernelComm.student = null;
    expect(kernel.comm.got.slice(1)).toEqual([JOHN, MARY, null].map(facts));
  });

  it('tells a later kernel who works', async () => {
    const [first, second] = [new CommKernel(), new CommKernel()];
    await start(first);
    stage.kernelComm.student = JOHN;
    stage.session = { kernel: second };
    stage.kernelChanged.emit({ oldValue: first, newValue: second });
    expect(first.comm.isClosed).toBe(true);
    expect(second.requests).toHaveLength(1);
    expect(second.comm.got).toEqual([facts(JOHN)]);
  });

  it.each(['restarting', 'autorestarting'])(
    'loads its code again after %s',
    async status => {
      const kernel = new CommKernel();
      await start(kernel);
      stage.kernelComm.student = JOHN;
      stage.statusChanged.emit('busy');
      stage.statusChanged.emit('idle');
      expect(kernel.requests).toHaveLength(1);

      stage.statusChanged.emit(status);
      expect(kernel.requests).toHaveLength(1);
      stage.statusChanged.emit('starting');
      stage.statusChanged.emit('idle');
      expect(kernel.requests).toHaveLength(2);
      expect(kernel.comms).toHaveLength(2);
      expect(kernel.comm.got).toEqual([facts(JOHN)]);
    }
  );

  it('loads its code again after a restart that another page asked for', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.kernelComm.student = JOHN;
    const says = (state: string, session: string): void => {
      kernel.say('status', { execution_state: state }, { session });
      stage.statusChanged.emit(state);
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
    stage.statusChanged.emit('restarting');
    // What the old process still says.
    stage.statusChanged.emit('busy');
    stage.statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(1);
    stage.kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(kernel.requests).toHaveLength(2);
  });

  it('loads its code again when that was aborted with the runs before it', async () => {
    const kernel = new CommKernel();
    const aborted = new PromiseDelegate<object>();
    kernel.done = aborted.promise;
    await start(kernel);
    stage.kernelComm.student = JOHN;
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
    stage.session = { kernel: second };
    stage.kernelChanged.emit({ oldValue: first, newValue: second });
    stage.kernelComm.dispose();
    aborted.resolve({ content: { status: 'aborted' } });
    await load();
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
  });

  it('loads its code in the same turn as the awaited kernel is there', async () => {
    await start(null);
    const kernel = new CommKernel();
    stage.session = { kernel };
    stage.kernelChanged.emit({ oldValue: null, newValue: kernel });
    // The run that started the kernel comes right after.
    expect([kernel.requests.length, kernel.comms.length]).toEqual([1, 1]);
  });

  it('waits until it is known which language a kernel speaks', async () => {
    const kernel = new CommKernel();
    stage.specs = new PromiseDelegate();
    await start(kernel);
    stage.statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(0);
    stage.specs.resolve();
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
    stage.kernelComm.student = JOHN;
    expect([kernel.requests.length, kernel.comms.length]).toEqual([0, 0]);
  });

  it('leaves a kernel alone that was replaced meanwhile', async () => {
    const [first, second] = [new CommKernel(), new CommKernel()];
    const started = start(first);
    stage.session = { kernel: second };
    stage.kernelChanged.emit({ oldValue: first, newValue: second });
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
    expect(stage.messages).toEqual([ours, nobodys]);
  });

  it('loads its code once though a restart ends in two signals', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.statusChanged.emit('restarting');
    stage.statusChanged.emit('starting');
    stage.kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(kernel.requests).toHaveLength(2);
    // Unless its Comm went away: then no status led here.
    kernel.say('comm_close', { comm_id: kernel.comm.id, data: {} });
    stage.kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(kernel.requests).toHaveLength(3);
  });

  it('tells the kernel of another id', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.kernelComm.student = JOHN;
    stage.kernelComm.notebook = 'D2';
    expect(kernel.comm.got[2]).toEqual({ ...facts(JOHN), notebook: 'D2' });
  });

  it('is settled in the same turn as the kernel knows of the student', async () => {
    const kernel = new CommKernel();
    const started = start(kernel);
    stage.kernelComm.student = JOHN;
    const sent: unknown[] = [];
    stage.kernelComm.settled.connect(() => sent.push([...kernel.comm.got]));
    // Whatever runs right after the Comm was opened finds it settled.
    const send = kernel.sendShellMessage.bind(kernel);
    kernel.sendShellMessage = message => {
      void Promise.resolve().then(() => sent.push(stage.kernelComm.isSettled));
      send(message);
    };
    expect(stage.kernelComm.isSettled).toBe(false);
    await started;
    expect(sent).toEqual([[facts(JOHN)], true]);
    stage.statusChanged.emit('restarting');
    stage.statusChanged.emit('idle');
    expect(sent.filter(Array.isArray)).toHaveLength(1);
  });

  it('loads its code into any kernel that called for it', async () => {
    const kernel = new CommKernel('unheard-of');
    await start(kernel, true);
    expect([kernel.requests.length, kernel.comms.length]).toEqual([1, 1]);
  });
});

describe('dispose', () => {
  it('closes the Comm and hears nothing any more', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.kernelComm.dispose();
    stage.kernelComm.dispose();
    stage.restarts.dispose();
    expect(kernel.comm.isClosed).toBe(true);
    const heard = [stage.statusChanged.heard, stage.kernelChanged.heard];
    stage.kernelChanged.emit({});
    stage.statusChanged.emit('restarting');
    stage.statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(1);
    expect([stage.statusChanged.heard, stage.kernelChanged.heard]).toEqual(
      heard
    );
    const heardKernel = kernel.iopubMessage.heard;
    kernel.say('comm_msg', { comm_id: kernel.comm.id, data: {} });
    expect(stage.messages).toEqual([]);
    expect(kernel.iopubMessage.heard).toBe(heardKernel);
  });

  it('keeps a load that is under way from opening anything', async () => {
    const kernel = new CommKernel();
    const started = start(kernel);
    stage.kernelComm.dispose();
    await started;
    expect([kernel.requests.length, kernel.comms.length]).toEqual([0, 0]);
  });
});
