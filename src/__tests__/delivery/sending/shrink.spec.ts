/** @jest-environment node */
import { shrink } from '../../../delivery/sending/shrink';
import type { IWireEvent } from '../../../delivery/wire';
import { byteLength, fromRow, toRow } from '../../../delivery/wire';
import { wireEvent } from '../../deliverystage';

const event = (properties: Record<string, unknown>): IWireEvent => ({
  ...wireEvent('018cc813-6c1e-7000-8000-000000000001'),
  properties
});

function shrunk(of: IWireEvent, maxBytes: number): IWireEvent {
  const row = shrink(toRow(of), maxBytes);
  if (row === null) {
    throw new Error('nothing to cut');
  }
  expect(byteLength(row.json)).toBeLessThanOrEqual(maxBytes);
  expect(row.uuid).toBe(of.uuid);
  return fromRow(row);
}

describe('shrink', () => {
  it('cuts the longest texts first, and marks the event', () => {
    const before = event({
      code: 'c'.repeat(5_000),
      output: 'o'.repeat(100_000),
      status: 'ok',
      seq: 7
    });
    const { properties, ...rest } = shrunk(before, 20_000);
    expect({ ...rest, properties: before.properties }).toEqual(before);
    expect(properties).toMatchObject({
      code: before.properties.code,
      status: 'ok',
      seq: 7,
      truncated: true
    });
    expect(properties.output).toMatch(/^o+/);
    expect(String(properties.output).length).toBeGreaterThan(5_000);
  });

  it('finds texts however deep they are', () => {
    const long = 'x'.repeat(50_000);
    const { properties } = shrunk(
      event({ error: { lines: [long, 'short', long] } }),
      10_000
    );
    const { lines } = (properties as { error: { lines: string[] } }).error;
    expect(lines[1]).toBe('short');
    expect(lines[0].length).toBeLessThan(7_000);
    expect(lines[2].length).toBeLessThan(7_000);
  });

  it('counts bytes, and halves no surrogate pair', () => {
    for (const text of ['語'.repeat(50_000), `x${'🎉'.repeat(50_000)}`]) {
      const { properties } = shrunk(event({ text }), 9_000);
      expect(JSON.stringify(properties)).not.toMatch(/\\ud|\ufffd/);
    }
  });

  it('leaves alone who and where, which may be long', () => {
    const long = 'n'.repeat(3_000);
    const envelope = { notebook: long, student_id: long, session_id: long };
    const { properties } = shrunk(
      event({ ...envelope, code: 'c'.repeat(20_000) }),
      12_000
    );
    expect(properties).toMatchObject(envelope);
    expect(shrink(toRow(event(envelope)), 5_000)).toBeNull();
  });

  it('has nothing to cut off numbers and short texts', () => {
    const numbers = Array.from({ length: 10_000 }, (_, i) => i);
    const words = Array.from({ length: 1_000 }, () => 'sixteen letters.');
    expect(shrink(toRow(event({ numbers })), 5_000)).toBeNull();
    expect(shrink(toRow(event({ words })), 5_000)).toBeNull();
  });

  it('changes nothing of the event it was given', () => {
    const row = toRow(event({ code: 'c'.repeat(20_000) }));
    const { json } = row;
    shrink(row, 1_000);
    expect(row.json).toBe(json);
  });

  it('keeps as much as there is room for', () => {
    const { properties } = shrunk(event({ code: 'c'.repeat(20_000) }), 9_000);
    const size = byteLength(toRow(event(properties)).json);
    expect(size).toBeGreaterThanOrEqual(8_999);
    // Marked only, when it fits.
    expect(shrunk(event({ code: 'c' }), 9_000).properties).toEqual({
      code: 'c',
      truncated: true
    });
  });

  it('writes an event of many texts few times', () => {
    const texts = Array.from({ length: 2_500 }, () => 'x'.repeat(100));
    const row = toRow(event({ texts }));
    const stringify = jest.spyOn(JSON, 'stringify');
    const half = byteLength(row.json) >> 1;
    const shorter = shrink(row, half);
    const times = stringify.mock.calls.filter(
      ([value]) => (value as Partial<IWireEvent> | null)?.uuid !== undefined
    ).length;
    stringify.mockRestore();
    expect(byteLength(shorter?.json ?? '')).toBeGreaterThan(half * 0.9);
    expect(times).toBeLessThan(20);
  });
});
