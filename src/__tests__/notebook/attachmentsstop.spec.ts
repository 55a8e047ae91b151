import type { Signal } from '@lumino/signaling';
import { FLAG } from '../../notebook/flag';
import { JOHN } from '../fakes';
import { AttachmentStage } from './attachmentstage';

const stage = new AttachmentStage();
const { names, flag, run } = stage;

describe('stops at once, without a listener left,', () => {
  beforeEach(() => {
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    expect(stage.listeners.left.length).toBeGreaterThan(5);
    stage.payloads.length = 0;
  });

  function expectSilence(): void {
    expect(names()).toEqual(['session_ended']);
    expect(stage.attachments.size).toBe(0);
    expect(stage.listeners.left).toEqual([]);
    const signals = [
      stage.doc.statusChanged,
      stage.doc.kernelChanged,
      stage.currentChanged
    ];
    const heard = signals.map(signal => signal.heard);
    run();
    stage.doc.statusChanged.emit('dead');
    stage.doc.kernelChanged.emit({});
    stage.currentChanged.emit(null);
    expect(signals.map(signal => signal.heard)).toEqual(heard);
    expect(names()).toEqual(['session_ended']);
    const touched = jest.fn();
    const { metadataChanged } = stage.doc.model;
    (metadataChanged as Signal<unknown, object>).emit({
      get key() {
        touched();
        return FLAG;
      }
    });
    expect(touched).not.toHaveBeenCalled();
  }

  it('when the notebook is closed', () => {
    stage.first.disposed.emit();
    expectSilence();
  });

  it('when the flag is removed', () => {
    stage.doc.model.deleteMetadata(FLAG);
    expectSilence();
  });

  it('when the flag is turned off', () => {
    flag({ enabled: false, notebook: 'D1' });
    expectSilence();
  });

  it('when the flag is spoiled', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    flag({ enabled: true, notebook: 7 });
    expectSilence();
    warn.mockRestore();
  });
});

it('one faulty tracker stops neither the others nor the lesson', () => {
  const error = jest.spyOn(console, 'error').mockReturnValue();
  // The session tracker asks for it when it starts.
  Object.defineProperty(
    stage.first.context.sessionContext,
    'kernelPreference',
    {
      get: () => {
        throw new Error('broken');
      }
    }
  );
  stage.attachments.student = JOHN;
  expect(() => stage.attachments.attach(stage.first.panel)).not.toThrow();
  expect(error).toHaveBeenCalledTimes(1);
  run();
  expect(names()).toEqual(['cell_executed']);
  error.mockRestore();
});
