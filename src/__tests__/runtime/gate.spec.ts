import { Gate } from '../../runtime/gate';

describe('Gate', () => {
  it('is open until somebody has a reason against it', () => {
    const gate = new Gate();
    expect(gate.reasonFor('biology')).toBeNull();
    gate.close('paused');
    expect(gate.reasonFor('biology')).toBe('paused');
    expect(gate.reasonFor()).toBe('paused');
    gate.open('paused');
    expect(gate.reasonFor('biology')).toBeNull();
  });

  it('closes one course and leaves others open', () => {
    const gate = new Gate();
    gate.close('declined', 'biology');
    expect(gate.reasonFor('biology')).toBe('declined');
    expect(gate.reasonFor('physics')).toBeNull();
    expect(gate.reasonFor()).toBeNull();
  });

  it('stays closed for one reason when another one goes', () => {
    const gate = new Gate();
    gate.close('paused');
    gate.close('declined', 'biology');
    expect(gate.reasonFor('biology')).toBe('declined');
    gate.open('paused');
    expect(gate.reasonFor('biology')).toBe('declined');
    gate.open('declined', 'biology');
    expect(gate.reasonFor('biology')).toBeNull();
  });

  it('tells of changes, and of nothing else', () => {
    const gate = new Gate();
    const told = jest.fn();
    gate.changed.connect(told);
    gate.close('paused');
    gate.close('paused');
    gate.open('unanswered');
    expect(told).toHaveBeenCalledTimes(1);
    gate.open('paused');
    expect(told).toHaveBeenCalledTimes(2);
  });
});
