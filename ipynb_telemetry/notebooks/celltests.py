"""The tests that the code of a cell holds, by the names under which their results are told."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .pythonsource import count_calls, is_named, parse

# A name that an event tells is cut to so many characters, as in the catalogue.
_MAX_NAME = 200
_DOCTEST_RUNNERS = ("doctest.testmod", "testmod", "run_docstring_examples")
_PYTEST_RUNNERS = ("ipytest.run", "pytest.main")
_PYTEST_MAGIC = re.compile(r"^%%(?:ipytest|run_pytest)\b", re.MULTILINE)
_EXAMPLE = re.compile(r"^[ \t]*>>> ", re.MULTILINE)


def names_of_tests(source: str, metadata: Mapping[str, Any], runners: Runners) -> list[str]:
    """Name the tests of a code cell, in the order in which they stand there.

    A test of several results, such as a parametrised one, is named without its brackets. A name
    that is made only when the cell runs is not told, nor is a test in another language than
    Python, but for nbgrader's.

    Args:
        source: the code of the cell.
        metadata: of the cell.
        runners: what runs tests anywhere in the notebook.
    """
    found = [*nbgrader_test(metadata), *_in_code(source, runners)]
    return list(dict.fromkeys(name[:_MAX_NAME] for name in found if name.strip()))


def nbgrader_test(metadata: Mapping[str, Any]) -> list[str]:
    """Name the test that a cell is by nbgrader's mark, as nbgradertest.ts does, or nothing."""
    mark = metadata.get("nbgrader")
    if not isinstance(mark, Mapping) or not isinstance(mark.get("grade_id"), str):
        return []
    is_test = mark.get("grade") is True and not any(
        mark.get(by) is True for by in ("solution", "task")
    )
    return [mark["grade_id"]] if is_test else []


class Runners:
    """The libraries that run tests without a decorator, anywhere in a notebook.

    Attributes:
        doctest: whether doctests are run.
        pytest: whether pytest or ipytest is run.
    """

    def __init__(self, sources: Iterator[str]) -> None:
        """Look through the code of a notebook.

        Args:
            sources: the code of each cell.
        """
        self.doctest = self.pytest = False
        for source in sources:
            self.doctest = self.doctest or _calls_any(source, _DOCTEST_RUNNERS)
            self.pytest = (
                self.pytest
                or _PYTEST_MAGIC.search(source) is not None
                or _calls_any(source, _PYTEST_RUNNERS)
            )


def _calls_any(source: str, names: tuple[str, ...]) -> bool:
    return any(count_calls(source, name) > 0 for name in names)


def _in_code(source: str, runners: Runners) -> Iterator[str]:
    tree = parse(_PYTEST_MAGIC.sub("%", source))
    if tree is None:
        return
    nodes = (node for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt)))
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Call):
            yield from _otter_check(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            tracked = list(_tracked(node))
            yield from tracked
            is_pytest = runners.pytest and node.name.startswith("test")
            if is_pytest and not tracked and node in tree.body:
                yield node.name
    if runners.doctest:
        yield from _doctests(tree.body, "")


def _otter_check(call: ast.Call) -> Iterator[str]:
    """Name the question of `grader.check("q1")`."""
    if is_named(call.func, "grader.check"):
        asked = [*call.args, *(word.value for word in call.keywords if word.arg == "question")]
        if asked and isinstance(asked[0], ast.Constant) and isinstance(asked[0].value, str):
            yield asked[0].value


def _tracked(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """Name the tests that a function is by `tracked_test`, bare or called."""
    for decorator in function.decorator_list:
        if is_named(decorator, "tracked_test"):
            yield function.name
        elif isinstance(decorator, ast.Call) and is_named(decorator.func, "tracked_test"):
            names = [*decorator.args, *(word.value for word in decorator.keywords)]
            if names and isinstance(names[0], ast.Constant) and isinstance(names[0].value, str):
                yield names[0].value


def _doctests(body: list[ast.stmt], owner: str) -> Iterator[str]:
    """Name the functions and classes whose docstrings hold examples, as doctest names them."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if _EXAMPLE.search(ast.get_docstring(node, clean=False) or ""):
                yield owner + node.name
            if isinstance(node, ast.ClassDef):
                yield from _doctests(node.body, f"{owner}{node.name}.")
