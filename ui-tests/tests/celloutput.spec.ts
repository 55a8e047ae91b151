import { code } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';

test.use({ serverOptions: { settings: { maxCharacters: 50 } } });

test('code and output are cut each, and cleaned', async ({ page, server }) => {
  const fits = `#${'a'.repeat(49)}`;
  const lesson = await Lesson.begin(page, server, 'cut', [
    code(fits),
    code(`${fits}b`),
    code('print("x" * 49)'),
    code('print("x" * 50)'),
    code('print("\\x1b[1;31mred\\x1b[0m")'),
    code('from IPython import display as d'),
    code('d.HTML("<b>bold</b>")'),
    code('d.Image(b"\\x89PNG\\r\\n\\x1a\\n")'),
    code('raise OSError("e" * 60)')
  ]);

  await lesson.runAll();

  const runs = await lesson.captured('cell_executed', 9);
  expect(
    runs.slice(0, 8).map(run => [run.code, run.output, run.truncated])
  ).toEqual([
    [fits, '', false],
    [fits, '', true],
    ['print("x" * 49)', `${'x'.repeat(49)}\n`, false],
    ['print("x" * 50)', 'x'.repeat(50), true],
    ['print("\\x1b[1;31mred\\x1b[0m")', 'red\n', false],
    ['from IPython import display as d', '', false],
    [
      'd.HTML("<b>bold</b>")',
      '<IPython.core.display.HTML object>[text/html]\n',
      false
    ],
    [
      'd.Image(b"\\x89PNG\\r\\n\\x1a\\n")',
      '<IPython.core.display.Image object>[image/png]\n',
      false
    ]
  ]);
  expect(runs[8]).toMatchObject({
    status: 'error',
    truncated: true,
    output: '-'.repeat(50),
    error: { name: 'OSError', value: 'e'.repeat(50) }
  });
  const stored = JSON.stringify(await server.events({ notebook: lesson.id }));
  expect(stored).not.toMatch(/\\u001b|iVBOR/);
});
