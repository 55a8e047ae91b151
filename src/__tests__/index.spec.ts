import { jupyterlab } from '../../package.json';
import schema from '../../schema/plugin.json';
import { IRuntimeLoader } from '../plugins/loader';
import { ITelemetry } from '../tokens';
import plugins from '..';

describe('the plugins', () => {
  it('are these, and start by themselves', () => {
    expect(plugins.map(({ id, autoStart }) => [id, autoStart])).toEqual([
      ['ipynb-telemetry:plugin', true],
      ['ipynb-telemetry:telemetry', true],
      ['ipynb-telemetry:notebook', true],
      ['ipynb-telemetry:activity', true],
      ['ipynb-telemetry:class-view', true]
    ]);
  });

  it('provide the loader and the service, each once', () => {
    const provided = plugins.flatMap(({ provides }) => provides ?? []);
    expect(provided).toEqual([IRuntimeLoader, ITelemetry]);
  });

  it('say what they are for', () => {
    for (const { description } of plugins) {
      expect(description).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('have settings under the name of the one that loads them', () => {
    expect(jupyterlab.schemaDir).toBe('schema');
    expect(schema.title).toBe('Student Telemetry');
  });
});
