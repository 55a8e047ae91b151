import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { shippedPython } from '../../../../scripts/shippedpython.cjs';

describe('the code that a kernel gets', () => {
  it('is bootstrap.py, less what is for readers', () => {
    const source = readFileSync(
      join(__dirname, '../../../../ipynb_telemetry/bootstrap.py'),
      'utf8'
    );
    const shipped = shippedPython(source);
    expect(shipped).toContain('"""Report what a test function does');
    expect(shipped).not.toMatch(/^ *#|noqa/m);
    // All that is defined is there, in its order.
    const names = (text: string): string[] =>
      text.match(/(?<=^ *)(def|class|async def) \w+/gm) ?? [];
    expect(names(shipped)).toEqual(names(source));
  });
});

describe('Python as it is shipped', () => {
  it.each([
    ['x = 1  # one\n', 'x = 1\n'],
    ['# one\n\n    # two\nx = 1\n', '\nx = 1\n'],
    ['x = "# no"  # yes\n', 'x = "# no"\n'],
    ["x = 'it\\'s # no'\n", "x = 'it\\'s # no'\n"],
    ['x = r"\\d#"\n', 'x = r"\\d#"\n'],
    ['x = f"{a}#{b!r}"\n', 'x = f"{a}#{b!r}"\n'],
    ['x = """a\n# no\n\n"b"\n"""\n', 'x = """a\n# no\n\n"b"\n"""\n'],
    ['x = ""  # empty\n', 'x = ""\n'],
    ['x = \'"""\'  # a quote\n', 'x = \'"""\'\n'],
    ['def _f(a: int) -> str:\n    """Why."""\n', 'def _f(a):\n ""\n'],
    ['class _C(B):\n    """Why.\n\n    So."""\n', 'class _C(B):\n ""\n'],
    ['def _cell(a):\n    """Why."""\n', 'def _cell(a):\n """Why."""\n'],
    ['def _f():\n    return """Why."""\n', 'def _f():\n return """Why."""\n'],
    [
      'if a:\n    # why\n\n    b = """  c\n    d"""\n    if b:\n        c\n',
      'if a:\n b = """  c\n    d"""\n if b:\n  c\n'
    ],
    ['def f() -> dict[str, int]:\n    g()\n', 'def f():\n g()\n'],
    [
      'def f(a: list[int], *b: A | B, c: d[str, e[f]] = {"g": h}):\n    i: int = 1\n    self.i: A | B = a[1:] = b[c : d]\n',
      'def f(a, *b, c = {"g": h}):\n i = 1\n self.i = a[1:] = b[c : d]\n'
    ],
    [
      'def f(\n    a: int,\n):\n    g[1: 2], {a: b}\n',
      'def f(\n a,\n):\n g[1: 2], {a: b}\n'
    ],
    ['x = ") -> a:\\n"\n', 'x = ") -> a:\\n"\n'],
    ['"""Of all."""\n', '"""Of all."""\n']
  ])('%j is %j', (source, shipped) => {
    expect(shippedPython(source)).toBe(shipped);
  });
});
