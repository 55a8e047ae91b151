import { code, plain } from '../support/cells';
import { PROJECT_KEY } from '../support/fault';
import { expect, test } from '../support/fixtures';
import { ownOf } from '../support/lesson';
import { NotebookPage } from '../support/notebook';

/** As a notebook made in JupyterLite has it. */
const KERNEL = {
  kernelspec: {
    display_name: 'Python (Pyodide)',
    language: 'python',
    name: 'python'
  }
};
const IMPORT =
  'from ipynb_telemetry.bootstrap import setup_telemetry, tracked_test\n\n';
const CALL = `${IMPORT}setup_telemetry("lesson")`;
const TEST = '\n\n\n@tracked_test("early")\ndef test():\n    pass\n\n\ntest()';

test('Python in JupyterLite: nothing before the flag lets it, then all as elsewhere', async ({
  page,
  lite,
  posthog
}) => {
  const cells = [
    code(CALL + TEST),
    code('get_ipython().execution_count, len(In), _i == In[1], Out'),
    code(
      '_telemetry_capture("hint_used", {"a": None, "b": [None, {"c": None}]})'
    ),
    code('class TooFew(Exception): ...\n\n\nraise TooFew(STUDENT_NAME)'),
    code(
      'import os\n\nos.environ["WEATHER_API_KEY"] = "zz91k4" + "m8q2w7x5"\nprint(os.environ["WEATHER_API_KEY"])'
    ),
    code(
      'import doctest\n\ndoctest.run_docstring_examples(">>> 1 + 1\\n2", {}, name="sum")'
    )
  ];
  const site = await lite.publish('course', {
    files: {
      'lesson.ipynb': plain(cells, {
        ...KERNEL,
        ipynb_telemetry: { enabled: false }
      })
    },
    settings: { projectKey: PROJECT_KEY, host: posthog.origin },
    hasPackage: true
  });
  const notebook = await NotebookPage.open(page, site, 'lesson.ipynb');
  await notebook.runToEnd(0);
  await expect(notebook.cell(0)).toContainText('TEST PASSED: early');

  await notebook.telemetryMenu('Student Telemetry in This Notebook');
  await page.getByRole('button', { name: 'Turn On' }).click();
  await notebook.preview();
  await notebook.enterName('Ann', 'Lee');
  for (const index of [1, 2, 3, 4, 5]) {
    await notebook.runToEnd(index);
  }
  await expect.poll(() => posthog.events.length).toBe(8);
  const [started, counted, hint, , failed, kept, judged] = posthog.events;
  expect(started.event).toBe('session_started');
  // Of what we run in the kernel unseen, the student's own numbers and history tell nothing.
  expect(ownOf(counted.properties)).toMatchObject({
    execution_count: 2,
    output: '(3, 3, True, {})\n'
  });
  expect(hint).toMatchObject({ event: 'hint_used' });
  expect(ownOf(hint.properties)).toEqual({ a: null, b: [null, { c: null }] });
  expect(failed.properties).toMatchObject({
    status: 'error',
    error: { name: 'TooFew', value: 'ANN-LEE' }
  });
  // The kernel has told the page of the value before it told that the run is over.
  expect(kept.properties).toMatchObject({ output: '‹secret›\n' });
  expect(judged).toMatchObject({
    event: 'test_passed',
    properties: { test: 'sum' }
  });
});

test('Python in JupyterLite without the extension: installed and called it does no harm', async ({
  page,
  lite
}) => {
  const cells = [
    code('%pip install -q ipynb-telemetry'),
    code(CALL + TEST),
    code('6 * 7')
  ];
  const site = await lite.publish('course', {
    files: { 'lesson.ipynb': plain(cells, KERNEL) },
    hasExtension: false
  });
  const elsewhere: string[] = [];
  page.on('request', request => {
    const { origin } = new URL(request.url());
    if (/^http/.test(origin) && origin !== lite.origin) {
      elsewhere.push(request.url());
    }
  });
  const notebook = await NotebookPage.open(page, site, 'lesson.ipynb');
  for (const index of [0, 1, 2]) {
    await notebook.runToEnd(index);
  }
  await expect(notebook.cell(1)).toContainText(
    'ipynb-telemetry: the Jupyter page tracks this notebook as its settings say, once a name is given. A page without ipynb-telemetry does not, nor can a kernel in the browser by itself'
  );
  await expect(notebook.cell(1)).toContainText('TEST PASSED: early');
  await expect(notebook.cell(1)).not.toContainText('Error');
  await expect(notebook.cell(2)).toContainText('42');
  expect(elsewhere).toEqual([]);
});
