import type { NotebookPanel } from '@jupyterlab/notebook';
import telemetry from '../../plugins/telemetry';
import type { Runtime } from '../../runtime/runtime';
import type { ITelemetry } from '../../tokens';
import { JOHN, makeSession, SAMPLES, until } from '../fakes';
import {
  RuntimeStage,
  showAgain,
  STUDENT_KEY,
  tellOfStudent
} from './runtimestage';

let stage: RuntimeStage;
let runtime: Runtime;

beforeEach(() => {
  stage = new RuntimeStage();
});

afterEach(() => jest.restoreAllMocks());

describe('the runtime plugin', () => {
  it('answers at once, and loads nothing before it is asked', async () => {
    const loader = stage.makeLoader(() => new Promise(() => undefined));
    const first = await Promise.race([loader.loaded, Promise.resolve('not')]);
    expect(first).toBe('not');
  });

  it('loads once however many ask', async () => {
    const loader = stage.makeLoader();
    const [one, other] = await Promise.all([loader.load(), loader.load()]);
    expect(one).toBe(other);
    expect(await loader.loaded).toBe(one);
    expect(await loader.load()).toBe(one);
  });

  it('takes the server’s token out of what is captured', async () => {
    runtime = await stage.load();
    const captured: unknown[] = [];
    runtime.recorder.recorded.connect((_, { properties }) =>
      captured.push(properties)
    );
    runtime.recorder.record(makeSession(), {
      name: 'said',
      properties: { text: 'a server-token b' },
      isCustom: true
    });
    expect(captured).toEqual([{ text: 'a … b' }]);
  });

  it('records nothing without settings, asks nobody, and says so', async () => {
    const error = jest.spyOn(console, 'error').mockReturnValue();
    localStorage.setItem(STUDENT_KEY, '{"first": "John", "last": "Doe"}');
    const loader = stage.makeLoader(() =>
      Promise.reject(new Error('no schema'))
    );
    runtime = await loader.load();
    const ask = jest.spyOn(runtime.identity, 'ask');
    const students: unknown[] = [];
    Object.defineProperty(runtime.attachments, 'student', {
      set: student => students.push(student)
    });
    const attach = jest.spyOn(runtime.attachments, 'attach').mockReturnValue();
    runtime.attach({} as NotebookPanel);
    // For the kernel side, whose names cells use.
    expect(attach).toHaveBeenCalledTimes(1);
    tellOfStudent();
    expect(runtime.canRecord).toBe(false);
    expect(ask).not.toHaveBeenCalled();
    showAgain();
    expect(students.length).toBeGreaterThan(0);
    expect(students.every(student => student === null)).toBe(true);
    expect(stage.notifications).toEqual([
      expect.stringMatching(/off.*administrator.*telemetry doctor/)
    ]);
    expect(error).toHaveBeenCalledTimes(1);
    error.mockRestore();
  });
});

describe('the page', () => {
  it('is left: sessions end, and what waits is handed to the browser', async () => {
    runtime = await stage.load();
    const students: unknown[] = [];
    const leave = jest.spyOn(runtime.delivery, 'leave');
    const told = (student: unknown): number =>
      students.push([student, leave.mock.calls.length]);
    Object.defineProperty(runtime.attachments, 'student', { set: told });
    jest.spyOn(runtime.attachments, 'leave').mockImplementation(() => {
      told(null);
    });
    jest.spyOn(runtime.identity, 'student', 'get').mockReturnValue(JOHN);
    window.dispatchEvent(new Event('pagehide'));
    expect(students).toEqual([[null, 0]]);
    expect(leave).toHaveBeenCalledTimes(1);

    showAgain();
    expect(students).toEqual([
      [null, 0],
      [JOHN, 1]
    ]);
  });
});

it('that comes out of the browser’s cache records the student of by now', async () => {
  localStorage.setItem(STUDENT_KEY, '{"first": "John", "last": "Doe"}');
  runtime = await stage.load();
  expect(runtime.identity.student).toEqual(JOHN);
  // By another page, which cannot tell this one.
  localStorage.setItem(STUDENT_KEY, '{"first": "Ann", "last": "Lee"}');
  showAgain();
  expect(runtime.identity.student?.id).toBe('ANN_LEE');
});

describe('the telemetry plugin', () => {
  it('is silent before anything is loaded, and passes on what happens then', async () => {
    const loader = stage.makeLoader();
    const service = telemetry.activate(stage.app, loader) as ITelemetry;
    expect(service.student).toBeNull();
    expect(service.capture({} as never, 'quiz')).toBe(false);

    const loaded = await loader.load();
    await Promise.resolve();
    const captured: string[] = [];
    const students: unknown[] = [];
    service.captured.connect((_, { event_type }) => captured.push(event_type));
    service.studentChanged.connect((_, student) => students.push(student));
    loaded.recorder.record(makeSession(), {
      name: 'blur',
      properties: SAMPLES.blur
    });
    expect(captured).toEqual(['blur']);

    localStorage.setItem(STUDENT_KEY, '{"first": "John", "last": "Doe"}');
    tellOfStudent();
    expect(service.student).toEqual(JOHN);
    expect(students).toEqual([JOHN]);
    expect(service.capture({ context: {} } as never, 'quiz')).toBe(false);
  });

  it('tells how the delivery fares', async () => {
    const loader = stage.makeLoader();
    const service = telemetry.activate(stage.app, loader) as ITelemetry;
    expect(service.health).toBeNull();
    const { delivery, recorder } = await loader.load();
    await Promise.resolve();
    expect(service.health).toEqual(delivery.health);
    const told: number[] = [];
    service.healthChanged.connect((_, { delivered }) => told.push(delivered));
    recorder.record(makeSession(), { name: 'blur', properties: SAMPLES.blur });
    await delivery.sendNow();
    await until(() => told.includes(1));
    expect(service.health).toMatchObject({ waiting: 0, delivered: 1 });
  });
});
