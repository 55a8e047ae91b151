/** @jest-environment node */
import { version } from '../../../package.json';
import { complete, LIBRARY } from '../../delivery/newevent';

const NOW = Date.UTC(2026, 0, 1, 12);
const EVENT = { event: 'quiz_graded', distinct_id: 'JOHN_DOE' };
const CAPTURED = '2026-01-01T12:00:00.000Z';

const timestampOf = (timestamp?: string | Date): string =>
  complete({ ...EVENT, timestamp }, LIBRARY, NOW).timestamp;

afterEach(() => jest.restoreAllMocks());

describe('the library of an event', () => {
  const propertiesOf = (
    properties?: Record<string, unknown>,
    library = LIBRARY as typeof LIBRARY | null
  ): unknown => complete({ ...EVENT, properties }, library, NOW).properties;

  it('is this one, with its version', () => {
    const labels = { $lib: 'ipynb-telemetry', $lib_version: version };
    expect(propertiesOf()).toEqual(labels);
    expect(propertiesOf({ score: 1 })).toEqual({ score: 1, ...labels });
  });

  it('is the one that the event names, with its version or without', () => {
    expect(propertiesOf({ $lib: 'web' })).toEqual({ $lib: 'web' });
    const labels = { $lib: 'web', $lib_version: '1.2.3' };
    expect(propertiesOf(labels)).toEqual(labels);
  });

  it('is the program, where that says so', () => {
    expect(propertiesOf({}, { name: 'grader', version: '7' })).toEqual({
      $lib: 'grader',
      $lib_version: '7'
    });
  });

  it('is none, where the program wants none', () => {
    expect(propertiesOf({ score: 1 }, null)).toEqual({ score: 1 });
  });

  it('is this one, where JavaScript gives null for no properties', () => {
    expect(propertiesOf(null as never)).toEqual(propertiesOf());
  });

  it('leaves the properties of the program as they are', () => {
    const properties = { score: 1 };
    propertiesOf(properties);
    expect(properties).toEqual({ score: 1 });
  });
});

describe('the timestamp of an event', () => {
  it.each([
    ['2026-01-01T12:00:00Z', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T12:00:00.5Z', '2026-01-01T12:00:00.500Z'],
    ['2026-01-01T12:00:00.123456Z', '2026-01-01T12:00:00.123Z'],
    ['2026-01-01T12:00:00+00:00', '2026-01-01T12:00:00.000Z'],
    ['2026-01-01T17:30:00+05:30', '2026-01-01T12:00:00.000Z'],
    ['2025-12-31T23:00:00.250-03:00', '2026-01-01T02:00:00.250Z'],
    ['2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z']
  ])('%s is sent as %s', (given, sent) => {
    expect(timestampOf(given)).toBe(sent);
  });

  it('may be a date', () => {
    expect(timestampOf(new Date(NOW + 1))).toBe('2026-01-01T12:00:00.001Z');
  });

  it('is the moment of capture, where it is left out', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    expect(timestampOf()).toBe(CAPTURED);
    expect(warn).not.toHaveBeenCalled();
  });

  it('is the moment of capture, where JavaScript gives null for none', () => {
    expect(timestampOf(null as never)).toBe(CAPTURED);
  });

  it.each([
    '',
    'soon',
    '2026-02-30T12:00:00Z0',
    '2026-01-01T25:00:00Z',
    '+010000-01-01T00:00:00.000Z',
    new Date(NaN)
  ])(
    'is the moment of capture, and told of, where it is no time: %j',
    given => {
      const warn = jest.spyOn(console, 'warn').mockReturnValue();
      expect(timestampOf(given)).toBe(CAPTURED);
      expect(warn.mock.calls.flat()).toEqual([
        expect.stringContaining('is no time')
      ]);
    }
  );
});
