"""The names of the tests in a cell."""

from __future__ import annotations

from typing import Any

import pytest

from ipynb_telemetry.notebooks.celltests import Runners, names_of_tests

BARE = Runners(iter(["x = 1"]))
DOCTEST = '''
def outer():
    """
    >>> outer()
    """
class Box:
    """No example."""
    def get(self):
        """>>> Box().get()"""
'''


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("@tracked_test('a b')\ndef t(): pass\n@tracked_test\ndef u(): pass", ["a b", "u"]),
        ("@bootstrap.tracked_test(name='c')\nasync def t(): pass", ["c"]),
        ("class T:\n    @tracked_test('in a class')\n    def t(self): pass", ["in a class"]),
        ("@tracked_test(f'{n}')\ndef t(): pass", []),
        ("grader.check('q1'); grader.check(question='q2')\ngrader.check(q)", ["q1", "q2"]),
        ("%pip install x\n!ls\n@tracked_test('a')\ndef t(): pass", ["a"]),
        ("@tracked_test('a')\ndef t(): pass\n@tracked_test('a')\ndef u(): pass", ["a"]),
        ("@tracked_test('" + "x" * 300 + "')\ndef t(): pass", ["x" * 200]),
        ("def test_even(): pass", []),
        (DOCTEST, []),
        ("this is no Python", []),
        ("", []),
    ],
)
def test_names_in_their_order(source: str, names: list[str]) -> None:
    assert names_of_tests(source, {}, BARE) == names


@pytest.mark.parametrize(
    ("runner", "source", "names"),
    [
        (
            "import pytest\npytest.main(['x'])",
            "def test_even(): pass\ndef helper(): pass",
            ["test_even"],
        ),
        ("ipytest.run()", "@tracked_test('named')\ndef test_even(): pass", ["named"]),
        (
            "%%ipytest -q\ndef test_even(): pass",
            "%%ipytest -q\ndef test_even(): pass",
            ["test_even"],
        ),
        ("import doctest; doctest.testmod()", DOCTEST, ["outer", "Box.get"]),
        ("from doctest import run_docstring_examples as r", DOCTEST, []),
        ("run_docstring_examples(f, globals())", DOCTEST, ["outer", "Box.get"]),
        ("# pytest.main() and doctest.testmod()", "def test_even(): pass" + DOCTEST, []),
    ],
)
def test_tests_that_something_in_the_notebook_runs(
    runner: str, source: str, names: list[str]
) -> None:
    assert names_of_tests(source, {}, Runners(iter([source, runner]))) == names


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        ({"grade": True, "grade_id": "sum"}, ["sum"]),
        ({"grade": True, "grade_id": "sum", "solution": True}, []),
        ({"grade": True, "grade_id": "sum", "task": True}, []),
        ({"grade": True, "grade_id": " "}, []),
        ({"grade": "yes", "grade_id": "sum"}, []),
        ({"grade_id": 7, "grade": True}, []),
        ([], []),
    ],
)
def test_cells_that_nbgrader_marks(mark: Any, names: list[str]) -> None:
    assert names_of_tests("assert total == 3", {"nbgrader": mark}, BARE) == names
