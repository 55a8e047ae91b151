import { code, markdown } from '../support/cells';
import { waitForEvents } from '../support/events';
import { ownOf } from '../support/lesson';
import { expectBalance } from './support/balance';
import { DrivenLesson, KEYS } from './support/drivenlesson';
import { expect, test } from './support/fixtures';

const TEST = [
  '@tracked_test',
  'def answer_is_42():',
  '    assert answer == 42',
  'answer = 41',
  'answer_is_42()'
].join('\n');

test('a student works: name, runs, tests, solutions, pastes, Run All, the panel', async ({
  display,
  kind,
  program,
  server
}) => {
  const id = `everyday-${kind}`;
  const lesson = await DrivenLesson.write(program, server, id, [
    markdown('<details><summary>Hint</summary>\n\n42\n\n</details>'),
    code('1'),
    code('1 / 0'),
    code(TEST),
    code('answer = 42\nanswer_is_42()'),
    code(''),
    ...Array.from({ length: 200 }, (_, nth) => code(String(nth)))
  ]);
  const stored = () => server.events({ notebook: id });
  const told = async (type: string, count: number): Promise<unknown[]> => {
    const events = await waitForEvents(server, found => found.length >= count, {
      notebook: id,
      type
    });
    return events.map(({ properties }) => ownOf(properties));
  };
  await lesson.enterName('Ann', 'Lee');
  expect(await told('session_started', 1)).toHaveLength(1);

  await lesson.run(1);
  await lesson.run(2);
  await lesson.run(3);
  await lesson.run(4);
  expect(await told('cell_executed', 4)).toMatchObject([
    { cell_id: 'cell-1', status: 'ok' },
    {
      cell_id: 'cell-2',
      status: 'error',
      error: { name: 'ZeroDivisionError' }
    },
    { cell_id: 'cell-3', status: 'error' },
    { cell_id: 'cell-4', status: 'ok' }
  ]);
  expect(await told('test_failed', 1)).toMatchObject([
    { test: 'answer_is_42', attempt: 1, error: { name: 'AssertionError' } }
  ]);
  expect(await told('test_passed', 1)).toMatchObject([
    { test: 'answer_is_42', attempt: 2 }
  ]);

  await lesson.click('summary', 'Hint');
  expect(await told('solution_peek', 1)).toMatchObject([
    { summary: 'Hint', peek: 1 }
  ]);
  await lesson.press([KEYS.Enter]);
  await told('solution_closed', 1);
  await lesson.press([KEYS.Enter]);
  expect(await told('solution_peek', 2)).toMatchObject([
    { peek: 1 },
    { summary: 'Hint', peek: 2 }
  ]);

  await display.copy('ibis\nibis');
  await lesson.edit(5);
  await lesson.press([KEYS.Control, 'v']);
  expect(await told('paste', 1)).toMatchObject([
    { length: 9, lines: 2, kind: 'text', internal: false, cell_id: 'cell-5' }
  ]);
  await lesson.press([KEYS.Control, 'a'], [KEYS.Control, 'c'], [KEYS.End]);
  await lesson.press([KEYS.Control, 'v']);
  expect((await told('paste', 2))[1]).toMatchObject({
    kind: 'text',
    internal: true
  });

  // The second cell fails: with it in the way, Run All would reach none of the others.
  await lesson.select(6);
  await lesson.menu('Run', 'Run Selected Cell and All Below');
  await told('cell_executed', 204);
  await lesson.click('.jp-ipynb-telemetry-StatusItem button');
  await lesson.see('.jp-ipynb-telemetry-Activity');
  await test.info().attach('panel', {
    body: await lesson.tab.picture(),
    contentType: 'image/png'
  });
  await expectBalance(lesson, stored, 212);
});
