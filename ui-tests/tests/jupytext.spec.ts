import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { code, markdown, plain } from '../support/cells';
import { waitForEvents } from '../support/events';
import { expect, test } from '../support/fixtures';
import { NotebookPage } from '../support/notebook';
import { VENV, type Server } from '../support/server';

test.use({ serverOptions: { jupytext: true } });

const KERNELSPEC = [
  'kernelspec:',
  '  display_name: Python 3 (ipykernel)',
  '  language: python',
  '  name: python3'
];
/** What Jupytext itself writes at the end of a filter that leaves all out, to have it next time. */
const ONLY_SETTINGS =
  'ipynb_telemetry,jupytext.cell_metadata_filter,jupytext.notebook_metadata_filter,-all';

/** A Python file's header. */
function header(...lines: string[]): string {
  return ['---', 'jupyter:', ...lines.map(line => `  ${line}`), '---']
    .map(line => `# ${line}\n`)
    .join('');
}

/** Open a text file as the notebook that Jupytext makes of it; one that names no kernel asks. */
async function openText(
  page: Page,
  server: Server,
  path: string,
  asksForKernel = false,
  name?: [string, string]
): Promise<NotebookPage> {
  await page.goto(`${server.baseUrl}lab?reset&token=${server.token}`);
  await page.waitForFunction(() =>
    (window.jupyterapp as Window['jupyterapp'] | undefined)?.restored.then(
      () => true
    )
  );
  const notebook = new NotebookPage(page, server, path);
  await notebook.execute('docmanager:open', { path, factory: 'Notebook' });
  const select = page.getByRole('button', { name: 'Select Kernel' });
  // Either dialog may be the first; the other waits for it.
  for (let asked = Number(asksForKernel) + Number(!!name); asked > 0; asked--) {
    await expect(select.or(notebook.namePrompt)).toBeVisible();
    if (name && (await notebook.namePrompt.isVisible())) {
      await notebook.enterName(...name);
    } else {
      await select.click();
      await expect(select).toBeHidden();
    }
  }
  await notebook.idle();
  return notebook;
}

/** Run `jupyter telemetry enable`. */
async function enable(...args: string[]): Promise<void> {
  const python = join(VENV, 'bin', 'python');
  await promisify(execFile)(python, [
    '-m',
    'ipynb_telemetry',
    'enable',
    ...args
  ]);
}

async function turnOn(notebook: NotebookPage): Promise<void> {
  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  const dialog = notebook.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Turn On' }).click();
  await expect(dialog).toBeHidden();
}

const textOf = (server: Server, path: string): Promise<string> =>
  readFile(join(server.root, path), 'utf8');

/** The ids of the cells that ran, in the order of their runs. */
async function ranCells(
  server: Server,
  student: string,
  count: number
): Promise<unknown[]> {
  const events = await waitForEvents(
    server,
    stored =>
      stored.filter(({ event }) => event === 'cell_executed').length === count,
    { student }
  );
  return events
    .filter(({ event }) => event === 'cell_executed')
    .map(({ properties }) => properties.cell_id);
}

const PERCENT = '# %% [markdown]\n# # Title\n\n# %%\nx = 1\n\n# %%\nx + 1\n';

const FILES: Readonly<
  Record<string, { text: string; has: string[]; lacks?: string[] }>
> = {
  'jtpercent.py': {
    text: header(...KERNELSPEC) + `\n${PERCENT}`,
    has: [
      '#   ipynb_telemetry:\n#     enabled: true\n#     notebook: jtpercent\n',
      '#     notebook_metadata_filter: ipynb_telemetry\n'
    ]
  },
  'jtlight.py': {
    text: '# # Title\n\nx = 1\n\nx + 1\n',
    has: [
      '#     notebook: jtlight\n',
      `#     notebook_metadata_filter: ${ONLY_SETTINGS}\n`
    ],
    lacks: ['kernelspec', 'text_representation']
  },
  'jtmarkdown.md': {
    text: '---\ntitle: Kept\n---\n\n# Title\n\n```python\nx = 1\n```\n\n```python\nx + 1\n```\n',
    has: [
      '---\ntitle: Kept\njupyter:\n  ipynb_telemetry:\n    enabled: true\n    notebook: jtmarkdown\n'
    ],
    lacks: ['kernelspec']
  },
  'jtmyst.md': {
    text: `---\n${KERNELSPEC.join('\n')}\n---\n\n# Title\n\n\`\`\`{code-cell} ipython3\nx = 1\n\`\`\`\n\n\`\`\`{code-cell} ipython3\nx + 1\n\`\`\`\n`,
    has: [
      'ipynb_telemetry:\n  enabled: true\n  notebook: jtmyst\n',
      '  notebook_metadata_filter: ipynb_telemetry\n'
    ]
  },
  'jtfilter.py': {
    text:
      header('jupytext:', '  notebook_metadata_filter: jupytext,widgets,-all') +
      `\n${PERCENT}`,
    has: [
      '#     notebook: jtfilter\n',
      'notebook_metadata_filter: jupytext,widgets,ipynb_telemetry,-all\n'
    ],
    lacks: ['kernelspec']
  }
};

