import posthog from 'posthog-js/dist/module.slim';
import type { ILoss } from '../../capture/losses';
import { tally } from '../../capture/losses';
import { PostHogClient } from '../../capture/posthog';
import type { IWireEvent } from '../../delivery/wire';
import type { IPayload } from '../../events/payload';
import { Session } from '../../events/session';
import { JOHN, makeSession, MARY, payloadOf, SAMPLES } from '../fakes';

const wired: IWireEvent[] = [];
const client = new PostHogClient(posthog, event => wired.push(event));

/** What goes over the wire of an event. */
function wire(payload: IPayload): IWireEvent {
  client.capture(payload);
  return wired.pop() as IWireEvent;
}

function blurs(session: Session, count: number): IWireEvent[] {
  return Array.from({ length: count }, () =>
    wire(payloadOf(session, 'blur', SAMPLES.blur))
  );
}

/** The event a loss becomes. */
const wireLoss = ({ session, properties }: ILoss): IWireEvent =>
  wire(payloadOf(session, 'events_dropped', properties));

describe('tally', () => {
  it('says nothing of nothing', () => {
    expect(tally([])).toEqual([]);
  });

  it('says nothing of what somebody else wrote', () => {
    const [event] = blurs(makeSession(), 1);
    const strange = [
      { ...event, properties: undefined },
      { ...event, properties: { session_id: 7 } }
    ] as unknown as IWireEvent[];
    expect(tally(strange)).toEqual([]);
    expect(tally([...strange, event])).toHaveLength(1);
  });

  it('says how many and which', () => {
    const session = makeSession();
    const [loss, ...more] = tally(blurs(session, 5).slice(1, 4));
    expect(more).toEqual([]);
    expect(loss.properties).toEqual({
      count: 3,
      reason: 'storage',
      first_seq: 2,
      last_seq: 4
    });
  });

  it('names no event that is not lost', () => {
    const [a, b, c, d, e, f] = blurs(makeSession(), 6);
    // In the order of uuids given elsewhere.
    const losses = tally([f, a, b, e]);
    expect(losses.map(({ properties }) => properties)).toEqual([
      { count: 2, reason: 'storage', first_seq: 1, last_seq: 2 },
      { count: 2, reason: 'storage', first_seq: 5, last_seq: 6 }
    ]);
    expect(losses.map(loss => wireLoss(loss).properties.seq)).toEqual([2, 6]);
    // The gap closes with what is given up next.
    const [whole, ...more] = tally([c, ...losses.map(wireLoss), d]);
    expect(more).toEqual([]);
    expect(whole.properties).toMatchObject({ count: 6, first_seq: 1 });
  });

  it('makes few events of many gaps, and counts what is lost', () => {
    const lost = blurs(makeSession(), 100).filter((_, index) => index % 2);
    const losses = tally(lost).map(({ properties }) => properties);
    expect(losses).toHaveLength(10);
    expect(losses.map(({ count }) => count)).toEqual([
      ...Array.from({ length: 9 }, () => 1),
      41
    ]);
    expect(losses[9]).toMatchObject({ first_seq: 20, last_seq: 100 });
  });

  it('has time for as many as a disk holds', () => {
    const [event] = blurs(makeSession(), 1);
    const lost = Array.from({ length: 200_000 }, (_, index) => ({
      ...event,
      properties: { ...event.properties, seq: index + 1 }
    }));
    const [{ properties }] = tally(lost);
    expect(properties).toMatchObject({ count: 200_000, last_seq: 200_000 });
  });

  it('makes an event of the session that fills the gap', () => {
    const session = makeSession();
    const [loss] = tally(blurs(session, 3));
    expect(wireLoss(loss)).toMatchObject({
      event: 'events_dropped',
      distinct_id: JOHN.id,
      properties: {
        session_id: session.id,
        notebook: session.notebook,
        student_id: JOHN.id,
        seq: 3
      }
    });
    // The session's own count goes on as if nothing had been lost.
    expect(session.nextSeq()).toBe(4);
  });

  it('has the time worked of the last event that is lost, if that told one', () => {
    const [a, b, c] = blurs(makeSession(), 3).map((event, index) => ({
      ...event,
      properties: { ...event.properties, active_ms: 1_000 * (index + 1) }
    }));
    const worked = (...lost: IWireEvent[]): unknown => {
      const { properties } = wireLoss(tally(lost)[0]);
      return (JSON.parse(JSON.stringify(properties)) as typeof properties)
        .active_ms;
    };
    expect(worked(a, c, b)).toBe(3_000);
    const [loss] = tally([a, b]);
    expect(worked(wireLoss(loss))).toBe(2_000);
    const { active_ms, ...older } = a.properties;
    expect(active_ms).toBe(1_000);
    expect(worked({ ...a, properties: older })).toBeUndefined();
  });

  it('keeps sessions apart, in the order they come', () => {
    const john = makeSession();
    const mary = new Session(MARY, 'D2_NumPy');
    const [a, b] = blurs(john, 2);
    const [c] = blurs(mary, 1);
    const losses = tally([a, c, b]);
    expect(losses.map(({ session }) => session.student.id)).toEqual([
      JOHN.id,
      MARY.id
    ]);
    expect(losses.map(({ properties }) => properties)).toMatchObject([
      { count: 2, first_seq: 1, last_seq: 2 },
      { count: 1, first_seq: 1, last_seq: 1 }
    ]);
    expect(losses[1].session.notebook).toBe('D2_NumPy');
  });

  it('says again what a lost loss told, with it', () => {
    const session = makeSession();
    const [earlier] = tally(blurs(session, 10));
    const [later] = tally([wireLoss(earlier), ...blurs(session, 2)]);
    expect(later.properties).toEqual({
      count: 12,
      reason: 'storage',
      first_seq: 1,
      last_seq: 12
    });
    // However often that happens.
    const [last] = tally([wireLoss(later)]);
    expect(last.properties).toEqual(later.properties);
  });

  it('counts an event that tells of another kind of loss as itself', () => {
    const session = makeSession();
    const rate = payloadOf(session, 'events_dropped', {
      count: 100,
      reason: 'rate'
    });
    expect(tally([wire(rate)])[0].properties).toMatchObject({
      count: 1,
      first_seq: 1,
      last_seq: 1
    });
  });
});
