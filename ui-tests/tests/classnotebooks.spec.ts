import { ClassPage } from '../support/classpage';
import { expect, test } from '../support/fixtures';
import { exercisesOf, rehearse, RehearsedStudent } from '../support/rehearsal';

test('the exercises of two notebooks, and two students of one name, are told apart', async ({
  page,
  startServer
}) => {
  // All notebooks are asked about: those of other tests are none of this class.
  const server = await startServer();
  const ids = ['JO_DOE-A', 'JO_DOE-B', 'KIM_DOE'];
  const students = ids.map(id =>
    new RehearsedStudent(id, 'D1_Python_Tooling').test('test_1', 'cell1', true)
  );
  const members = ids.map(id => ({
    id,
    name: id.startsWith('JO') ? 'Johanna Doe' : 'Kim Doe'
  }));
  await rehearse(
    server,
    'D1_Python_Tooling',
    exercisesOf(2),
    students,
    members
  );
  await rehearse(
    server,
    'D2_Reading',
    [{ ...exercisesOf(1)[0], test: null }],
    []
  );

  const view = await ClassPage.open(page, server, 'progress');
  const heads = view.grid.getByRole('columnheader');
  await expect(heads.locator('.jp-cv-HeadGroup')).toHaveText([
    'D1_Python_Tooling',
    'D1_Python_Tooling',
    'D2_Reading'
  ]);
  for (const [name, number] of [
    ['D1_Python_Tooling: Exercise 1', '1'],
    ['D1_Python_Tooling: Exercise 2', '2'],
    ['D2_Reading: Exercise 1', '1']
  ]) {
    const title = heads
      .and(page.getByRole('columnheader', { name, exact: true }))
      .locator('.jp-cv-HeadTitle');
    await expect(title).toHaveText(number);
    // What does not fit is cut off, and a number that is cut off tells nothing.
    expect(
      await title.evaluate(
        node =>
          node.scrollWidth <= node.clientWidth &&
          node.getBoundingClientRect().right <=
            node.parentElement!.getBoundingClientRect().right
      )
    ).toBe(true);
  }

  for (const id of ['JO_DOE-A', 'JO_DOE-B']) {
    const name = view.grid.getByRole('rowheader', {
      name: `Johanna Doe (${id})`,
      exact: true
    });
    expect(
      await name.evaluate(cell => cell.scrollWidth <= cell.clientWidth)
    ).toBe(true);
  }

  // An exercise without a test is never passed, so it does not count among those to pass.
  await expect(await view.cell('Kim Doe', 'Exercises solved')).toHaveText(
    '1/2'
  );
  const foot = view.grid.getByRole('row').last();
  await expect(foot).toHaveText(/^class50 %.*100 %0 %–/);
  const hardest = heads.and(page.locator('.jp-cv-strong'));
  await expect(hardest).toHaveText(['D1_Python_Tooling2']);

  await view.show('Now');
  const place = view.card('Where the class is').getByRole('listitem');
  await expect(place).toHaveText([
    /^Exercise 1.*solved 3/,
    /^Exercise 2.*solved 0/,
    /^Exercise 1.*no test/
  ]);
  await view.show('Students');
  await expect(await view.cell('Kim Doe', 'Exercises solved')).toHaveText(
    '1/2'
  );

  await page.setViewportSize({ width: 1280, height: 800 });
  await view.show('Delivery');
  await expect(view.row('Kim Doe')).toBeVisible();
  const cut = await page
    .locator('.jp-cv-Grid, .jp-cv-Grid .jp-cv-HeadTitle')
    .evaluateAll(parts =>
      parts
        .filter(part => part.scrollWidth > part.clientWidth)
        .map(({ textContent }) => textContent)
    );
  expect(cut).toEqual([]);
});
