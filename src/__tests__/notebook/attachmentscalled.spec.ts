import { JOHN, until } from '../fakes';
import type { FakeKernel } from '../kernelfakes';
import { WatchedSignal } from '../kernelfakes';
import { actions } from '../notebookfakes';
import { AttachmentStage } from './attachmentstage';
import { CommKernel } from './kernel/commkernel';

const stage = new AttachmentStage();
const { names, flag, run } = stage;

let kernel: CommKernel;

/** Which event of which notebook. */
const told = (): string[] =>
  stage.payloads.map(({ notebook, event_type }) => `${notebook} ${event_type}`);

/** A call in the kernel, followed until the kernel knows of the page. */
async function call(notebook = 'called'): Promise<void> {
  stage.attachments.attach(stage.first.panel, notebook);
  await until(() => kernel.comms.length > 0);
}

/** The document gets another kernel, or none. */
function change(next: CommKernel | null): void {
  stage.doc.kernel = next as FakeKernel | null;
  stage.doc.kernelChanged.emit({ oldValue: kernel, newValue: next });
}

beforeEach(() => {
  flag(undefined);
  kernel = new CommKernel();
  Object.assign(kernel, { anyMessage: new WatchedSignal({}) });
  stage.doc.kernel = kernel as unknown as FakeKernel;
});

describe('a notebook whose code called', () => {
  it('is tracked under the id of the call, and not touched', async () => {
    stage.attachments.student = JOHN;
    stage.doc.model.dirty = false;
    await call();
    expect(stage.doc.model.getMetadata('ipynb_telemetry')).toBeUndefined();
    expect(stage.doc.model.dirty).toBe(false);
    run();
    expect(told()).toEqual(['called session_started', 'called cell_executed']);
  });

  it('is tracked from when the kernel knows it, in the same turn', async () => {
    stage.attachments.student = JOHN;
    const send = kernel.sendShellMessage.bind(kernel);
    kernel.sendShellMessage = message => {
      // What was asked for before is the kernel's to report.
      expect(names()).toEqual([]);
      void Promise.resolve().then(() =>
        expect(names()).toEqual(['session_started'])
      );
      kernel.sendShellMessage = send;
      send(message);
    };
    stage.attachments.attach(stage.first.panel, 'called');
    expect(names()).toEqual([]);
    run();
    await until(() => names().length > 0);
    expect(names()).toEqual(['session_started']);
    expect(kernel.comm.got).toMatchObject([
      { notebook: 'called', student: JOHN }
    ]);
    expect.assertions(5);
  });

  it('is tracked from when a name is given, if that is later', async () => {
    await call();
    expect(kernel.comm.got).toMatchObject([{ student: null }]);
    run();
    expect(names()).toEqual([]);
    stage.attachments.student = JOHN;
    expect(kernel.comm.got).toMatchObject([{}, { student: JOHN }]);
    expect(names()).toEqual(['session_started']);
  });

  it('takes the runs that the kernel reports', async () => {
    stage.attachments.student = JOHN;
    await call();
    const report = (uuid: string): unknown =>
      kernel.say(
        'comm_msg',
        {
          comm_id: kernel.comm.id,
          data: {
            event: 'cell_executed',
            buffered: true,
            uuid,
            timestamp: '2026-03-01T09:59:58.123Z',
            properties: {
              cell_id: null,
              execution_count: 1,
              success: true,
              status: 'ok',
              error: null,
              duration_ms: 1,
              queued_ms: 0,
              truncated: false
            }
          }
        },
        { parent: { session: kernel.clientId } }
      );
    report('08b5a03e-edc1-53c5-9a41-e567224b79d2');
    expect(stage.payloads[1]).toMatchObject({
      event_type: 'cell_executed',
      uuid: '08b5a03e-edc1-53c5-9a41-e567224b79d2',
      timestamp: '2026-03-01T09:59:58.123Z',
      seq: 2
    });

    // A flag says that the page reports them all.
    flag({ enabled: true, notebook: 'D1' });
    await until(() => kernel.comms.length > 1);
    report('18b5a03e-edc1-53c5-9a41-e567224b79d2');
    expect(told().slice(2)).toEqual([
      'called session_ended',
      'D1 session_started'
    ]);
  });

  it('tells that the page is left, and goes on when it is shown again', async () => {
    stage.attachments.student = JOHN;
    await call();
    stage.attachments.leave();
    expect(names()).toEqual(['session_started', 'session_ended']);
    expect(kernel.comm.got.at(-1)).toMatchObject({ student: null, left: true });
    stage.attachments.student = JOHN;
    expect(kernel.comm.got.at(-1)).toEqual({
      version: 1,
      notebook: 'called',
      student: JOHN
    });
    expect(names().slice(2)).toEqual(['session_started']);
    expect(kernel.comms).toHaveLength(1);
  });

  it('is one session however many views it has', async () => {
    stage.attachments.student = JOHN;
    await call();
    const second = stage.first.twin();
    // As a view does that is opened later.
    stage.attachments.attach(second.panel);
    run(second);
    expect(names()).toEqual(['session_started', 'cell_executed']);
    stage.first.disposed.emit();
    second.disposed.emit();
    expect(names().slice(2)).toEqual(['session_ended']);
    expect(stage.attachments.size).toBe(0);
  });
});

