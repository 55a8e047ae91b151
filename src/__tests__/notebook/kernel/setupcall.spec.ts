import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import { NotebookModel } from '@jupyterlab/notebook';
import { Signal } from '@lumino/signaling';
import { FLAG } from '../../../notebook/flag';
import { answerSetupCalls } from '../../../notebook/kernel/setupcall';
import { WatchedSignal } from '../../kernelfakes';
import type { Comm } from './commkernel';
import { CommKernel } from './commkernel';

const CALL = { version: 1, notebook: 'D1' };
const HERE = { answer: 'here', version: 2 };

/** A document that is open. */
class FakeContext {
  readonly model = new NotebookModel();
  readonly disposed = new Signal<this, void>(this);
  readonly kernelChanged = new WatchedSignal<object, object>({});
  readonly sessionContext: {
    session: { kernel: CommKernel | null } | null;
    kernelChanged: Signal<object, object>;
  } = { session: null, kernelChanged: this.kernelChanged };
  isDisposed = false;

  change(kernel: CommKernel | null): void {
    const oldValue = this.sessionContext.session?.kernel ?? null;
    this.sessionContext.session = kernel && { kernel };
    this.kernelChanged.emit({ oldValue, newValue: kernel });
  }
  dispose(): void {
    this.isDisposed = true;
    this.disposed.emit();
    this.model.dispose();
  }
}

let context: FakeContext;
let kernel: CommKernel;
let attach: jest.Mock<Promise<void>, [notebook: string, kernel: unknown]>;
let error: jest.SpyInstance;

const accept = (comm: Comm, data: unknown = { accept: true }): unknown =>
  comm.onMsg({ content: { data } });

beforeEach(() => {
  error = jest.spyOn(console, 'error').mockReturnValue();
  context = new FakeContext();
  kernel = new CommKernel();
  attach = jest.fn().mockResolvedValue(undefined);
  context.sessionContext.session = { kernel };
  answerSetupCalls(
    context as unknown as DocumentRegistry.IContext<INotebookModel>,
    attach
  );
});

afterEach(() => error.mockRestore());

describe('a call', () => {
  it('is answered in the same turn, and attaches when the kernel accepts', () => {
    const comm = kernel.call(CALL);
    expect(comm.sent).toEqual([HERE]);
    expect(attach).not.toHaveBeenCalled();
    accept(comm);
    expect(attach.mock.calls).toEqual([['D1', kernel]]);
    accept(comm);
    expect(attach).toHaveBeenCalledTimes(1);
    expect(comm.isDisposed).toBe(false);
  });

  it.each([[null], [{}], [{ accept: false }], [{ accept: 1 }]])(
    'that is not accepted, but gets %j, attaches nothing',
    data => {
      const comm = kernel.call(CALL);
      accept(comm, data);
      expect(attach).not.toHaveBeenCalled();
    }
  );

  it('in a run of another page, or of nobody, is left to others', () => {
    for (const session of ['another page', undefined]) {
      const comm = kernel.call(CALL, session ?? null);
      expect([comm.sent, comm.isDisposed]).toEqual([[], false]);
    }
  });

  it.each([
    [null],
    [{}],
    [{ notebook: 'D1' }],
    [{ version: '2', notebook: 'D1' }],
    [{ version: 1 }],
    [{ version: 1, notebook: ' ' }],
    [{ version: 1, notebook: 'a/b' }],
    [{ version: 1, notebook: 'x'.repeat(201) }],
    [{ version: 1, notebook: ['D1'] }]
  ])('that is malformed, as %j, is closed', data => {
    const comm = kernel.call(data);
    expect([comm.sent, comm.isDisposed]).toEqual([[], true]);
  });

  it.each([
    [{ enabled: false }],
    [{ enabled: false, notebook: 'D1' }],
    [{ enabled: false, notebok: 'D1' }]
  ])('in a notebook that says %j is told so', flag => {
    context.model.setMetadata(FLAG, flag);
    const comm = kernel.call(CALL);
    expect(comm.sent).toEqual([{ answer: 'off' }]);
    accept(comm);
    expect(attach).not.toHaveBeenCalled();
  });

  it.each([[{ enabled: true }], ['on']])(
    'in a notebook whose flag is %j is answered',
    flag => {
      context.model.setMetadata(FLAG, flag);
      expect(kernel.call(CALL).sent).toEqual([HERE]);
    }
  );

  it('that can not be followed lets the kernel go its own way', async () => {
    attach.mockRejectedValue(new Error('no chunk'));
    const comm = kernel.call(CALL);
    accept(comm);
    await Promise.resolve();
    await Promise.resolve();
    expect(comm.isDisposed).toBe(true);
    expect(error).toHaveBeenCalledTimes(1);

    const other = kernel.call(CALL);
    accept(other);
    // The kernel is gone, and its Comms with it: there is nothing to be closed.
    kernel.isDisposed = true;
    await Promise.resolve();
    await Promise.resolve();
    expect(other.isDisposed).toBe(false);
  });
});

describe('the target', () => {
  it('is registered once with each kernel, and nothing else is done to the kernel', () => {
    expect(kernel.registered.map(([target]) => target)).toEqual([
      'ipynb_telemetry'
    ]);
    expect([kernel.requests, kernel.comms]).toEqual([[], []]);
  });

  it('is still registered once after a restart', () => {
    context.change(kernel);
    expect(kernel.registered).toHaveLength(1);
  });

  it('follows the document to another kernel, or to none', () => {
    const other = new CommKernel();
    context.change(other);
    expect([kernel.registered.length, other.registered.length]).toEqual([0, 1]);
    const comm = other.call(CALL);
    accept(comm);
    expect(attach.mock.calls).toEqual([['D1', other]]);
    context.change(null);
    expect(other.registered).toEqual([]);
  });

  it('goes with the document', () => {
    context.dispose();
    expect(kernel.registered).toEqual([]);
    const { heard } = context.kernelChanged;
    const late = new CommKernel();
    context.change(late);
    expect(late.registered).toEqual([]);
    expect(context.kernelChanged.heard).toBe(heard);
  });
});
