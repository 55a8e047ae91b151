import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { code, flagged } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { addKernel } from '../support/kernels';
import { Lesson } from '../support/lesson';
import { NotebookPage } from '../support/notebook';
import { VENV } from '../support/server';

const WRAPPER = resolve(__dirname, '..', 'support', 'wrappers', 'wrapper.py');

/** What a wrapper may be asked beside the student's code, in order. */
const PROBES: Record<string, number> = { board: 0, slow: 1, spark: 1 };

for (const kind of Object.keys(PROBES)) {
  test(`a kernel of Python that is no IPython (${kind}) gets no code of ours`, async ({
    page,
    server
  }) => {
    test.slow();
    await addKernel(server, kind, {
      argv: [
        join(VENV, 'bin', 'python'),
        ...[WRAPPER, kind, '-f', '{connection_file}']
      ],
      display_name: kind,
      language: 'python'
    });
    const name = `wrapper-${kind}`;
    const notebook = flagged([code('led.on()'), code('led.off()')]);
    await server.write(`${name}.ipynb`, {
      ...notebook,
      metadata: {
        ...notebook.metadata,
        kernelspec: { name: kind, display_name: kind, language: 'python' }
      }
    });
    const lesson = new Lesson(page, server, `${name}.ipynb`);
    await NotebookPage.open(page, server, lesson.path);
    await lesson.enterName('Ann', 'Lee');
    await lesson.run(0);
    await lesson.captured('cell_executed', 1, 60_000);
    await lesson.run(1);
    await lesson.captured('cell_executed', 2, 60_000);

    const log = await readFile(join(server.root, `${kind}.sent`), 'utf8');
    const sent = log
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as [string, Record<string, string>]);
    const ours = sent.filter(([, asked]) => 'ipynb_telemetry' in asked);
    const others = sent.filter(([, asked]) => !('ipynb_telemetry' in asked));
    expect(others.map(([text]) => text)).toEqual(['led.on()', 'led.off()']);
    expect(ours).toHaveLength(PROBES[kind]);
    for (const [text, asked] of ours) {
      expect(text).toBe('');
      expect(asked.ipynb_telemetry.length).toBeLessThan(120);
    }
  });
}
