# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The extension gives a kernel bootstrap.py, line by line, less what is for readers."""

from __future__ import annotations

import ast
import inspect
import re
import traceback
from pathlib import Path
from typing import Any

import bootstrap as generator
import pytest
from strippython import strip

PACKAGE = Path(__file__).parents[2]
SOURCE = (PACKAGE / "bootstrap.py").read_text("utf-8")
SHIPPED = (PACKAGE / "bootstrap.min.py").read_text("utf-8")


class _Untyped(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        return ast.Assign([node.target], node.value) if node.value else node


def bare(source: str) -> str:
    """Statements of Python without docstrings and types, which are for readers."""
    tree = _Untyped().visit(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                first.value.value = ""
    return ast.dump(tree)


def test_it_is_the_same_program() -> None:
    assert len(SHIPPED) < 0.9 * len(SOURCE)
    assert bare(SHIPPED) == bare(SOURCE)


def test_it_has_no_words_but_those_that_help_shows() -> None:
    assert '"""Report what a test function does' in SHIPPED
    lines = SHIPPED.split("\n")[1:]
    assert not [line for line in lines if line.lstrip().startswith("#") or "noqa" in line]
    assert lines.count("") > 300
    assert [line for line in lines if line != line.rstrip()] == []
    # Of the blanks before a line only help's words have as many as in the source.
    deep = [line for line in lines if line.startswith(" " * 8)]
    assert set(deep) <= set(SOURCE.split("\n"))
    assert len(deep) < 10


def test_a_traceback_names_the_line_of_the_file_that_it_was_made_of() -> None:
    shipped: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(compile(SHIPPED, "<shipped>", "exec"), shipped)
    with pytest.raises(TypeError) as raised:
        shipped["tracked_test"](7)
    (frame,) = (f for f in traceback.extract_tb(raised.tb) if f.filename == "<shipped>")
    line = SOURCE.split("\n")[(frame.lineno or 0) - 1]
    assert line.lstrip().startswith("raise TypeError(f'tracked_test needs a name")


def test_a_told_traceback_names_the_file_as_the_page_loads_it() -> None:
    loader = PACKAGE.parent / "src" / "notebook" / "kernel" / "kernelcode.ts"
    (name,) = re.findall(r'"(<[^"]*>)", "exec"', loader.read_text("utf-8"))
    shipped: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(compile(SHIPPED, name, "exec"), shipped)
    with pytest.raises(TypeError) as raised:
        shipped["tracked_test"](7)
    assert f"  File {name}, line " in shipped["_traceback"](raised.value)


def test_help_shows_of_each_name_that_students_have_what_its_source_says() -> None:
    names: list[dict[str, Any]] = []
    for text in (SOURCE, SHIPPED):
        copy: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
        exec(text, copy)
        names.append(copy["_names"]())
    source, shipped = names
    functions = {name for name, value in source.items() if callable(value)}
    assert functions == generator.DOCUMENTED
    assert [name for name in functions if not source[name].__doc__] == []
    assert [n for n in functions if inspect.getdoc(shipped[n]) != inspect.getdoc(source[n])] == []


def test_all_definitions_are_on_their_lines() -> None:
    def lines(source: str) -> list[tuple[str, int]]:
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return [(n.name, n.lineno) for n in ast.walk(ast.parse(source)) if isinstance(n, kinds)]

    assert lines(SHIPPED) == lines(SOURCE)


CASES = {
    "a comment": ("x = 1  # one\n", "x = 1\n"),
    "lines of comments": ("# one\n\n    # two\nx = 1\n", "\n\n\nx = 1\n"),
    "no comment": ('x = "# no"  # yes\n', 'x = "# no"\n'),
    "a quote": ("x = 'it\\'s # no'\n", "x = 'it\\'s # no'\n"),
    "a raw string": ('x = r"\\d#"\n', 'x = r"\\d#"\n'),
    "an f-string": ('x = f"{a}#{b!r}"\n', 'x = f"{a}#{b!r}"\n'),
    "a long string": ('x = """a\n# no\n\n"b"\n"""\n', 'x = """a\n# no\n\n"b"\n"""\n'),
    "an empty string": ('x = ""  # empty\n', 'x = ""\n'),
    "a string of quotes": ('x = \'"""\'  # a quote\n', 'x = \'"""\'\n'),
    "a docstring": ('def _f(a: int) -> str:\n    """Why."""\n', 'def _f(a):\n ""\n'),
    "one of a class": (
        'class _C(B):\n    """Why.\n\n    So."""\n    x = 1\n',
        'class _C(B):\n ""\n\n\n x = 1\n',
    ),
    "one of the API": ('def _cell(a):\n    """Why."""\n', 'def _cell(a):\n """Why."""\n'),
    "one of the module": ('"""Of\n\nall."""\nx = 1\n', '""\n\n\nx = 1\n'),
    "no docstring": (
        'def _f():\n    return """Why."""\n',
        'def _f():\n return """Why."""\n',
    ),
    "a comment in a block": (
        'if a:\n    # why\n\n    b = """  c\n    d"""\n    if b:\n        c\n',
        'if a:\n\n\n b = """  c\n    d"""\n if b:\n  c\n',
    ),
    "what is returned": ("def f() -> dict[str, int]:\n    g()\n", "def f():\n g()\n"),
    "types of all kinds": (
        'def f(a: list[int], *b: A | B, c: d[str, e[f]] = {"g": h}):\n'
        "    i: int = 1\n    self.i: A | B = a[1:]\n    a[1:] = b[c : d]\n",
        'def f(a, *b, c = {"g": h}):\n i = 1\n self.i = a[1:]\n a[1:] = b[c : d]\n',
    ),
    "types on lines of their own": (
        "def f(\n    a: int,\n):\n    g[1: 2], {a: b}\n",
        "def f(\n a,\n):\n g[1: 2], {a: b}\n",
    ),
    "a type that is a string": ('def f(a: "A -> B") -> "C":\n    g()\n', "def f(a):\n g()\n"),
    "a type over several lines": (
        "def f(a: dict[\n    str, int\n]):\n    g()\n",
        "def f(a: dict[\n str, int\n]):\n g()\n",
    ),
    "an async function": ("async def f(a: int) -> None:\n    g()\n", "async def f(a):\n g()\n"),
    "the fields of a class": (
        "class _C:\n    x: int\n    y: int = 1  # why\n",
        "class _C:\n x: int\n y: int = 1\n",
    ),
    "a name without a value": ("def f():\n    x: int\n", "def f():\n x: int\n"),
    "blanks that are no levels": (
        "f(\n      a,\n   b)\nif a:\n\tb\n",
        "f(\n   a,\n   b)\nif a:\n\tb\n",
    ),
    "letters of more bytes": (
        'x = "ä\N{PARTY POPPER}"; y: int = "ö"  # ü\n',
        'x = "ä\N{PARTY POPPER}"; y = "ö"\n',
    ),
    "no end of the line": ("x = 1  # one", "x = 1"),
    "a type in a string": ('x = ") -> a:\\n"\n', 'x = ") -> a:\\n"\n'),
}


@pytest.mark.parametrize("case", CASES)
def test_python_is_stripped(case: str) -> None:
    source, stripped = CASES[case]
    assert strip(source, generator.DOCUMENTED) == stripped
