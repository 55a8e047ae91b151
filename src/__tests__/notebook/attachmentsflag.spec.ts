import { JOHN, until } from '../fakes';
import { WatchedSignal } from '../kernelfakes';
import { CalledStage } from './calledstage';
import { CommKernel } from './kernel/commkernel';

const stage = new CalledStage();
const { call, change, flag, names, told } = stage;

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
    await until(() => stage.kernel.comms.length > 0);
    flag(value);
    expect(stage.kernel.comm.got.slice(1)).toEqual([{ off: true }]);
    expect(stage.kernel.comm.isClosed).toBe(true);
    warn.mockRestore();
  });

  it('says no such thing when another id takes its place, or the page goes', async () => {
    flag(flagged);
    stage.attachments.student = JOHN;
    stage.attachments.attach(stage.first.panel);
    await until(() => stage.kernel.comms.length > 0);
    flag({ enabled: true, notebook: 'D2' });
    await until(() => stage.kernel.comms.length > 1);
    stage.first.disposed.emit();
    expect(stage.kernel.comms.map(({ got }) => got.length)).toEqual([1, 1]);
    expect(stage.kernel.comms.every(({ isClosed }) => isClosed)).toBe(true);
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
