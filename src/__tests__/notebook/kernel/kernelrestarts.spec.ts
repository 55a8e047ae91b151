import type { ISessionContext } from '@jupyterlab/apputils';
import { KernelRestarts } from '../../../notebook/kernel/kernelrestarts';
import { WatchedSignal } from '../../kernelfakes';
import { CommKernel } from './commkernel';

let statusChanged: WatchedSignal<object, string>;
let kernelChanged: WatchedSignal<object, unknown>;
let kernel: CommKernel;
let restarts: KernelRestarts;
let told: string[];

/** A kernel process says how it is; JupyterLab passes it on. */
function says(state: string, session: string, parent = {}): void {
  kernel.say('status', { execution_state: state }, { session, parent });
  statusChanged.emit(state);
}
const announces = (session: string, restart = true): void => {
  kernel.say('shutdown_reply', { restart }, { session });
};

beforeEach(() => {
  statusChanged = new WatchedSignal<object, string>({});
  kernelChanged = new WatchedSignal<object, unknown>({});
  kernel = new CommKernel();
  told = [];
  restarts = new KernelRestarts({
    statusChanged,
    kernelChanged,
    session: { kernel }
  } as unknown as ISessionContext);
  restarts.lost.connect(() => told.push('lost'));
  restarts.back.connect(() => told.push('back'));
});

afterEach(() => restarts.dispose());

describe('a restart that another page asked for', () => {
  it('begins with the word of the kernel and ends with another process', () => {
    says('idle', 'old');
    says('busy', 'old');
    announces('old');
    expect(told).toEqual(['lost']);
    says('idle', 'old');
    expect([told, restarts.isEnding]).toEqual([['lost'], true]);
    says('starting', 'new');
    says('idle', 'new');
    expect([told, restarts.isEnding]).toEqual([['lost', 'back'], false]);
  });

  it('is seen also when the kernel was killed without a word', () => {
    says('busy', 'old');
    says('starting', 'new');
    says('idle', 'new');
    expect(told).toEqual(['lost', 'back']);
  });

  it('is seen also when the first word of the new process is an answer', () => {
    says('idle', 'old');
    announces('old');
    kernel.say('debug_reply', {}, { session: 'new' });
    expect([told, restarts.isEnding]).toEqual([['lost', 'back'], false]);
    // And the last one of the old process comes later, by another channel.
    says('idle', 'old');
    says('idle', 'new');
    expect(told).toEqual(['lost', 'back']);
  });

  it('is seen also when the new process prints something first', () => {
    says('idle', 'old');
    announces('old');
    const warning = { name: 'stderr', text: 'Debugger warning' };
    kernel.say('stream', warning, { session: 'new' });
    says('starting', 'new');
    expect(told).toEqual(['lost', 'back']);
  });

  it('is seen also when only a later word of the new process came through', () => {
    says('idle', 'old');
    says('busy', 'new');
    says('starting', 'newer');
    expect(told).toEqual(['lost', 'back', 'lost', 'back']);
  });
});

describe('what is no such restart', () => {
  it('the start of a kernel', () => {
    kernel.say('stream', { name: 'stderr', text: '' }, { session: 'first' });
    says('starting', 'first');
    says('busy', 'first');
    says('idle', 'first');
    expect(told).toEqual([]);
  });

  it('one that was asked for here', () => {
    says('idle', 'old');
    statusChanged.emit('restarting');
    expect(restarts.isEnding).toBe(true);
    says('busy', 'old');
    announces('old');
    says('idle', 'old');
    expect([told, restarts.isEnding]).toEqual([[], true]);
    kernelChanged.emit({ oldValue: kernel, newValue: kernel });
    expect(restarts.isEnding).toBe(false);
    // What the student ran since is the new process's.
    says('starting', 'new');
    says('idle', 'new');
    expect(told).toEqual([]);
  });

  it('one that the server made after a crash', () => {
    says('busy', 'old');
    says('restarting', 'server');
    statusChanged.emit('autorestarting');
    expect(restarts.isEnding).toBe(false);
    says('starting', 'new');
    says('idle', 'new');
    says('dead', 'server');
    says('idle', 'new');
    expect(told).toEqual([]);
  });

  it('a shutdown for good', () => {
    says('idle', 'old');
    announces('old', false);
    expect([told, restarts.isEnding]).toEqual([[], false]);
  });

  it('a word of the server, or to the kernel', () => {
    says('idle', 'old');
    const parent = { msg_id: 'a run', session: 'page' };
    const warning = { name: 'stderr', text: 'IOPub data rate exceeded.' };
    kernel.say('stream', warning, { session: 'server', parent });
    kernel.anyMessage.emit({
      direction: 'send',
      msg: {
        header: { msg_type: 'status', session: 'page' },
        parent_header: {},
        content: {}
      } as never
    });
    expect(told).toEqual([]);
  });

  it('a kernel that answers each page with that page’s session', () => {
    says('idle', 'page 1', { session: 'page 1' });
    says('busy', 'page 2', { session: 'page 2' });
    says('idle', 'page 1', { session: 'page 1' });
    expect(told).toEqual([]);
  });

  it('another kernel', () => {
    says('idle', 'old');
    const first = kernel;
    kernel = new CommKernel();
    kernelChanged.emit({ oldValue: first, newValue: kernel });
    says('idle', 'other');
    expect(told).toEqual([]);
    announces('other');
    expect(told).toEqual(['lost']);
    const { heard } = first.anyMessage;
    kernel = first;
    announces('old');
    expect([told, first.anyMessage.heard]).toEqual([['lost'], heard]);
    kernelChanged.emit({ oldValue: null, newValue: null });
  });
});

it('leaves no listener behind', () => {
  says('idle', 'old');
  restarts.dispose();
  restarts.dispose();
  const signals = [statusChanged, kernelChanged, kernel.anyMessage];
  const heard = signals.map(signal => signal.heard);
  announces('old');
  says('starting', 'new');
  kernelChanged.emit({ oldValue: kernel, newValue: null });
  expect(signals.map(signal => signal.heard)).toEqual(heard);
  expect(told).toEqual([]);
});