for (const [path, { text, has, lacks = [] }] of Object.entries(FILES)) {
  test(`${path} keeps the toolbar's flag, and a student's work in it is recorded`, async ({
    page,
    server
  }) => {
    const [name] = path.split('.');
    const student = `TEXT_${name.toUpperCase()}`;
    await server.write(path, text);
    const author = await openText(
      page,
      server,
      path,
      !text.includes('kernelspec')
    );
    await turnOn(author);
    await author.save();
    const flagged = await textOf(server, path);
    for (const part of has) {
      expect(flagged).toContain(part);
    }
    for (const part of lacks) {
      expect(flagged).not.toContain(part);
    }

    await page.goto('about:blank');
    const notebook = await openText(page, server, path);
    await notebook.enterName('Text', name);
    await notebook.runAll();
    const ids = await ranCells(server, student, 2);
    await notebook.save();
    expect(await textOf(server, path)).toBe(flagged);

    // Derived once more, the ids are those of the first visit.
    await page.goto('about:blank');
    await (await openText(page, server, path)).runAll();
    expect(await ranCells(server, student, 4)).toEqual([...ids, ...ids]);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every(id => /^[0-9a-f]{16}$/.test(String(id)))).toBe(true);
  });
}

test('both files of a pair get the flag, and either is recorded', async ({
  page,
  server
}) => {
  await server.write(
    'jtpair.ipynb',
    plain([code('x = 1'), code('x + 1')], {
      jupytext: { formats: 'ipynb,py:percent' }
    })
  );
  const author = await NotebookPage.open(page, server, 'jtpair.ipynb');
  await turnOn(author);
  await author.save();
  const { metadata } = JSON.parse(await textOf(server, 'jtpair.ipynb')) as {
    metadata: Record<string, unknown>;
  };
  expect(metadata.ipynb_telemetry).toEqual({
    enabled: true,
    notebook: 'jtpair'
  });
  expect(await textOf(server, 'jtpair.py')).toContain(
    '#   ipynb_telemetry:\n#     enabled: true\n#     notebook: jtpair\n'
  );

  await page.goto('about:blank');
  const notebook = await NotebookPage.open(page, server, 'jtpair.ipynb');
  await notebook.enterName('Pair', 'Ed');
  await notebook.runAll();
  expect(await ranCells(server, 'PAIR_ED', 2)).toEqual(['cell-0', 'cell-1']);
  await notebook.save();
  await page.goto('about:blank');
  await (await openText(page, server, 'jtpair.py')).runAll();
  await ranCells(server, 'PAIR_ED', 4);
});

test('what the command line turned on is recorded, a pair too of which it had one file', async ({
  page,
  server
}) => {
  await server.write('jtcli/jttext.md', '# T\n\n```python\nx = 1\n```\n');
  await server.write(
    'jtcli/jtboth.py',
    header('jupytext:', '  formats: ipynb,py:percent', ...KERNELSPEC) +
      `\n${PERCENT}`
  );
  const cells = [markdown('# Title'), code('x = 1'), code('x + 1')];
  const jupytext = { formats: 'ipynb,py:percent' };
  await server.write('jtcli/jtboth.ipynb', plain(cells, { jupytext }));
  await server.write('jtcli/README.md', '# Read me\n');
  await enable('--new-header', join(server.root, 'jtcli', 'jttext.md'));
  await enable(join(server.root, 'jtcli', 'jtboth.ipynb'));
  const before = await textOf(server, 'jtcli/jttext.md');

  const text = await openText(page, server, 'jtcli/jttext.md', true, [
    'Cli',
    'Text'
  ]);
  await text.runToEnd(1);
  await text.save();
  expect(await textOf(server, 'jtcli/jttext.md')).toBe(before);
  const pair = await text.openBeside('jtcli/jtboth.ipynb');
  await pair.runAll();
  await ranCells(server, 'CLI_TEXT', 3);
  await pair.save();
  expect(await textOf(server, 'jtcli/jtboth.py')).toContain(
    '#     notebook: jtboth\n'
  );
});

test('where Jupytext’s settings leave the flag out, the page says so', async ({
  page,
  server
}) => {
  await server.write(
    'jtset/jupytext.toml',
    'notebook_metadata_filter = "-all"\n'
  );
  await server.write('jtset/jtset.py', PERCENT);
  const notebook = await openText(page, server, 'jtset/jtset.py', true);
  await turnOn(notebook);
  await notebook.save();
  await expect(
    page.getByText('This file does not keep the flag: in Jupytext’s settings')
  ).toBeVisible();
  expect(await textOf(server, 'jtset/jtset.py')).toBe(PERCENT);

  // The advice holds.
  await server.write(
    'jtset/jupytext.toml',
    'notebook_metadata_filter = "ipynb_telemetry,-all"\n'
  );
  await notebook.edit(2);
  await page.keyboard.type(' + 1');
  await notebook.save();
  expect(await textOf(server, 'jtset/jtset.py')).toContain(
    '#   ipynb_telemetry:\n#     enabled: true\n'
  );
});
