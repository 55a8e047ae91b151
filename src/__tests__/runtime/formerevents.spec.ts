import { Signal } from '@lumino/signaling';
import type { IWireEvent } from '../../delivery/wire';
import { toRow } from '../../delivery/wire';
import { FormerEvents, hasCode, underCode } from '../../runtime/formerevents';

const CODE = 'c951-w80h-wfyn';

function eventOf(
  session_id: string,
  seq: number,
  distinct_id = 's1001'
): IWireEvent {
  return {
    uuid: `${session_id}${seq}`,
    event: seq === 1 ? 'session_started' : 'blur',
    distinct_id,
    timestamp: '2026-03-01T10:00:00.000Z',
    properties: {
      session_id,
      seq,
      student_id: distinct_id,
      ...(seq === 1 ? { student_name: 'Mary Roe' } : {})
    }
  };
}

describe('what waits under a name when its student gives a code', () => {
  it('goes under the code, with no name left in it, where nothing of the session has left', () => {
    const events = [eventOf('a', 1), eventOf('a', 2)];
    const changes = underCode(events, 's1001', CODE);
    expect([...changes.keys()]).toEqual(['a1', 'a2']);
    const text = JSON.stringify([...changes.values()]);
    expect(text).not.toMatch(/s1001|Mary/);
    expect(changes.get('a2')).toEqual({
      ...eventOf('a', 2, CODE),
      uuid: 'a2'
    });
  });

  it('has the code where a cell had shown who the kernel knows, and keeps other texts', () => {
    const text = (student_name: string, id: string, output: string): unknown =>
      underCode(
        [
          {
            ...eventOf('a', 1, id),
            properties: { ...eventOf('a', 1, id).properties, student_name }
          },
          {
            ...eventOf('a', 2, id),
            properties: { ...eventOf('a', 2, id).properties, output }
          }
        ],
        id,
        CODE
      ).get('a2')?.properties.output;
    expect(text('Mary Roe (B.)', 's1001', "('Mary Roe (B.)', 's1001')")).toBe(
      `('${CODE}', '${CODE}')`
    );
    expect(text('MARY-ROE', 'MARY_ROE', 'MARY-ROE or mary_roe')).toBe(
      `${CODE} or ${CODE}`
    );
    expect(text('Mary Roe', '1000', '1000 Mary Roes, s10012')).toBe(
      '1000 Mary Roes, s10012'
    );
  });

  it('is given up where the beginning of the session has left under the name', () => {
    const events = [eventOf('a', 7), eventOf('b', 1), eventOf('a', 8)];
    const changes = underCode(events, 's1001', CODE);
    expect(changes.get('a7')).toBeNull();
    expect(changes.get('a8')).toBeNull();
    expect(changes.get('b1')?.distinct_id).toBe(CODE);
  });

  it('is left alone where it is of somebody else', () => {
    const events = [eventOf('a', 1, 'JOHN_DOE'), eventOf('b', 1, CODE)];
    expect(underCode(events, 's1001', CODE).size).toBe(0);
  });

  it('is looked at when the code is given, and when a page is opened later', () => {
    const identity = {
      changed: new Signal<object, void>({}),
      former: null as string | null,
      student: null as { id: string; name: string } | null
    };
    const rewrite = jest.fn(() => Promise.resolve());
    const follow = (): FormerEvents =>
      new FormerEvents(identity as never, { rewrite });
    follow();
    identity.changed.emit();
    expect(rewrite).not.toHaveBeenCalled();
    identity.student = { id: CODE, name: CODE };
    identity.former = 's1001';
    identity.changed.emit();
    expect(rewrite).toHaveBeenCalledTimes(1);
    follow();
    expect(rewrite).toHaveBeenCalledTimes(2);
    // Where names count again before it is the page's turn, nothing is changed.
    const [rewritten] = rewrite.mock.lastCall as unknown as [
      (events: ReadonlyArray<IWireEvent>) => ReadonlyMap<string, unknown>
    ];
    expect(rewritten([eventOf('a', 1)]).size).toBe(1);
    identity.former = null;
    expect(rewritten([eventOf('a', 1)]).size).toBe(0);
  });
});

describe('an event', () => {
  it('has a code, or has none, whatever else stands in it', () => {
    expect(hasCode(toRow(eventOf('a', 2, CODE)))).toBe(true);
    for (const id of ['MARY_ROE', 's1001', CODE.toUpperCase(), '']) {
      expect(hasCode(toRow(eventOf('a', 2, id)))).toBe(false);
    }
    const odd = { ...eventOf('a', 2), distinct_id: { name: CODE } };
    expect(hasCode(toRow(odd as never))).toBe(false);
    const nested = eventOf('a', 2, CODE);
    expect(
      hasCode(
        toRow({
          ...nested,
          properties: { ...nested.properties, code: '"distinct_id":"s1001"' }
        })
      )
    ).toBe(true);
    // A row that is none is set aside by whoever sends.
    expect(hasCode({ uuid: 'a', json: 'null' })).toBe(true);
  });
});