describe('the call', () => {
  beforeEach(async () => {
    stage.attachments.student = JOHN;
    await call();
  });

  it('holds over a restart', () => {
    stage.doc.statusChanged.emit('restarting');
    stage.doc.statusChanged.emit('idle');
    change(kernel);
    expect(kernel.comms).toHaveLength(2);
    run();
    expect(names()).toEqual(['session_started', 'cell_executed']);
  });

  it.each([
    [
      'another kernel',
      Object.assign(new CommKernel(), { anyMessage: new WatchedSignal({}) })
    ],
    ['none', null]
  ])('ends with its kernel, when there is %s', (_, next) => {
    const cell = stage.doc.addCell('x');
    actions.scheduled(stage.first.panel.content, cell);
    change(next);
    expect(told()).toEqual([
      'called session_started',
      'called cell_executed',
      'called session_ended'
    ]);
    expect(stage.payloads[1].properties).toMatchObject({ status: 'cancelled' });
    expect(stage.attachments.size).toBe(0);
    expect(kernel.comm.isClosed).toBe(true);
    // It did not ask.
    expect(next?.requests ?? []).toEqual([]);
    const { heard } = stage.doc.kernelChanged;
    change(null);
    expect(stage.doc.kernelChanged.heard).toBe(heard);
  });

  it('again says nothing new', async () => {
    await call();
    expect(names()).toEqual(['session_started']);
    expect(kernel.comms).toHaveLength(1);
  });

  it('with another id begins a session, to which what runs belongs', () => {
    const cell = stage.doc.addCell('setup_telemetry("other")');
    const { content } = stage.first.panel;
    run();
    actions.scheduled(content, cell);
    stage.attachments.attach(stage.first.panel, 'other');
    actions.executed(content, cell, true);
    run();
    expect(told()).toEqual([
      'called session_started',
      'called cell_executed',
      'called session_ended',
      'other session_started',
      'other cell_executed',
      'other cell_executed'
    ]);
    expect(stage.payloads.map(({ seq }) => seq)).toEqual([1, 2, 3, 1, 2, 3]);
    expect(stage.payloads[4].properties).toMatchObject({ status: 'ok' });
    expect(kernel.comm.got).toMatchObject([{}, { notebook: 'other' }]);
    expect(kernel.comms).toHaveLength(1);
  });
});

it('a test that ends after such a call is told with the run', () => {
  stage.attachments.student = JOHN;
  const cell = stage.doc.addCell('assert True');
  cell.model.setMetadata('nbgrader', { grade: true, grade_id: 'q1' });
  flag({ enabled: true, notebook: 'D1' });
  stage.attachments.attach(stage.first.panel);
  const { content } = stage.first.panel;
  actions.scheduled(content, cell);
  stage.attachments.of(stage.first.panel)!.notebook = 'other';
  actions.executed(content, cell, true);
  expect(told().slice(-2)).toEqual([
    'other cell_executed',
    'other test_passed'
  ]);
});

describe('the flag', () => {
  const flagged = { enabled: true, notebook: 'D1' };

  it.each([
    ['is removed', undefined],
    ['is turned off', { enabled: false }],
    ['is spoiled', 'on']
  ])('tells the kernel, when it %s, that nobody goes on', async (_, value) => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    flag(flagged);
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    await until(() => kernel.comms.length > 0);
    flag(value);
    expect(kernel.comm.got.slice(1)).toEqual([{ off: true }]);
    expect(kernel.comm.isClosed).toBe(true);
    warn.mockRestore();
  });

  it('says no such thing when another id takes its place, or the page goes', async () => {
    flag(flagged);
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    await until(() => kernel.comms.length > 0);
    flag({ enabled: true, notebook: 'D2' });
    await until(() => kernel.comms.length > 1);
    stage.first.disposed.emit();
    expect(kernel.comms.map(({ got }) => got.length)).toEqual([1, 1]);
    expect(kernel.comms.every(({ isClosed }) => isClosed)).toBe(true);
  });

  it('wins over a call', async () => {
    flag(flagged);
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    await call();
    expect(told()).toEqual(['D1 session_started']);
    // And holds whatever the kernel is.
    const next = { anyMessage: new WatchedSignal({}) };
    change(Object.assign(new CommKernel(), next));
    expect(stage.attachments.size).toBe(1);
  });

  it('takes over from a call when it is set, and turns it off', async () => {
    stage.attachments.student = JOHN;
    await call();
    flag(flagged);
    flag({ enabled: false });
    expect(told()).toEqual([
      'called session_started',
      'called session_ended',
      'D1 session_started',
      'D1 session_ended'
    ]);
    expect(stage.attachments.size).toBe(0);
    await call();
    expect(stage.attachments.size).toBe(0);
  });

  it('says nothing about a call when it is malformed', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    stage.attachments.student = JOHN;
    await call();
    flag('on');
    flag(undefined);
    expect(told()).toEqual(['called session_started']);
    flag({ enabled: false, id: 'D1' });
    expect(names()).toEqual(['session_started', 'session_ended']);
    warn.mockRestore();
  });
});
