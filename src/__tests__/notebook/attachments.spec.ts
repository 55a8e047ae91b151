import { FLAG } from '../../notebook/flag';
import { JOHN, MARY, until } from '../fakes';
import type { FakeKernel } from '../kernelfakes';
import { actions, FakeDocument } from '../notebookfakes';
import { AttachmentStage, FakePanel } from './attachmentstage';
import { CommKernel } from './kernel/commkernel';

const stage = new AttachmentStage();
const { names, flag, run } = stage;

describe('a notebook without the flag', () => {
  it.each([undefined, { enabled: false }, { enabled: 'yes' }])(
    'with %j is never listened to',
    value => {
      const warn = jest.spyOn(console, 'warn').mockReturnValue();
      flag(value);
      stage.attachments.student = JOHN;
      stage.attachments.attach(stage.first.panel);
      expect(stage.attachments.size).toBe(0);
      expect(stage.attachments.of(stage.first.panel)).toBeUndefined();
      expect(stage.listeners.left).toEqual([]);
      expect(stage.changes).toBe(0);
      expect(stage.payloads).toEqual([]);
      warn.mockRestore();
    }
  );
});

describe('a flagged notebook', () => {
  it('is tracked from when the student is known, in either order', () => {
    stage.attachments.attach(stage.first.panel);
    expect(names()).toEqual([]);
    stage.attachments.student = JOHN;
    expect(names()).toEqual(['session_started']);
    expect(stage.payloads[0]).toMatchObject({
      student_id: 'JOHN_DOE',
      notebook: 'D1',
      seq: 1
    });

    const other = new FakeDocument();
    other.model.setMetadata(FLAG, { enabled: true, notebook: 'D2' });
    stage.attachments.attach(new FakePanel(other).panel);
    expect(stage.payloads[1]).toMatchObject({ notebook: 'D2', seq: 1 });
    expect(stage.attachments.size).toBe(2);
    other.model.deleteMetadata(FLAG);
    expect(stage.attachments.size).toBe(1);
    other.dispose();
  });

  it('has its kernel side also while nobody is tracked', async () => {
    const kernel = new CommKernel();
    stage.doc.kernel = kernel as unknown as FakeKernel;
    stage.attachments.attach(stage.first.panel);
    await until(() => kernel.comms.length > 0);
    expect(kernel.requests).toHaveLength(1);
    expect(kernel.comm.got).toMatchObject([{ notebook: 'D1', student: null }]);
  });

  it('is not made dirty', () => {
    stage.doc.model.dirty = false;
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    expect(stage.doc.model.dirty).toBe(false);
  });

  it('is one session however many views it has', () => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    stage.attachments.attach(stage.first.panel);
    const second = stage.first.twin();
    stage.attachments.attach(second.panel);
    expect(stage.attachments.size).toBe(1);
    expect(names()).toEqual(['session_started']);

    run(second);
    expect(names()).toEqual(['session_started', 'cell_executed']);

    second.disposed.emit();
    expect(stage.attachments.size).toBe(1);
    stage.first.disposed.emit();
    expect(stage.attachments.size).toBe(0);
    expect(names().slice(2)).toEqual(['session_ended']);
  });

  it('counts its events without a gap', () => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    for (let i = 0; i < 5; i++) {
      run();
    }
    stage.attachments
      .of(stage.first.panel)
      ?.record({ name: 'quiz', properties: {}, isCustom: true });
    stage.attachments.student = null;
    expect(stage.payloads.map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8
    ]);
    expect(new Set(stage.payloads.map(p => p.session_id)).size).toBe(1);
  });

  it('takes custom events while there is a session', () => {
    stage.attachments.attach(stage.first.panel);
    const attachment = stage.attachments.of(stage.first.panel);
    expect(
      attachment?.record({ name: 'quiz', properties: {}, isCustom: true })
    ).toBe(false);
    stage.attachments.student = JOHN;
    expect(
      attachment?.record({ name: 'quiz', properties: { n: 1 }, isCustom: true })
    ).toBe(true);
    expect(stage.payloads[1]).toMatchObject({
      event_type: 'quiz',
      properties: { n: 1 }
    });
  });

  it('ends a session and begins another when the student changes', () => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    stage.attachments.student = MARY;
    stage.attachments.student = { ...MARY };
    expect(
      stage.payloads.map(({ event_type, student_id, seq }) => [
        event_type,
        student_id,
        seq
      ])
    ).toEqual([
      ['session_started', 'JOHN_DOE', 1],
      ['session_ended', 'JOHN_DOE', 2],
      ['session_started', 'MARY_ROE', 1]
    ]);
    expect(stage.payloads[2].session_id).not.toBe(stage.payloads[0].session_id);
  });

  it('ends the runs under way before the session', () => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    actions.scheduled(stage.first.panel.content, stage.doc.addCell('x'));
    stage.attachments.student = null;
    expect(names()).toEqual([
      'session_started',
      'cell_executed',
      'session_ended'
    ]);
  });
});

describe('the flag', () => {
  it('is followed to another id, in all views', () => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    const second = stage.first.twin();
    stage.attachments.attach(second.panel);
    flag({ enabled: true, notebook: 'D2' });
    expect(
      stage.payloads.map(({ event_type, notebook }) => [event_type, notebook])
    ).toEqual([
      ['session_started', 'D1'],
      ['session_ended', 'D1'],
      ['session_started', 'D2']
    ]);
    expect(stage.attachments.of(second.panel)?.views.all.size).toBe(2);
  });

  it('without an id keeps that of a file that is renamed, in new views too', () => {
    flag({ enabled: true });
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    Object.assign(stage.first.context, { localPath: 'renamed.ipynb' });
    stage.attachments.attach(stage.first.twin().panel);
    stage.attachments.attach(stage.first.panel, 'called');
    expect(names()).toEqual(['session_started']);
    expect(stage.attachments.of(stage.first.panel)?.notebook).toBe('D1');
  });

  it('is the only metadata that matters', () => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    stage.doc.model.setMetadata('other', 1);
    expect(names()).toEqual(['session_started']);
  });
});
