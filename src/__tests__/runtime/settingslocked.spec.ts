import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { SettingRegistry } from '@jupyterlab/settingregistry';
import schema from '../../../schema/plugin.json';
import type { ITelemetrySettings } from '../../runtime/settings';
import { readSettings } from '../../runtime/settings';
import { WrittenSettings } from '../../runtime/writtensettings';
import { trans } from '../fakes';
import { overridden } from '../settingssource';

const PLUGIN = 'ipynb-telemetry:plugin';
const SCHOOL = 'phc_of_the_school';

type Values = Record<string, unknown>;

/** JupyterLab's own registry over what the server answers, and the settings as it has them. */
async function loadSettings(overrides: Values, user: Values): Promise<ILoaded> {
  let raw = JSON.stringify(user);
  const connector = {
    fetch: () => Promise.resolve(overridden(overrides, raw)),
    save: (_: string, value: string): Promise<void> => {
      raw = value;
      return Promise.resolve();
    }
  };
  const registry = new SettingRegistry({
    connector: connector as unknown as SettingRegistry.IOptions['connector']
  });
  const written = new WrittenSettings(trans);
  registry.transform(PLUGIN, { fetch: written.fetch });
  return { settings: await registry.load(PLUGIN), written };
}

interface ILoaded {
  readonly settings: ISettingRegistry.ISettings;
  readonly written: WrittenSettings;
}

const inForce = ({ settings, written }: ILoaded): ITelemetrySettings =>
  readSettings({ properties: written.properties, user: settings.user });

const LOCKED = {
  locked: true,
  projectKey: SCHOOL,
  captureCode: false,
  events: { blur: false }
};

describe('settings', () => {
  it('leave secrets in only where an administrator has locked that', async () => {
    for (const [locked, keepSecrets] of [
      [false, true],
      [true, false],
      [true, true]
    ]) {
      const settings = await loadSettings(
        { locked, keepSecrets },
        { keepSecrets: true }
      );
      expect(inForce(settings).keepSecrets).toBe(locked && keepSecrets);
    }
  });

  it('record no code and no output where nobody can tell what is a secret', async () => {
    const settings = await loadSettings({ secretPatterns: '(a+)+$' }, {});
    expect(inForce(settings)).toMatchObject({
      captureCode: false,
      captureOutput: false,
      secretPatterns: ''
    });
  });

  it('of a user hold where nobody locked them', async () => {
    const settings = await loadSettings(
      { captureCode: false, maxCharacters: 500, events: { blur: false } },
      { captureCode: true, events: { focus: false } }
    );
    expect(inForce(settings)).toMatchObject({
      captureCode: true,
      maxCharacters: 500,
      disabledEvents: new Set(['focus'])
    });
  });

  it('of an administrator hold where the user has none', async () => {
    const { locked, ...unlocked } = LOCKED;
    const open = inForce(await loadSettings(unlocked, {}));
    expect(open).toMatchObject({
      destination: { kind: 'posthog', key: SCHOOL },
      captureCode: false,
      disabledEvents: new Set(['blur'])
    });
    expect(inForce(await loadSettings(LOCKED, {}))).toEqual(open);
  });

  it('of an administrator who locked them are the last word', async () => {
    const settings = await loadSettings(LOCKED, {
      projectKey: 'phc_of_somebody_else',
      captureCode: true,
      privacyNotice: 'Nothing is recorded.',
      events: { blur: true, paste: false },
      locked: false
    });
    expect(inForce(settings)).toEqual(inForce(await loadSettings(LOCKED, {})));
    // The lesson goes on under the same rules, whatever is changed meanwhile.
    const changed = jest.fn();
    const { changed: signal } = settings.settings;
    signal.connect(changed);
    await settings.settings.set('captureCode', true);
    await settings.settings.set('events', { blur: true });
    expect(changed).toHaveBeenCalled();
    expect(inForce(settings)).toMatchObject({
      captureCode: false,
      disabledEvents: new Set(['blur'])
    });
  });

  it('cannot be locked by a user', async () => {
    const settings = await loadSettings(
      { captureCode: false },
      { locked: true, captureCode: true }
    );
    expect(inForce(settings).captureCode).toBe(true);
  });

  it('with a value of the wrong kind load, and close what it is of', async () => {
    const loaded = await loadSettings(
      { captureOutput: 'false', captureCodes: false, events: { blur: 'no' } },
      {}
    );
    expect(inForce(loaded)).toMatchObject({
      captureCode: false,
      captureOutput: false,
      disabledEvents: new Set(['blur'])
    });
    // The Settings Editor has a control for each setting, and for nothing else.
    const { properties = {} } = loaded.settings.schema;
    expect(Object.keys(properties)).toEqual(
      Object.keys(schema.properties).filter(name => name !== 'locked')
    );
    // What a user has set since stands, where the administrator leaves that open.
    await loaded.settings.set('captureOutput', true);
    expect(inForce(loaded)).toMatchObject({
      captureCode: false,
      captureOutput: true
    });
  });

  it('with a name of no setting load, and close what it may have meant', async () => {
    const loaded = await loadSettings(
      {},
      { captureOutputs: false, lock: true }
    );
    expect(inForce(loaded)).toMatchObject({
      captureOutput: false,
      faults: [{ isOwn: true }, { isOwn: true }]
    });
  });

  it('say in the Settings Editor that an administrator has locked them', async () => {
    for (const locked of [true, 'true']) {
      const { settings } = await loadSettings({ locked }, {});
      expect(settings.schema.description).toContain('has locked');
    }
    const { settings } = await loadSettings({}, {});
    expect(settings.schema.description).toBe(schema.description);
  });
});
