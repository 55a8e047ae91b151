import { PromiseDelegate } from '@lumino/coreutils';
import { JOHN, MARY } from '../../fakes';
import { CommKernel } from './commkernel';
import { KernelCommStage, load } from './kernelcommstage';

const stage = new KernelCommStage();
const { start } = stage;

const facts = (student: object | null): object => ({
  version: 2,
  notebook: 'D1',
  student,
  settings: stage.settings.value
});

const probe: unknown = expect.stringMatching(
  /^\(lambda b:.*"do_execute".{0,70}$/
);

/** The answer to an expression. */
const value = (text: string): object => ({
  status: 'ok',
  user_expressions: {
    ipynb_telemetry: { status: 'ok', data: { 'text/plain': text } }
  }
});

describe('KernelComm', () => {
  it('loads its code in silence and opens the Comm', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    expect(kernel.requests).toEqual([
      {
        code: '',
        user_expressions: { ipynb_telemetry: 'install' },
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

  it('tells the kernel of the settings, and again once they are others', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.kernelComm.student = JOHN;
    const before = kernel.comm.got.length;
    stage.settings.set({});
    expect(kernel.comm.got).toHaveLength(before);
    stage.settings.set({ captureOutput: false, isPaused: true });
    expect(kernel.comm.got.slice(before)).toEqual([facts(JOHN)]);
    stage.kernelComm.dispose();
    stage.settings.set({ isPaused: false });
    expect(kernel.comm.got).toHaveLength(before + 1);
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

  it('waits until it is known what starts a kernel', async () => {
    const kernel = new CommKernel();
    stage.specs = new PromiseDelegate();
    await start(kernel);
    stage.statusChanged.emit('idle');
    expect(kernel.requests).toHaveLength(0);
    stage.specs.resolve();
    await load();
    expect(kernel.requests).toHaveLength(1);
  });

  it('leaves a dead kernel alone', async () => {
    const kernel = new CommKernel();
    kernel.status = 'dead';
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

  it('passes on what is numbered once, and acknowledges it', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.kernelComm.student = JOHN;
    const told = { event: 'mark', uuid: 'a', number: 1, after: 0 };
    const say = (data: object): object =>
      kernel.say(
        'comm_msg',
        { comm_id: kernel.comm.id, data },
        // Sent again, it is of any run, or of none.
        { parent: { session: 'another page' } }
      );
    const ours = say({ ...told, student: 'JOHN_DOE' });
    say({ ...told, student: 'JOHN_DOE' });
    // Told while the student was changed.
    say({ ...told, number: 2, after: 1, uuid: 'b', student: 'MARY_ROE' });
    say({ ...told, number: 2, after: 1, uuid: 'c' });
    expect(stage.messages).toEqual([ours]);
    stage.connectionStatusChanged.emit('disconnected');
    stage.connectionStatusChanged.emit('connected');
    expect(kernel.comm.got.slice(2)).toEqual([{ ack: 1 }]);
    stage.kernelComm.leave();
    expect(kernel.comm.got[3]).toEqual({ ...facts(null), left: true, ack: 1 });
  });

  it('acknowledges nothing where nothing was told', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    stage.connectionStatusChanged.emit('connected');
    stage.kernelComm.leave();
    expect(kernel.comm.got.slice(1)).toEqual([{ ...facts(null), left: true }]);
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

  it('says why the code failed', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const kernel = new CommKernel();
    const failed = { status: 'error', ename: 'NameError', evalue: 'x' };
    kernel.answers = [
      { status: 'ok', user_expressions: { ipynb_telemetry: failed } }
    ];
    await start(kernel);
    expect(warn.mock.calls).toEqual([
      ['ipynb-telemetry: the kernel side failed: NameError: x']
    ]);
    warn.mockRestore();
  });
});

describe('a kernel that may be no IPython', () => {
  it('in the browser takes code, which it is sent at once', async () => {
    const kernel = new CommKernel('lite');
    await start(kernel);
    expect(kernel.requests).toMatchObject([{ code: 'install' }]);
    expect(kernel.requests[0]).not.toHaveProperty('user_expressions');
    expect(kernel.comms).toHaveLength(1);
  });

  it.each(['board', 'ir', 'unheard-of', 'classed'])(
    '%s is sent nothing while it does not say that it is IPython',
    async name => {
      const kernel = new CommKernel(name);
      kernel.info = Promise.resolve({ implementation: 'micropython_kernel' });
      await start(kernel);
      stage.kernelComm.student = JOHN;
      expect([kernel.requests, kernel.comms]).toEqual([[], []]);
    }
  );

  it.each([
    ['nothing', { status: 'ok', user_expressions: {} }],
    ['no expressions at all', { status: 'ok' }],
    ['an error', { status: 'error', ename: 'NameError', evalue: '' }],
    [
      'an error of the expression',
      {
        status: 'ok',
        user_expressions: {
          ipynb_telemetry: { status: 'error', ename: 'NameError', evalue: '' }
        }
      }
    ],
    ['that code goes elsewhere', value("'lesson.wrapper'")]
  ])('is sent no more than the probe when it answers %s', async (_, answer) => {
    const kernel = new CommKernel('board');
    kernel.answers = [answer];
    await start(kernel);
    stage.kernelComm.student = JOHN;
    expect(kernel.requests).toMatchObject([
      { code: '', silent: true, user_expressions: { ipynb_telemetry: probe } }
    ]);
    expect(kernel.comms).toEqual([]);
  });

  it('gets the code once it has answered that it is, and then at once', async () => {
    const kernel = new CommKernel('board');
    kernel.answers = [
      { status: 'aborted' },
      value("'builtins'"),
      value('None')
    ];
    await start(kernel);
    const sent = (): unknown[] =>
      kernel.requests.map(request => request.user_expressions?.ipynb_telemetry);
    expect(sent()).toEqual([probe, probe, 'install']);
    expect(kernel.comms).toHaveLength(1);

    stage.statusChanged.emit('restarting');
    stage.statusChanged.emit('starting');
    expect(sent().slice(3)).toEqual(['install']);
    expect(kernel.comms).toHaveLength(2);
  });

  it('is not asked for ever', async () => {
    const kernel = new CommKernel('board');
    kernel.answers = Array.from({ length: 50 }, () => ({ status: 'aborted' }));
    await start(kernel);
    await load();
    expect(kernel.requests).toHaveLength(20);
    expect(kernel.comms).toEqual([]);
  });

  it('is sent nothing when there is another kernel by then', async () => {
    const [first, second] = [new CommKernel('board'), new CommKernel()];
    const answer = new PromiseDelegate<object>();
    first.done = answer.promise;
    await start(first);
    stage.session = { kernel: second };
    stage.kernelChanged.emit({ oldValue: first, newValue: second });
    answer.resolve({ content: value("'ipykernel.ipkernel'") });
    await load();
    expect([first.requests.length, first.comms.length]).toEqual([1, 0]);
    expect(second.requests).toHaveLength(1);
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
