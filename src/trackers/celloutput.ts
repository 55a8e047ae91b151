import type { IOutputModel } from '@jupyterlab/rendermime';
import type { IBoundedText } from '../events/boundedtext';
import { cut } from '../events/boundedtext';
import { stripAnsi, withoutPlaces } from '../events/text';
import type { ICaptureRules } from './tracker';

/** What went wrong in a run. */
export interface IRunError {
  readonly name: string;
  readonly value: string;
  readonly traceback: string;
}

/** The outputs of a cell, as `OutputAreaModel` has them. */
export interface IOutputs {
  readonly length: number;
  get(index: number): IOutputModel;
}

/** The outputs of a cell that is gone. */
export const NO_OUTPUTS: IOutputs = {
  length: 0,
  get: () => {
    throw new RangeError('there are no outputs');
  }
};

const STREAMS = [
  'application/vnd.jupyter.stdout',
  'application/vnd.jupyter.stderr'
];

/**
 * The beginning of what a cell shows, as plain text. Images, HTML and the like
 * stand by their MIME type only. No more of a long output is touched than is
 * kept.
 *
 * @param maximum - characters
 * @param showsCode - whether tracebacks, which quote code, may be in it
 */
export function readOutput(
  outputs: IOutputs,
  maximum: number,
  showsCode = true
): IBoundedText {
  const parts: string[] = [];
  let room = maximum;
  let truncated = false;
  for (let i = 0; i < outputs.length && !truncated; i++) {
    const whole = plainText(outputs.get(i), room, showsCode);
    const part = cut(whole.text, room);
    parts.push(part.text);
    room -= part.text.length;
    truncated = whole.truncated || part.truncated;
  }
  return { text: parts.join(''), truncated };
}

/** The last error among the outputs, for executors that report none. */
export function readError(outputs: IOutputs): IRunError | null {
  for (let i = outputs.length - 1; i >= 0; i--) {
    const output = outputs.get(i);
    if (output.type === 'error') {
      return outputError(output);
    }
  }
  return null;
}

/** An error of whatever form, as plain text of bounded length. */
export function runError(
  name: unknown,
  value: unknown,
  traceback: unknown,
  maximum = 10_000
): IRunError {
  return {
    name: nameOf(name),
    value: cut(excerpt(joined(value), maximum).text, maximum).text,
    traceback: cut(excerpt(joined(traceback), maximum).text, maximum).text
  };
}

/** An error as far as the rules let it out: messages and tracebacks show output and code. */
export function permittedError(
  { name, value, traceback }: IRunError,
  { captureCode, captureOutput, maxCharacters }: ICaptureRules
): IRunError {
  return {
    name,
    value: captureOutput ? cut(value, maxCharacters).text : '',
    traceback:
      captureOutput && captureCode ? cut(traceback, maxCharacters).text : ''
  };
}

function nameOf(name: unknown): string {
  // JupyterLite's Python kernel sends `<class 'package.Name'>`.
  return typeof name === 'string'
    ? name
        .slice(0, 500)
        .replace(/^<class '(?:.*\.)?(.+)'>$/, '$1')
        .slice(0, 200)
    : 'Error';
}

/** A text, or lines of it. */
function joined(lines: unknown): string {
  const all: unknown[] = Array.isArray(lines) ? lines : [lines];
  return all.filter(line => typeof line === 'string').join('\n');
}

function outputError(output: IOutputModel): IRunError {
  const { ename, evalue, traceback } = output.toJSON();
  return runError(ename, evalue, traceback);
}

/** @param room - how many characters are wanted; a few more may come */
function plainText(
  output: IOutputModel,
  room: number,
  showsCode: boolean
): IBoundedText {
  if (output.type === 'error') {
    const { ename, evalue, traceback } = output.toJSON();
    const trace = showsCode ? excerpt(joined(traceback), room) : null;
    if (trace?.text) {
      return trace;
    }
    const value = excerpt(joined(evalue), room);
    return { ...value, text: `${nameOf(ename)}: ${value.text}` };
  }
  // JupyterLab from 4.3 on keeps a stream's text apart; asking for `data`
  // would make a copy of all of it.
  const stream = (output as { streamText?: { text: string } }).streamText;
  if (stream) {
    return excerpt(stream.text, room);
  }
  const { data } = output;
  const value = data[STREAMS[0]] ?? data[STREAMS[1]] ?? data['text/plain'];
  const { text, truncated } = excerpt(
    typeof value === 'string' ? value : '',
    room
  );
  const others = Object.keys(data).filter(
    type => type !== 'text/plain' && !STREAMS.includes(type)
  );
  const names = others.map(type => `[${type}]`).join('');
  return {
    text: text + names + (output.type === 'stream' ? '' : '\n'),
    truncated
  };
}

/** Cleaning shortens a text, hence twice as much is taken to be cleaned. */
function excerpt(text: string, room: number): IBoundedText {
  const beginning = cut(text, 2 * room);
  return {
    text: withoutPlaces(stripAnsi(beginning.text)),
    truncated: beginning.truncated
  };
}
