/** @jest-environment node */
import { byteLength, fromRow, toRow } from '../../delivery/wire';
import { wireEvent } from '../deliverystage';

const written = (text: string): unknown =>
  fromRow(toRow({ ...wireEvent('a'), properties: { text } })).properties.text;

describe('toRow', () => {
  it('is the JSON of the event, which can be read again', () => {
    const event = { ...wireEvent('a'), properties: { a: [1, null, 'é\n"'] } };
    expect(toRow(event)).toEqual({ uuid: 'a', json: JSON.stringify(event) });
    expect(fromRow(toRow(event))).toEqual(event);
  });

  it.each([
    ['\ud800', '\ufffd'],
    ['a\udc00b', 'a\ufffdb'],
    ['\udc00\ud800', '\ufffd\ufffd'],
    ['\ud83c🎉\udf89', '\ufffd🎉\ufffd'],
    ['\\\ud800', '\\\ufffd']
  ])('writes half a surrogate pair as U+FFFD: %j', (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  it('does so however deep it is, and in names', () => {
    const properties = { 'a\ud800': { list: ['\ud800'] } };
    const { json } = toRow({ ...wireEvent('a'), properties });
    expect(json).not.toContain('\\ud');
    expect(JSON.parse(json)).toMatchObject({
      properties: { 'a\ufffd': { list: ['\ufffd'] } }
    });
  });

  it.each(['🎉', '\\ud800', '\\\\ud800', 'C:\\udf89', '\\ud83c\\udf89', '語'])(
    'leaves alone what is right: %j',
    text => {
      expect(written(text)).toBe(text);
      expect(written(`${text}\ud800`)).toBe(`${text}\ufffd`);
    }
  );
});

it('byteLength counts what is on the wire', () => {
  expect([byteLength('a'), byteLength('é'), byteLength('語')]).toEqual([
    1, 2, 3
  ]);
  expect(byteLength('🎉')).toBe(4);
});
