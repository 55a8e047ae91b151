import type { AnswerName } from '../../classview/answers';
import { START } from '../../classview/model/address';
import { ClassClient } from '../../classview/model/client';
import { ClassModel } from '../../classview/model/model';
import { paceOf } from '../../classview/model/pace';
import { english } from '../../classview/trans';
import { classOf, envelopeOf } from './classfixture';

const NOW = Date.UTC(2026, 10, 29, 14, 30);
const { answers } = classOf(30, 5, NOW);

let rev = 12;
let isAway = false;
let asked: string[] = [];
let held: Promise<void> = Promise.resolve();

async function send(path: string): Promise<Response> {
  asked.push(path);
  await held;
  if (isAway) {
    throw new TypeError('Failed to fetch');
  }
  const [name, query] = path.split('?');
  const since = new URLSearchParams(query).get('since');
  const body =
    name === 'changes'
      ? { rev }
      : envelopeOf(name as AnswerName, answers[name as AnswerName], NOW, rev);
  const status = name === 'changes' && since === String(rev) ? 204 : 200;
  return { ok: true, status, json: () => Promise.resolve(body) } as Response;
}

let model: ClassModel;

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
  [rev, isAway, asked, held] = [12, false, [], Promise.resolve()];
  model = new ClassModel(new ClassClient(send, english), START, english);
});

afterEach(() => {
  jest.useRealTimers();
});

const since = (count: number): string[] => asked.slice(count);

describe('the model', () => {
  it('asks for what is on the screen, and then only whether there is anything new', async () => {
    const leave = model.want('progress');
    await model.refresh();
    expect(asked).toEqual(['overview?', 'progress?']);
    expect(model.get('progress').result).toEqual(answers.progress);
    await model.refresh();
    expect(since(2)).toEqual(['changes?since=12']);
    rev = 13;
    await model.refresh();
    expect(since(3)).toEqual(['changes?since=12', 'overview?', 'progress?']);
    leave();
    rev = 14;
    await model.refresh();
    expect(since(6)).toEqual(['changes?since=13', 'overview?']);
  });

  it('asks again for what is about now, after a while', async () => {
    await model.refresh();
    jest.setSystemTime(NOW + 15_000);
    await model.refresh();
    expect(since(1)).toEqual(['changes?since=12', 'overview?']);
  });

  it('keeps the last state of a server that is away, and says so', async () => {
    await model.refresh();
    isAway = true;
    jest.setSystemTime(NOW + 60_000);
    await expect(model.refresh()).rejects.toThrow('The server is away');
    expect(model.away).toBe('The server is away');
    expect(model.updatedAt).toBe(NOW);
    expect(model.overview).toEqual(answers.overview);
    isAway = false;
    await model.refresh();
    expect(model.away).toBe('');
  });

  it('shows no figures of one group under the name of another', async () => {
    model.want('progress');
    await model.refresh();
    model.go({ group: 'B' });
    expect(model.get('progress').result).toBeNull();
    await model.refresh();
    expect(since(2)).toEqual(['overview?group=B', 'progress?group=B']);
  });

  it('keeps what is shown while a replay moves', async () => {
    await model.refresh();
    model.go({ sinceMs: NOW - 1_000, untilMs: NOW });
    expect(model.overview).not.toBeNull();
  });

  it('asks at once for what was left while the class went on', async () => {
    const leave = model.want('progress');
    await model.refresh();
    leave();
    rev = 13;
    await model.refresh();
    const count = asked.length;
    const wanted = jest.fn();
    model.wanted.connect(wanted);
    model.want('progress');
    expect(wanted).toHaveBeenCalled();
    await model.refresh();
    expect(since(count)).toEqual(['changes?since=13', 'progress?']);
  });

  it('keeps the answers of the views, and none about what was opened and is closed', async () => {
    const student = { student: 'STUDENT_A1' };
    const leave = [model.want('progress'), model.want('student', student)];
    await model.refresh();
    expect(model.get('student', student).result).not.toBeNull();
    leave.forEach(stop => stop());
    await model.refresh();
    expect(model.get('student', student).result).toBeNull();
    expect(model.get('progress').result).not.toBeNull();
  });

  it('keeps what an answer says again, so that it is not drawn again', async () => {
    model.want('progress');
    await model.refresh();
    const { result } = model.get('progress');
    const { names } = model;
    rev = 13;
    await model.refresh();
    expect(asked.filter(path => path === 'progress?')).toHaveLength(2);
    expect(model.get('progress').result).toBe(result);
    expect(model.names).toBe(names);
  });

  it('closes a part with what it is a part of', () => {
    const at = { notebook: 'D1', exercise: 'one', part: 'two' } as const;
    model.go(at);
    model.go({ student: 'ANN', exercise: 'one', session: 'x' });
    expect(model.address).toMatchObject({ ...at, session: 'x' });
    model.go({ student: 'BEN' });
    expect(model.address).toMatchObject({ part: 'two', session: null });
    model.go({ exercise: 'two' });
    expect(model.address.part).toBeNull();
    const time = { fromMs: NOW - 1_000, toMs: NOW };
    model.go({ ...time, only: 'runs' });
    expect(model.address).toMatchObject({ ...time, only: 'runs' });
    model.go({ student: 'CLEO' });
    expect(model.address).toMatchObject({
      fromMs: null,
      toMs: null,
      only: null
    });
    model.go({ student: 'DAN', only: 'errors' });
    expect(model.address.only).toBe('errors');
  });

  it('drops an answer to a question that is no longer asked', async () => {
    let release = (): void => undefined;
    held = new Promise(resolve => {
      release = resolve;
    });
    const looking = model.refresh();
    model.go({ group: 'B' });
    release();
    await looking;
    expect(model.overview).toBeNull();
    await model.refresh();
    expect(since(1)).toEqual(['overview?group=B']);
  });
});

describe('the pace', () => {
  it.each([
    [0, 2],
    [4, 2],
    [5, 15],
    [29, 15],
    [30, 60],
    [600, 60]
  ])('after %d minutes without a touch is %d seconds', (minutes, seconds) => {
    expect(paceOf(minutes * 60_000)).toBe(seconds * 1_000);
  });
});
