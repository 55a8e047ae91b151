import { PromiseDelegate } from '@lumino/coreutils';
import { toldValues } from '../../../events/toldvalues';
import { JOHN } from '../../fakes';
import { CommKernel } from './commkernel';
import { KernelCommStage, load } from './kernelcommstage';

const stage = new KernelCommStage();
const { start } = stage;

const facts = (student: object | null): object => ({
  version: 2,
  notebook: 'D1',
  student,
  settings: stage.settings.value,
  salt: toldValues.salt
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

describe('KernelArrivals', () => {
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

  it('loads its code into any kernel that called for it', async () => {
    const kernel = new CommKernel('unheard-of');
    await start(kernel, true);
    expect([kernel.requests.length, kernel.comms.length]).toEqual([1, 1]);
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
