import { code, plain } from '../support/cells';
import { listenToConsole } from '../support/console';
import { expect, test } from '../support/fixtures';
import { addKernel } from '../support/kernels';
import { Lesson } from '../support/lesson';

test('another language has every event of the front end; Python after it all', async ({
  page,
  server
}) => {
  await addKernel(server, 'bash', {
    argv: ['python', '-m', 'bash_kernel', '-f', '{connection_file}'],
    display_name: 'Bash',
    language: 'bash'
  });
  const said = listenToConsole(page, 'warning', 'error');
  const lesson = await Lesson.begin(page, server, 'shells', [
    code('echo $((6 * 7))'),
    code('STUDENT_NAME')
  ]);
  const choose = async (kernel: string): Promise<void> => {
    await lesson.menu('Kernel', 'Change Kernel…');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox').selectOption(kernel);
    await dialog.getByRole('button', { name: 'Select Kernel' }).click();
    await expect(dialog).toBeHidden();
    // The old kernel stays, idle, until the new one has started.
    await expect(lesson.panel.locator('.jp-KernelName')).toHaveText(kernel);
    await lesson.idle();
  };

  await choose('Bash');
  await lesson.run(0);
  expect(await lesson.captured('cell_executed', 1)).toMatchObject([
    { status: 'ok', output: '42\n', execution_count: 1, attempt: 1 }
  ]);
  await choose('Python 3 (ipykernel)');
  await lesson.run(1);
  expect((await lesson.captured('cell_executed', 2))[1]).toMatchObject({
    status: 'ok',
    output: "'ANN-LEE'\n",
    execution_count: 1
  });

  // And from the start.
  await server.write('bash.ipynb', {
    ...plain([code('echo hi')], {
      kernelspec: { display_name: 'Bash', language: 'bash', name: 'bash' },
      ipynb_telemetry: { enabled: true }
    })
  });
  const bash = new Lesson(page, server, 'bash.ipynb');
  await lesson.execute('docmanager:open', { path: bash.path });
  await bash.idle();
  await bash.run(0);
  expect(await bash.captured('cell_executed', 1)).toMatchObject([
    { status: 'ok', output: 'hi\n', error: null, execution_count: 1 }
  ]);
  expect(await bash.captured('session_started', 1)).toMatchObject([
    { kernel: 'bash', language: 'bash' }
  ]);
  expect(said.filter(text => /ipynb.telemetry/i.test(text))).toEqual([]);
});
