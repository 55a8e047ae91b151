import { Notification } from '@jupyterlab/apputils';
import type { NotebookAttachment } from '../../notebook/attachment';
import { Retention } from '../../delivery/outbox/retention';
import { toRow } from '../../delivery/wire';
import type { Runtime } from '../../runtime/runtime';
import { settled, wireEvent } from '../deliverystage';
import { makeSession, SAMPLES, until } from '../fakes';
import { RuntimeStage, sendFrom } from './runtimestage';

/** What a relay says of itself. */
const RELAY = {
  waiting: 0,
  set_aside: 3,
  problem: null,
  last_contact: null,
  next_attempt: null
};
const KEY = 'phc_0123456789';

let stage: RuntimeStage;
let runtime: Runtime;

beforeEach(() => {
  stage = new RuntimeStage();
});

afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

const send = (): Promise<[url: string, init: RequestInit]> =>
  sendFrom(stage, runtime);

describe('the settings', () => {
  it('without a key keep events on the Jupyter server, with its token', async () => {
    runtime = await stage.load();
    const [url, init] = await send();
    // JupyterLab adds the time, against caches.
    expect(url.split('?')[0]).toBe(
      'http://hub.example/user/ann/ipynb-telemetry/batch/'
    );
    expect((init.headers as Headers).get('Authorization')).toBe(
      'token server-token'
    );
  });

  it('with a key send to PostHog, without cookies or the token', async () => {
    stage.settings.user = { projectKey: KEY };
    runtime = await stage.load();
    const [url, init] = await send();
    expect(url).toBe('https://us.i.posthog.com/batch/');
    expect(init.credentials).toBe('omit');
    expect(JSON.stringify(init)).not.toContain('server-token');
    expect(init.body).toContain(KEY);
  });

  it('with a key and the relay send to this server, and say nothing of where to', async () => {
    stage.settings.user = { projectKey: KEY, relay: true };
    runtime = await stage.load();
    const [url, init] = await send();
    // Ad blockers look for the host's name in whole addresses.
    expect(url).toMatch(
      /^http:\/\/hub\.example\/user\/ann\/ipynb-telemetry\/relay\/batch\/\?\d+$/
    );
    expect((init.headers as Headers).get('Authorization')).toBe(
      'token server-token'
    );
    const body = await (init as unknown as Request).text();
    expect(JSON.parse(body)).toEqual({
      api_key: 'embedded',
      sent_at: expect.any(String) as string,
      batch: [expect.objectContaining({ event: 'blur' })]
    });
    expect(body).not.toMatch(/posthog\.com|phc_/);
    expect(runtime.whereabouts.words).toMatch(/posthog\.com.*Jupyter server/);
  });

  it('apply without a reload', async () => {
    runtime = await stage.load();
    expect((await send())[0]).toContain('hub.example');
    jest.useFakeTimers();
    stage.settings.set({ projectKey: KEY, host: 'https://eu.i.posthog.com' });
    jest.advanceTimersByTime(5_000);
    expect((await send())[0]).toBe('https://eu.i.posthog.com/batch/');
    expect(runtime.whereabouts.words).toContain('eu.i.posthog.com');
    stage.settings.set({ projectKey: '' });
    jest.advanceTimersByTime(5_000);
    expect((await send())[0]).toContain('hub.example');
    expect(runtime.whereabouts.words).toContain('this Jupyter server');
    jest.useRealTimers();
    stage.settings.set({ captureCode: false });
    expect(runtime.recorder.rules.captureCode).toBe(false);
  });

  it('that are half typed send nothing anywhere', async () => {
    stage.settings.user = { projectKey: KEY };
    runtime = await stage.load();
    const before = await send();
    for (const projectKey of ['', 'phx_secret']) {
      stage.settings.set({ projectKey });
      expect(await send()).toEqual(before);
    }
    await until(() => stage.notifications.length > 0);
    expect(stage.notifications).toHaveLength(1);
    expect(stage.notifications[0]).toMatch(/phx_.*wait in the browser/s);
    expect(runtime.whereabouts.words).toContain('us.i.posthog.com');
  });

  it('that are refused are told of once, and keep events here', async () => {
    stage.settings.user = { projectKey: 'phx_secret' };
    runtime = await stage.load();
    stage.settings.set({ projectKey: 'phx_secret', captureCode: false });
    await until(() => stage.notifications.length > 0);
    expect(stage.notifications).toHaveLength(1);
    expect(stage.notifications[0]).toMatch(/phx_.*stay on this server/s);
    expect(stage.notifications[0]).not.toContain('phx_secret');
    expect((await send())[0]).toContain('hub.example');
  });

  it('that are corrected are complained of no more, and confirmed', async () => {
    stage.settings.user = { projectKey: 'phx_secret' };
    runtime = await stage.load();
    await until(() => stage.notifications.length > 0);
    expect(stage.notifications).toHaveLength(1);
    jest.useFakeTimers();
    stage.settings.set({ projectKey: KEY });
    expect(stage.notifications).toEqual([]);
    jest.advanceTimersByTime(5_000);
    expect(stage.notifications).toEqual([
      'Saved: events go to https://us.i.posthog.com.'
    ]);
    // Another setting says nothing of where events go.
    Notification.dismiss();
    stage.settings.set({ projectKey: KEY, captureCode: false });
    jest.advanceTimersByTime(5_000);
    expect(stage.notifications).toEqual([]);
  });

  it('are read again when a test event is tried again', async () => {
    stage.settings.user = { projectKey: KEY };
    runtime = await stage.load();
    stage.fetch.mockImplementation(() =>
      Promise.resolve(new Response('', { status: 401 }))
    );
    await runtime.trial.send();
    stage.settings.set({ projectKey: 'phc_corrected' });
    const told = Notification.manager.notifications.find(({ message }) =>
      message.includes('not taken')
    );
    stage.fetch.mockClear();
    told?.options.actions?.[0].callback(new MouseEvent('click'));
    await until(() => stage.fetch.mock.calls.length > 0);
    expect(stage.fetch.mock.calls[0][1]?.body).toContain('phc_corrected');
  });

  it('of an administrator that are misspelt are told of, and closed', async () => {
    stage.overrides = { captureOutputs: false };
    runtime = await stage.load();
    await until(() => stage.notifications.length > 0);
    expect(stage.notifications).toEqual([
      'For the administrator: captureOutputs is no setting; did you mean captureOutput? Until that is corrected, no output is recorded.'
    ]);
    expect(runtime.recorder.rules.captureOutput).toBe(false);
    expect(runtime.canRecord).toBe(true);
  });

  it('that do not say what students are told record nothing until they do', async () => {
    stage.overrides = { privacyNotice: ['Nobody reads it.'] };
    runtime = await stage.load();
    expect(runtime.canRecord).toBe(false);
    await until(() => stage.notifications.length > 0);
    expect(stage.notifications[0]).toMatch(/must be a text.*nothing is/);
    jest.spyOn(runtime.attachments, 'size', 'get').mockReturnValue(1);
    jest
      .spyOn(runtime.attachments, 'all', 'get')
      .mockReturnValue([{ course: 'a', notebook: 'b' } as NotebookAttachment]);
    const ask = jest
      .spyOn(runtime.identity, 'ask')
      .mockReturnValue(new Promise(() => undefined));
    const told = jest.fn();
    runtime.attachments.changed.connect(told);
    stage.settings.set({ privacyNotice: 'Nobody reads it.' });
    expect(runtime.canRecord).toBe(true);
    // What shows whether anything is recorded, and the student who was not asked.
    expect(told).toHaveBeenCalledTimes(1);
    await until(() => ask.mock.calls.length > 0);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(stage.notifications).toEqual([]);
  });

  it('switch an event off, and use up no number for it', async () => {
    stage.settings.user = { events: { blur: false, quiz_done: false } };
    runtime = await stage.load();
    const session = makeSession();
    expect(
      runtime.recorder.record(session, {
        name: 'blur',
        properties: SAMPLES.blur
      })
    ).toBe(false);
    expect(
      runtime.recorder.record(session, {
        name: 'quiz_done',
        properties: {},
        isCustom: true
      })
    ).toBe(false);
    expect(
      runtime.recorder.record(session, {
        name: 'focus',
        properties: SAMPLES.focus
      })
    ).toBe(true);
    expect(session.nextSeq()).toBe(2);
    stage.settings.set({ events: { blur: true } });
    expect(
      runtime.recorder.record(session, {
        name: 'blur',
        properties: SAMPLES.blur
      })
    ).toBe(true);
  });

  it('that are edited before any notebook opens are judged at once', async () => {
    stage.makeLoader();
    await settled();
    stage.settings.set({ projectKey: 'phx_secret' });
    await until(() => stage.notifications.length > 0);
    expect(stage.notifications[0]).toContain('phx_');
  });
});

