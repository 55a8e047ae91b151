import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { code } from '../support/cells';
import { expect, test } from '../support/fixtures';
import { Lesson } from '../support/lesson';

test('times are the kernel’s, and recordTiming stays off', async ({
  page,
  server
}) => {
  const lesson = await Lesson.begin(page, server, 'timing', [
    code('import time; time.sleep(1)'),
    code(
      'begun = time.monotonic(); time.sleep(0.2); (time.monotonic() - begun) * 1000'
    )
  ]);

  await lesson.runAll();

  const [first, second] = await lesson.captured('cell_executed', 2);
  expect(first.duration_ms).toBeGreaterThanOrEqual(1000);
  expect(second.duration_ms).toBeGreaterThanOrEqual(200);
  // The wait for the first is none of the second's own time.
  expect(second.duration_ms).toBeLessThan(
    Number(second.output) + (first.duration_ms as number)
  );
  expect(second.queued_ms).toBeGreaterThanOrEqual(1000);
  expect(first.queued_ms).toBeLessThan(second.queued_ms as number);

  await lesson.save();
  const saved = JSON.parse(
    await readFile(join(server.root, lesson.path), 'utf8')
  ) as { cells: Array<{ metadata: object; execution_count: number }> };
  expect(saved.cells.map(cell => cell.execution_count)).toEqual([1, 2]);
  expect(saved.cells.map(cell => cell.metadata)).toEqual([
    expect.not.objectContaining({ execution: expect.anything() }),
    expect.not.objectContaining({ execution: expect.anything() })
  ]);
});
