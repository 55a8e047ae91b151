import { code, markdown, type ICell } from './cells';
import { flood } from './flood';
import { gate } from './lesson';

/** Of the test that an nbgrader cell is. */
export const nbgrader = {
  grade: true,
  solution: false,
  locked: true,
  grade_id: 'q1',
  points: 1,
  schema_version: 3
};

export const DOCTEST = [
  'import doctest',
  'def add(a, b):',
  '    """',
  '    >>> add(1, 2)',
  '    3',
  '    """',
  '    return a + b',
  'doctest.run_docstring_examples(add, globals())'
].join('\n');

export const PYTEST = [
  'import os; os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"',
  'import ipytest, pytest',
  'ipytest.clean()',
  '@pytest.mark.parametrize("n", [1, 2])',
  'def test_even(n):',
  '    assert n % 2 == 0',
  'ipytest.run()'
].join('\n');

/** Otter is where `npm test` puts it, beside the environment. */
const OTTER = [
  'import pathlib, sys',
  'sys.path.insert(0, sys.prefix + "/otter")',
  'import otter',
  'pathlib.Path("tests").mkdir()',
  'pathlib.Path("tests/q2.py").write_text("""',
  'OK_FORMAT = True',
  'test = {"name": "q2", "points": 1, "suites": [',
  '    {"type": "doctest", "cases": [{"code": ">>> 6 * 7\\\\n42\\\\n"}]}',
  ']}',
  '""")',
  'otter.Notebook(tests_dir="tests").check("q2")'
].join('\n');

/** What a student runs, in the language of a kernel. */
interface ILanguage {
  /** Fails; in a kernel beside the page only when the gate "fails" is open. */
  fails: string;
  /** Says "at restart", and has no end. */
  endless: string;
  /** What the cell of nbgrader asks for. */
  answer: string;
  /** Fails without it. */
  graded: string;
}

export type Language = 'python' | 'javascript';

const LANGUAGES: Record<Language, ILanguage> = {
  python: {
    fails: `${gate('fails')}\n1 / 0`,
    endless: gate('restart'),
    answer: 'answer = 42',
    graded: 'assert globals().get("answer") == 42, "no answer"'
  },
  javascript: {
    fails: 'throw new TypeError("not today")',
    endless: 'console.log("at restart");\nawait new Promise(() => undefined)',
    answer: 'globalThis.answer = 42',
    graded: 'if (globalThis.answer !== 42) {\n  throw new Error("no answer")\n}'
  }
};

/** A notebook in which a student can do everything that is told of, but for what the conformance lesson has. */
export function everything(language: Language): ICell[] {
  const { fails, endless, answer, graded } = LANGUAGES[language];
  return [
    markdown('<details><summary>Hint</summary>42</details>', { id: 'hint' }),
    code('"first"', { id: 'first' }),
    code(fails, { id: 'fails' }),
    code('"queued"', { id: 'queued' }),
    code(endless, { id: 'endless' }),
    code(answer, { id: 'answer' }),
    code(graded, { id: 'graded', metadata: { nbgrader } }),
    ...(language === 'python'
      ? [
          code(OTTER, { id: 'otter' }),
          code(DOCTEST, { id: 'doctest' }),
          code(PYTEST, { id: 'pytest' }),
          code(flood('_telemetry_capture("flood", {"nth": nth})'), {
            id: 'flood'
          })
        ]
      : []),
    code('', { id: 'blank' })
  ];
}
