import type { DocumentRegistry } from '@jupyterlab/docregistry';
import type { INotebookModel } from '@jupyterlab/notebook';
import samples from '../../../conformance/rules/notebook_ids.json';
import {
  defaultNotebookId,
  flagOf,
  readFlag,
  refuseNotebookId
} from '../../notebook/flag';

const PATH = 'course/D1_Python_Tooling.ipynb';

describe('readFlag', () => {
  it('is off, and well so, without a flag', () => {
    expect(readFlag(undefined, PATH)).toEqual({ enabled: false });
  });

  it('is on with the id of the flag', () => {
    expect(readFlag({ enabled: true, notebook: 'D1' }, PATH)).toEqual({
      enabled: true,
      notebook: 'D1'
    });
  });

  it('is on with the name of the file', () => {
    expect(readFlag({ enabled: true }, PATH)).toEqual({
      enabled: true,
      notebook: 'D1_Python_Tooling'
    });
  });

  it('is off when it says so', () => {
    expect(readFlag({ enabled: false, notebook: 'D1' }, PATH)).toEqual({
      enabled: false
    });
  });

  it.each([
    [null, 'ipynb_telemetry'],
    [true, 'ipynb_telemetry'],
    ['on', 'ipynb_telemetry'],
    [1, 'ipynb_telemetry'],
    [[true], 'ipynb_telemetry'],
    [{}, 'enabled'],
    [{ notebook: 'D1' }, 'enabled'],
    [{ enabled: 'true' }, 'enabled'],
    [{ enabled: 1 }, 'enabled'],
    [{ enabled: null }, 'enabled'],
    [{ enabled: true, notebook: 1 }, 'notebook'],
    [{ enabled: true, notebook: null }, 'notebook'],
    [{ enabled: true, notebook: ['D1'] }, 'notebook'],
    [{ enabled: true, notebook: '' }, 'notebook'],
    [{ enabled: true, notebook: ' \t' }, 'notebook'],
    [{ enabled: true, notebook: 'a/b' }, 'notebook'],
    [{ enabled: true, notebook: 'a\\b' }, 'notebook'],
    [{ enabled: true, notebook: 'a\nb' }, 'notebook'],
    [{ enabled: true, notebook: 'a\u0000' }, 'notebook'],
    [{ enabled: true, notebook: 'x'.repeat(201) }, 'notebook'],
    [{ enabled: false, notebook: 7 }, 'notebook'],
    // Metadata name neither the student nor where events go.
    [{ enabled: true, host: 'https://evil.example' }, 'host'],
    [{ enabled: true, projectKey: 'phc_x' }, 'projectKey'],
    [{ enabled: true, student: 'EVE' }, 'student']
  ])('is off for %j, and says which field is wrong', (value, field) => {
    const flag = readFlag(value, PATH);
    expect(flag).toEqual({
      enabled: false,
      problem: expect.stringContaining(field)
    });
  });
});

describe('refuseNotebookId', () => {
  // The same samples are given to the kernel side, which must not be stricter.
  it.each(samples.accepted)('takes %j, as the kernel side does', id => {
    expect(refuseNotebookId(id)).toBeNull();
  });

  const refused = Object.entries(samples.refused).flatMap(([kind, ids]) =>
    ids.map((id): [string, string] => [id, kind])
  );
  const words: Readonly<Record<string, string>> = samples.words;

  it.each(refused)('refuses %j, and says that it is %s', (id, kind) => {
    expect(refuseNotebookId(id)).toBe(words[kind]);
  });

  it.each(['D1', 'Tag 1: Einführung', '日本', 'x'.repeat(200)])(
    'takes %j',
    id => {
      expect(refuseNotebookId(id)).toBeNull();
    }
  );
});

describe('defaultNotebookId', () => {
  it.each([
    ['D1.ipynb', 'D1'],
    ['a/b/D1.ipynb', 'D1'],
    ['a.b/D1.v2.ipynb', 'D1.v2'],
    ['D1.IPYNB', 'D1'],
    ['D1.md', 'D1'],
    ['D1', 'D1'],
    ['a.b/D1', 'D1'],
    ['.ipynb', '.ipynb'],
    ['ipynb.ipynb', 'ipynb']
  ])('of %s is %s', (path, id) => {
    expect(defaultNotebookId(path)).toBe(id);
  });
});

describe('flagOf', () => {
  function context(
    flag: unknown,
    path: string,
    localPath = path
  ): DocumentRegistry.IContext<INotebookModel> {
    const model = { getMetadata: () => flag };
    return {
      model,
      path,
      localPath
    } as unknown as DocumentRegistry.IContext<INotebookModel>;
  }

  let warn: jest.SpyInstance;

  beforeEach(() => {
    warn = jest.spyOn(console, 'warn').mockReturnValue();
  });
  afterEach(() => warn.mockRestore());

  it('warns once of a malformed flag, naming the file and the field', () => {
    const flag = { enabled: 'yes' };
    flagOf(context(flag, 'a/once.ipynb'));
    flagOf(context(flag, 'a/once.ipynb'));
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0][0]).toMatch(/a\/once\.ipynb.*enabled/);

    flagOf(context(flag, 'a/other.ipynb'));
    expect(warn).toHaveBeenCalledTimes(2);
    flagOf(context({ enabled: true, notebook: 1 }, 'a/other.ipynb'));
    expect(warn).toHaveBeenCalledTimes(3);
  });

  it('is silent of one that is well formed', () => {
    for (const flag of [undefined, { enabled: true }, { enabled: false }]) {
      flagOf(context(flag, 'a/silent.ipynb'));
    }
    expect(warn).not.toHaveBeenCalled();
  });

  it('leaves the drive out of the default id', () => {
    const shared = context({ enabled: true }, 'RTC:D1.ipynb', 'D1.ipynb');
    expect(flagOf(shared)).toEqual({ enabled: true, notebook: 'D1' });
  });
});
