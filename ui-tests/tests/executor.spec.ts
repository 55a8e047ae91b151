import { rm } from 'node:fs/promises';
import { code } from '../support/cells';
import { writeExecutor } from '../support/executor';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';

test('an executor that gives no error object still yields the error', async ({
  page,
  startServer
}) => {
  const folder = await writeExecutor();
  const server = await startServer({
    args: [`--LabApp.extra_labextensions_path=${folder}`]
  });
  const lesson = await Lesson.begin(page, server, 'executor', [
    code('work'),
    code('fail')
  ]);

  await lesson.run(0);
  await lesson.captured('cell_executed', 1);
  await lesson.run(1);

  const [worked, failed] = await lesson.captured('cell_executed', 2);
  expect(worked).toMatchObject({
    status: 'ok',
    output: 'done',
    execution_count: null,
    error: null
  });
  expect(failed).toMatchObject({
    status: 'error',
    success: false,
    execution_count: null,
    error: {
      name: 'FarError',
      value: 'it is far away',
      traceback: 'FarError\nit is far away'
    }
  });
  expect(await lesson.history()).toHaveLength(3);
  await rm(folder, { recursive: true });
});
