import { OutputAreaModel } from '@jupyterlab/outputarea';
import type { IOutputModel } from '@jupyterlab/rendermime';
import type { IOutputs } from '../../trackers/celloutput';
import {
  permittedError,
  readError,
  readOutput,
  runError
} from '../../trackers/celloutput';

type Output = Parameters<OutputAreaModel['add']>[0];

function outputs(...all: object[]): OutputAreaModel {
  const model = new OutputAreaModel({ trusted: true });
  all.forEach(output => model.add(output as Output));
  return model;
}
const stdout = (text: string): object => ({
  output_type: 'stream',
  name: 'stdout',
  text
});
const shown = (data: object): object => ({
  output_type: 'display_data',
  metadata: {},
  data
});
const error = {
  output_type: 'error',
  ename: 'KeyError',
  evalue: "'x'",
  traceback: ['\u001b[31mTraceback\u001b[0m', 'File /home/ann/lib/x.py:1']
};

/** A stream as JupyterLab 4.3 has it; counts the characters that are taken. */
function countingStream(length: number): {
  output: IOutputModel;
  touched: () => number;
} {
  let touched = 0;
  const text = 'x'.repeat(length);
  const counting = {
    length,
    charCodeAt: (place: number) => text.charCodeAt(place),
    slice: (from: number, to: number) => {
      touched += to - from;
      return text.slice(from, to);
    }
  };
  return {
    output: {
      type: 'stream',
      streamText: { text: counting },
      get data(): never {
        throw new Error('a copy of everything');
      }
    } as unknown as IOutputModel,
    touched: () => touched
  };
}

describe('readOutput', () => {
  it('is empty without outputs', () => {
    expect(readOutput(outputs(), 100)).toEqual({ text: '', truncated: false });
  });

  it('is what was printed and shown, in order and plain', () => {
    const model = outputs(
      stdout('\u001b[1mbold\u001b[0m\n/home/ann/x.csv\n'),
      { output_type: 'stream', name: 'stderr', text: 'careful\n' },
      {
        output_type: 'execute_result',
        execution_count: 1,
        metadata: {},
        data: { 'text/plain': '42' }
      }
    );
    expect(readOutput(model, 100)).toEqual({
      text: 'bold\n…/x.csv\ncareful\n42\n',
      truncated: false
    });
  });

  it('names images, HTML and the like by their type only', () => {
    const model = outputs(
      shown({ 'image/png': 'iVBORw0KGgo', 'text/plain': '<Figure>' }),
      shown({ 'text/html': '<b>secret</b>' }),
      shown({ 'application/vnd.plotly.v1+json': { data: 'secret' } })
    );
    expect(readOutput(model, 1000).text).toBe(
      '<Figure>[image/png]\n[text/html]\n[application/vnd.plotly.v1+json]\n'
    );
  });

  it('has the traceback of an error', () => {
    expect(readOutput(outputs(stdout('a\n'), error), 100).text).toBe(
      'a\nTraceback\nFile …/x.py:1'
    );
    const bare = { ...error, traceback: [] };
    expect(readOutput(outputs(bare), 100).text).toBe("KeyError: 'x'");
  });

  it('quotes no code in a traceback where code may not be told', () => {
    const { text } = readOutput(outputs(error), 100, false);
    expect(text).toBe("KeyError: 'x'");
  });

  it.each([
    [9_000, 100_000, false],
    [15_000, 100_000, false],
    [9_000, 8_999, true],
    [30_000, 10_000, true],
    [200_000, 100_000, true]
  ])(
    'has %d characters of a traceback up to %d, and says whether it was cut',
    (length, maximum, truncated) => {
      const long = { ...error, traceback: ['x'.repeat(length)] };
      const read = readOutput(outputs(long), maximum);
      expect(read.text).toHaveLength(Math.min(length, maximum));
      expect(read.truncated).toBe(truncated);
      const told = { ...error, evalue: 'x'.repeat(length) };
      expect(readOutput(outputs(told), maximum, false).truncated).toBe(
        length + 'KeyError: '.length > maximum
      );
    }
  );

  it('is cut over all outputs together', () => {
    const model = outputs(
      shown({ 'text/plain': '12345' }),
      stdout('abcdef'),
      shown({ 'text/plain': 'never' })
    );
    expect(readOutput(model, 8)).toEqual({
      text: '12345\nab',
      truncated: true
    });
    expect(readOutput(model, 18)).toEqual({
      text: '12345\nabcdefnever\n',
      truncated: false
    });
    expect(readOutput(model, 0)).toEqual({ text: '', truncated: true });
  });

  it('says that it was cut also when the next output is what did not fit', () => {
    const model = outputs(stdout('12345678'), shown({ 'text/plain': 'x' }));
    expect(readOutput(model, 8)).toEqual({ text: '12345678', truncated: true });
  });

  it('is not ended by a split pair', () => {
    const { text } = readOutput(outputs(stdout('a🎉🎉')), 4);
    expect(text).toBe('a🎉');
  });

  it('keeps no half of a colour where it was cut', () => {
    const text = '\u001b[31mab'.repeat(100);
    for (let maximum = 1; maximum < 50; maximum++) {
      const part = readOutput(outputs(stdout(text)), maximum);
      expect(part.text).toMatch(/^(ab)*a?$/);
      expect(part.text.length).toBeLessThanOrEqual(maximum);
      expect(part.truncated).toBe(true);
    }
  });

  it('touches no more of a long stream than twice what is kept', () => {
    const { output, touched } = countingStream(5_000_000);
    const { text, truncated } = readOutput(
      { length: 1, get: () => output },
      10_000
    );
    expect([text.length, truncated]).toEqual([10_000, true]);
    expect(touched()).toBe(20_000);
  });

  it('touches no more outputs than are kept', () => {
    const streamText = { text: 'x'.repeat(100) };
    const output = { type: 'stream', streamText } as unknown as IOutputModel;
    const get = jest.fn(() => output);
    const many: IOutputs = { length: 100_000, get };
    expect(readOutput(many, 1000)).toMatchObject({ truncated: true });
    expect(get.mock.calls.length).toBeLessThanOrEqual(11);
  });
});

