import { FakeKernelSettings } from '../kernelsettingsfake';
import { toldValues } from '../../events/toldvalues';
import { JOHN, until } from '../fakes';
import { WatchedSignal } from '../kernelfakes';
import { actions } from '../notebookfakes';
import { CalledStage } from './calledstage';
import { CommKernel } from './kernel/commkernel';

const stage = new CalledStage();
const { call, change, flag, names, run, told } = stage;

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
    const send = stage.kernel.sendShellMessage.bind(stage.kernel);
    stage.kernel.sendShellMessage = message => {
      // What was asked for before is the kernel's to report.
      expect(names()).toEqual([]);
      void Promise.resolve().then(() =>
        expect(names()).toEqual(['session_started'])
      );
      stage.kernel.sendShellMessage = send;
      send(message);
    };
    stage.attachments.attach(stage.first.panel, 'called');
    expect(names()).toEqual([]);
    run();
    await until(() => names().length > 0);
    expect(names()).toEqual(['session_started']);
    expect(stage.kernel.comm.got).toMatchObject([
      { notebook: 'called', student: JOHN }
    ]);
    expect.assertions(5);
  });

  it('is tracked from when a name is given, if that is later', async () => {
    await call();
    expect(stage.kernel.comm.got).toMatchObject([{ student: null }]);
    run();
    expect(names()).toEqual([]);
    stage.attachments.student = JOHN;
    expect(stage.kernel.comm.got).toMatchObject([{}, { student: JOHN }]);
    expect(names()).toEqual(['session_started']);
  });

  it('takes the runs that the kernel reports', async () => {
    stage.attachments.student = JOHN;
    await call();
    const report = (uuid: string): unknown =>
      stage.kernel.say(
        'comm_msg',
        {
          comm_id: stage.kernel.comm.id,
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
        { parent: { session: stage.kernel.clientId } }
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
    await until(() => stage.kernel.comms.length > 1);
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
    expect(stage.kernel.comm.got.at(-1)).toMatchObject({
      student: null,
      left: true
    });
    stage.attachments.student = JOHN;
    expect(stage.kernel.comm.got.at(-1)).toEqual({
      version: 2,
      notebook: 'called',
      student: JOHN,
      settings: new FakeKernelSettings().value,
      salt: toldValues.salt
    });
    expect(names().slice(2)).toEqual(['session_started']);
    expect(stage.kernel.comms).toHaveLength(1);
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
    change(stage.kernel);
    expect(stage.kernel.comms).toHaveLength(2);
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
    expect(stage.kernel.comm.isClosed).toBe(true);
    // The next kernel did not ask.
    expect(next?.requests ?? []).toEqual([]);
    const { heard } = stage.doc.kernelChanged;
    change(null);
    expect(stage.doc.kernelChanged.heard).toBe(heard);
  });

  it('again says nothing new', async () => {
    await call();
    expect(names()).toEqual(['session_started']);
    expect(stage.kernel.comms).toHaveLength(1);
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
    expect(stage.kernel.comm.got).toMatchObject([{}, { notebook: 'other' }]);
    expect(stage.kernel.comms).toHaveLength(1);
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