it('the first change of which loads it send nothing before they are left alone', async () => {
  const loader = stage.makeLoader();
  await settled();
  stage.settings.set({ projectKey: 'phc_h', relay: true });
  runtime = await loader.loaded;
  runtime.recorder.record(makeSession(), {
    name: 'blur',
    properties: SAMPLES.blur
  });
  await runtime.delivery.sendNow();
  expect(stage.fetch).not.toHaveBeenCalled();
  stage.settings.set({ projectKey: KEY, relay: true });
  await until(() => stage.fetch.mock.calls.length > 0);
  const [request] = stage.fetch.mock.calls[0];
  expect((request as Request).url).toContain('/relay/batch/');
  expect(await (request as Request).text()).toContain('"event":"blur"');
}, 60_000);

describe('the relay', () => {
  it('is asked how it fares while a flagged notebook is open', async () => {
    const asked = (): number =>
      stage.fetch.mock.calls.filter(([request]) =>
        (request as Request).url.includes('/ipynb-telemetry/relay/status')
      ).length;
    stage.fetch.mockImplementation(() =>
      Promise.resolve(Response.json({ status: 1, ...RELAY }))
    );
    stage.settings.user = { projectKey: KEY, relay: true };
    jest.useFakeTimers();
    runtime = await stage.load();
    const size = jest.spyOn(runtime.attachments, 'size', 'get');
    for (const [count, times] of [
      [0, 0],
      [1, 1],
      [0, 1]
    ]) {
      size.mockReturnValue(count);
      runtime.recorder.record(makeSession(), {
        name: 'blur',
        properties: SAMPLES.blur
      });
      await jest.advanceTimersByTimeAsync(10_000);
      expect(asked()).toBe(times);
    }
    expect(runtime.delivery.health.relay).toMatchObject({ setAside: 3 });
  });
});

describe('events that are given up', () => {
  it.each([
    [true, ['blur', 'events_dropped']],
    [false, ['blur']]
  ])(
    'are told of, unless that is switched off (%j)',
    async (isOn, expected) => {
      jest.spyOn(console, 'warn').mockReturnValue();
      stage.settings.user = { events: { events_dropped: isOn } };
      stage.fetch.mockImplementation(() =>
        Promise.resolve(new Response('', { status: 503 }))
      );
      runtime = await stage.load();
      const captured: string[] = [];
      runtime.recorder.recorded.connect((_, { event_type }) =>
        captured.push(event_type)
      );
      const { uuid, ...event } = wireEvent('lost');
      const properties = { session_id: 'x', notebook: 'D1', seq: 1 };
      jest
        .spyOn(Retention.prototype, 'trim')
        .mockResolvedValueOnce([toRow({ uuid, ...event, properties })]);
      runtime.recorder.record(makeSession(), {
        name: 'blur',
        properties: SAMPLES.blur
      });
      await runtime.delivery.sendNow();
      expect(captured).toEqual(expected);
    }
  );
});
