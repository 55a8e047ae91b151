import { forgetSecrets, withoutSecrets } from '../../../events/secrets';
import { toldValues } from '../../../events/toldvalues';
import { told } from '../../events/told';
import { JOHN, MARY } from '../../fakes';
import { CommKernel } from './commkernel';
import { KernelCommStage } from './kernelcommstage';

const stage = new KernelCommStage();
const { start } = stage;

const facts = (student: object | null): object => ({
  version: 2,
  notebook: 'D1',
  student,
  settings: stage.settings.value,
  salt: toldValues.salt
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

describe('values that the kernel tells', () => {
  const VALUE = 'zz91k4m8q2w7x5';

  afterEach(forgetSecrets);

  /** The kernel tells, within a run that another page asked for. */
  const tell = (kernel: CommKernel, values: unknown): object =>
    kernel.say(
      'comm_msg',
      { comm_id: kernel.comm.id, data: { values } },
      { parent: { session: 'another page' } }
    );

  it('are taken out of texts, and the kernel knows that they have come', async () => {
    const kernel = new CommKernel();
    await start(kernel);
    expect(withoutSecrets(VALUE)).toBe(VALUE);
    tell(kernel, [told(VALUE)]);
    expect(withoutSecrets(VALUE)).toBe('‹secret›');
    expect(kernel.comm.got.slice(1)).toEqual([{ known: [told(VALUE).digest] }]);
    expect(stage.messages).toEqual([]);
  });

  it('change nothing where they are malformed, with one warning', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const kernel = new CommKernel();
    await start(kernel);
    tell(kernel, [told(VALUE), { length: 8 }]);
    tell(kernel, null);
    expect(withoutSecrets(VALUE)).toBe(VALUE);
    expect(kernel.comm.got).toHaveLength(1);
    expect(warn.mock.calls).toEqual([
      ['ipynb-telemetry: kernel messages were dropped: malformed values']
    ]);
    warn.mockRestore();
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
