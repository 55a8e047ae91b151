import { DeliveryLog } from '../../capture/log';
import type { IPayload } from '../../events/payload';
import { makeSession, MARY, payloadOf, SAMPLES } from '../fakes';

const session = makeSession();
const event = (): IPayload => payloadOf(session, 'blur', SAMPLES.blur);

describe('DeliveryLog', () => {
  let log: DeliveryLog;
  let changes: number;

  beforeEach(() => {
    log = new DeliveryLog();
    changes = 0;
    log.changed.connect(() => changes++);
  });

  it('tells what became of each event, oldest first', () => {
    const [a, b, c, d] = [event(), event(), event(), event()];
    [a, b, c, d].forEach(payload => log.add(payload));
    expect([log.size, changes]).toEqual([4, 4]);

    log.settle([a.uuid], 'delivered');
    log.settle([b.uuid], 'set_aside', '400 Bad Request');
    log.settle([c.uuid], 'dropped');
    expect([...log.entries]).toEqual([
      { payload: a, state: 'delivered' },
      { payload: b, state: 'set_aside', reason: '400 Bad Request' },
      { payload: c, state: 'dropped' },
      { payload: d, state: 'waiting' }
    ]);
    expect([log.size, changes]).toEqual([4, 7]);
  });

  it('forgets why an event was set aside when it is delivered after all', () => {
    const payload = event();
    log.add(payload);
    log.settle([payload.uuid], 'set_aside', '400 Bad Request');
    log.settle([payload.uuid], 'delivered');
    expect([...log.entries]).toEqual([{ payload, state: 'delivered' }]);
  });

  it('makes a new entry of a changed one, which React knows it by', () => {
    const payload = event();
    log.add(payload);
    const [before] = log.entries;
    log.settle([payload.uuid], 'delivered');
    expect(before.state).toBe('waiting');
  });

  it('does not show the events of other pages', () => {
    log.settle(['018cc813-6c1e-7000-8000-000000000001'], 'delivered');
    expect(log.size).toBe(0);
  });

  it('shows fewer when they are large', () => {
    const text = 'x'.repeat(50_000);
    for (let nth = 0; nth < 250; nth++) {
      log.add({ ...event(), properties: { cells: [text, { text }] } });
    }
    expect(log.size).toBe(200);
  });

  it('knows whose events it does not show any more', () => {
    const [john, mary] = [session, makeSession(MARY)];
    for (let nth = 0; nth < 5_000; nth++) {
      log.add(event());
    }
    expect(log.hasForgotten(john.student.id)).toBe(false);
    log.add(payloadOf(mary, 'blur', SAMPLES.blur));
    expect(log.hasForgotten(john.student.id)).toBe(true);
    expect(log.hasForgotten(MARY.id)).toBe(false);
    expect(log.hasForgotten(undefined)).toBe(false);
  });

  it('shows 5,000 events', () => {
    const payloads = Array.from({ length: 5_010 }, event);
    payloads.forEach(payload => log.add(payload));
    expect(log.size).toBe(5_000);
    const [oldest] = log.entries;
    expect(oldest.payload).toBe(payloads[10]);
    log.settle(
      payloads.map(({ uuid }) => uuid),
      'delivered'
    );
    expect(log.size).toBe(5_000);
  });
});
