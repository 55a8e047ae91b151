import { Dialog } from '@jupyterlab/apputils';
import { PromiseDelegate } from '@lumino/coreutils';
import type { Runtime } from '../../runtime/runtime';
import { makeSession, SAMPLES, until } from '../fakes';
import { RuntimeStage, STUDENT_KEY } from './runtimestage';

let stage: RuntimeStage;
let runtime: Runtime;

beforeEach(() => {
  stage = new RuntimeStage();
});

afterEach(() => Dialog.flush());

describe('JupyterLite', () => {
  beforeEach(() => {
    const script = document.createElement('script');
    script.type = 'application/json';
    script.dataset.jupyterLiteRoot = '..';
    document.head.append(script);
  });

  afterEach(() => document.head.replaceChildren());

  async function capture(): Promise<void> {
    runtime.recorder.record(makeSession(), {
      name: 'blur',
      properties: SAMPLES.blur
    });
    await runtime.delivery.sendNow();
    runtime.delivery.leave();
    await Promise.resolve();
  }

  it('has no server: without a key nothing is sent, and all can be had', async () => {
    runtime = await stage.load();
    expect(runtime.whereabouts.keptAt).toBe('browser');
    expect(runtime.whereabouts.words).toBe(
      'Your records stay in this browser.'
    );
    await capture();
    expect(stage.fetch).not.toHaveBeenCalled();
    const { waiting } = await runtime.delivery.undelivered();
    expect(waiting.map(({ event }) => event)).toEqual(['blur']);
    expect(runtime.delivery.health).toMatchObject({
      problem: null,
      nextAttempt: null
    });
  });

  it('sends what waited as soon as there is a key, and never through a server', async () => {
    runtime = await stage.load();
    await capture();
    stage.settings.set({ projectKey: 'phc_0123456789', relay: true });
    await until(() => stage.fetch.mock.calls.length > 0);
    const [url, init] = stage.fetch.mock.calls[0];
    expect(url).toBe('https://us.i.posthog.com/batch/');
    expect(init?.body).toContain('"blur"');
    expect(runtime.whereabouts.keptAt).toBeNull();
    // So there is no way around.
    expect(runtime.whereabouts.isDirect).toBe(false);
  });

  it('says where events stay when the key is refused', async () => {
    stage.settings.user = { projectKey: 'phx_secret' };
    runtime = await stage.load();
    expect(stage.notifications).toEqual([
      expect.stringMatching(/phx_.*stay in this browser/s)
    ]);
    await capture();
    expect(stage.fetch).not.toHaveBeenCalled();
  });
});

it.each([
  [{}, false],
  [{ projectKey: 'phc_0123456789' }, true],
  [{ projectKey: 'phc_0123456789', relay: true }, false]
])('sends to PostHog itself with %j: %s', async (settings, isDirect) => {
  stage.settings.user = settings;
  runtime = await stage.load();
  expect(runtime.whereabouts.isDirect).toBe(isDirect);
});

describe('the name of the account', () => {
  const click = (selector: string): void =>
    document.querySelector<HTMLElement>(`.jp-Dialog ${selector}`)?.click();
  const dialog = (): string =>
    document.querySelector('.jp-Dialog')?.textContent ?? '';

  function signIn(username: string, name = username): void {
    stage.user.identity = { username, name };
  }

  it('stands for the one students type, once they have read what is recorded', async () => {
    stage.settings.user = {
      identity: 'jupyter-user',
      privacyNotice: 'Your runs are recorded.'
    };
    signIn('ann.lee');
    runtime = await stage.load();
    expect(runtime.identity.student).toBeNull();
    void runtime.identity.ask();
    await until(() => dialog().includes('ANN_LEE'));
    expect(dialog()).toMatch(
      /Your runs are recorded\. Your records stay on this/
    );
    click('.jp-mod-accept');
    await until(() => runtime.identity.student !== null);
    expect(runtime.identity.student).toEqual({
      id: 'ANN_LEE',
      name: 'ANN-LEE'
    });
    // Read once is enough.
    runtime = await stage.load();
    expect(runtime.identity.student?.id).toBe('ANN_LEE');
  });

  it('is declined as any name is', async () => {
    stage.settings.user = { identity: 'jupyter-user' };
    signIn('ann.lee');
    runtime = await stage.load();
    void runtime.identity.ask();
    await until(() => dialog().includes('ANN_LEE'));
    click('.jp-mod-reject');
    await until(() => runtime.identity.declined);
    expect(runtime.identity.student).toBeNull();
  });

  it('begins the dialog where it will not do', async () => {
    stage.settings.user = { identity: 'jupyter-user' };
    signIn('ann42');
    runtime = await stage.load();
    void runtime.identity.ask();
    const value = (name: string): string | undefined =>
      document.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value;
    await until(() => value('first') !== undefined);
    expect([value('first'), value('last')]).toEqual(['Ann', '']);
    click('.jp-mod-reject');
    await until(() => runtime.identity.declined);
  });

  it('is waited for, and a name remembered from before counts no more', async () => {
    localStorage.setItem(STUDENT_KEY, '{"first": "John", "last": "Doe"}');
    stage.settings.user = { identity: 'jupyter-user' };
    const ready = new PromiseDelegate<void>();
    stage.user.ready = ready.promise;
    const loading = stage.load();
    signIn('ann.lee');
    ready.resolve();
    runtime = await loading;
    expect(runtime.identity.student).toBeNull();
    stage.settings.set({ identity: 'prompt' });
    expect(runtime.identity.student?.id).toBe('JOHN_DOE');
    stage.settings.set({ identity: 'jupyter-user' });
    expect(runtime.identity.student).toBeNull();
  });

  it('does not count by default, nor where nobody can be found out', async () => {
    localStorage.setItem(STUDENT_KEY, '{"first": "John", "last": "Doe"}');
    signIn('ann.lee');
    runtime = await stage.load();
    expect(runtime.identity.student?.id).toBe('JOHN_DOE');

    stage.settings.user = { identity: 'jupyter-user' };
    stage.user.identity = null;
    stage.user.ready = Promise.reject(new Error('no server'));
    // Jest minds one that nobody has looked at yet.
    stage.user.ready.catch(() => undefined);
    runtime = await stage.load();
    expect(runtime.identity.student?.id).toBe('JOHN_DOE');
  });
});
