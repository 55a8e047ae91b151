import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import { SettingRegistry } from '@jupyterlab/settingregistry';
import schema from '../../../schema/plugin.json';
import type { ITelemetrySettings } from '../../runtime/settings';
import { readSettings, valuesInForce } from '../../runtime/settings';
import { trans } from '../fakes';

const PLUGIN = 'ipynb-telemetry:plugin';
const SCHOOL = 'phc_of_the_school';

type Values = Record<string, unknown>;

/** JupyterLab's own registry over what the server answers. */
function loadSettings(
  overrides: Values,
  user: Values
): Promise<ISettingRegistry.ISettings> {
  const ours = JSON.parse(JSON.stringify(schema)) as ISettingRegistry.ISchema;
  const { properties = {} } = ours;
  for (const [name, value] of Object.entries(overrides)) {
    // As the server does it: members of an object one by one.
    const before = properties[name].default;
    properties[name].default = (
      typeof before === 'object' ? { ...before, ...(value as object) } : value
    ) as ISettingRegistry.IProperty['default'];
  }
  let raw = JSON.stringify(user);
  const fetch = (): Promise<ISettingRegistry.IPlugin> =>
    Promise.resolve({
      id: PLUGIN,
      raw,
      schema: ours,
      version: '0',
      data: { composite: {}, user: {} }
    });
  const save = (_: string, value: string): Promise<void> => {
    raw = value;
    return Promise.resolve();
  };
  const connector = { fetch, save };
  return new SettingRegistry({
    connector: connector as unknown as SettingRegistry.IOptions['connector']
  }).load(PLUGIN);
}

const inForce = (settings: ISettingRegistry.ISettings): ITelemetrySettings =>
  readSettings(valuesInForce(settings), trans);

const LOCKED = {
  locked: true,
  projectKey: SCHOOL,
  captureCode: false,
  events: { blur: false }
};

describe('settings', () => {
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
    settings.changed.connect(changed);
    await settings.set('captureCode', true);
    await settings.set('events', { blur: true });
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

  it('with a value of the wrong kind do not load', async () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    await expect(loadSettings({}, { captureCode: 'no' })).rejects.toBeDefined();
    warn.mockRestore();
  });

  it.each([[{}], [{ properties: {} }], [{ properties: { locked: {} } }]])(
    'are those of the user where the schema is %j',
    schema => {
      const composite = { captureCode: false };
      expect(valuesInForce({ composite, schema })).toBe(composite);
    }
  );
});
