import { code } from '../support/cells';
import { listenToConsole } from '../support/console';
import { expect, test } from '../support/fixtures';
import { addKernel } from '../support/kernels';
import { Lesson } from '../support/lesson';

test.skip(
  process.env.IPYNB_TELEMETRY_R !== '1',
  'there is no R with its kernel for Jupyter here'
);

test('a lesson in R has every event of the front end, and nothing else runs in its kernel', async ({
  page,
  server
}) => {
  await addKernel(server, 'ir', {
    argv: [
      'R',
      '--slave',
      '-e',
      'IRkernel::main()',
      '--args',
      '{connection_file}'
    ],
    display_name: 'R',
    language: 'R'
  });
  const said = listenToConsole(page, 'warning', 'error');
  await server.write('penguins.ipynb', {
    cells: [
      code('masses <- c(3750, 3800, 3250)\nmean(masses)'),
      code('for (n in 1:2) cat("penguin", n, "\\n")'),
      code(
        'while (!file.exists("penguin.gate")) Sys.sleep(0.02)\nstop("no penguin")'
      ),
      code(
        'IRdisplay::display_html("<details><summary>Solution</summary>3600</details>")'
      ),
      code('ls(all.names = TRUE)'),
      code('cat("at", "restart\\n"); while (TRUE) Sys.sleep(0.1)')
    ].map((cell, index) => ({ ...cell, id: `cell-${index}` })),
    metadata: {
      kernelspec: { display_name: 'R', language: 'R', name: 'ir' },
      ipynb_telemetry: { enabled: true }
    },
    nbformat: 4,
    nbformat_minor: 5
  });
  await Lesson.open(page, server, 'penguins.ipynb');
  const lesson = new Lesson(page, server, 'penguins.ipynb');
  await lesson.enterName('Ann', 'Lee');
  expect(await lesson.captured('session_started', 1)).toMatchObject([
    { kernel: 'ir', language: 'R' }
  ]);

  await lesson.runAllThrough('penguin', 6);
  const runs = await lesson.captured('cell_executed', 6);
  expect(runs).toMatchObject([
    { cell_id: 'cell-0', status: 'ok', execution_count: 1, error: null },
    { cell_id: 'cell-1', status: 'ok', output: 'penguin 1 \npenguin 2 \n' },
    { cell_id: 'cell-2', status: 'error', execution_count: 3 },
    { cell_id: 'cell-3', status: 'aborted' },
    { cell_id: 'cell-4', status: 'aborted' },
    { cell_id: 'cell-5', status: 'aborted' }
  ]);
  expect((runs[2].error as { value: string }).value).toContain('no penguin');

  await lesson.run(3);
  await lesson.captured('cell_executed', 7);
  await lesson.cell(3).locator('summary').click();
  expect(await lesson.captured('solution_peek', 1)).toMatchObject([
    { summary: 'Solution', cell_id: 'cell-3', cell_index: 3 }
  ]);

  // All that is defined in the kernel is the student's.
  await lesson.run(4);
  const names = (await lesson.captured('cell_executed', 8))[7];
  expect(names).toMatchObject({ status: 'ok', execution_count: 5 });
  expect(names.output).toContain('masses');
  expect(names.output).not.toMatch(/telemetry|_tel/i);

  await lesson.run(5);
  await lesson.reached('restart');
  await lesson.menu('Kernel', 'Restart Kernel…');
  await page.getByRole('button', { name: 'Confirm Kernel Restart' }).click();
  expect((await lesson.captured('cell_executed', 9))[8]).toMatchObject({
    cell_id: 'cell-5',
    status: 'cancelled',
    output: 'at restart\n'
  });
  await lesson.idle();
  await lesson.run(1);
  expect((await lesson.captured('cell_executed', 10))[9]).toMatchObject({
    status: 'ok',
    execution_count: 1
  });
  await lesson.history();
  expect(said.filter(text => /ipynb.telemetry/i.test(text))).toEqual([]);
});