describe('readError', () => {
  it('is the last one', () => {
    const model = outputs(
      error,
      stdout('between'),
      { ...error, ename: 'TypeError' },
      stdout('after')
    );
    expect(readError(model)).toEqual({
      name: 'TypeError',
      value: "'x'",
      traceback: 'Traceback\nFile …/x.py:1'
    });
  });

  it('is none when nothing went wrong', () => {
    expect(readError(outputs(stdout('Error: all is well')))).toBeNull();
  });
});

describe('runError', () => {
  it('takes whatever it is given', () => {
    expect(runError(undefined, undefined, undefined)).toEqual({
      name: 'Error',
      value: '',
      traceback: ''
    });
    expect(runError({}, [], 'one text')).toEqual({
      name: 'Error',
      value: '',
      traceback: 'one text'
    });
  });

  it.each([
    ["<class 'ZeroDivisionError'>", 'ZeroDivisionError'],
    ["<class '__main__.check.<locals>.TooFew'>", 'TooFew'],
    ["<class '", "<class '"]
  ])('names the error of %s as other kernels do', (told, name) => {
    expect(runError(told, '', '').name).toBe(name);
  });

  it('is bounded', () => {
    const long = 'x'.repeat(50_000);
    const bounded = runError(long, long, [long, long]);
    expect([
      bounded.name.length,
      bounded.value.length,
      bounded.traceback.length
    ]).toEqual([200, 10_000, 10_000]);
  });
});

describe('permittedError', () => {
  const whole = { name: 'E', value: 'value', traceback: 'trace' };
  const disabledTestSources = new Set<string>();

  it.each([
    [true, true, whole],
    [false, true, { name: 'E', value: 'value', traceback: '' }],
    [true, false, { name: 'E', value: '', traceback: '' }],
    [false, false, { name: 'E', value: '', traceback: '' }]
  ])('with code %s and output %s', (captureCode, captureOutput, permitted) => {
    const rules = {
      captureCode,
      captureOutput,
      maxCharacters: 100,
      disabledTestSources
    };
    expect(permittedError(whole, rules)).toEqual(permitted);
  });

  it('is cut where code and output are', () => {
    const rules = {
      captureCode: true,
      captureOutput: true,
      maxCharacters: 3,
      disabledTestSources
    };
    expect(permittedError(whole, rules)).toEqual({
      name: 'E',
      value: 'val',
      traceback: 'tra'
    });
  });
});
