# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Results of Otter-Grader's checks, told by bootstrap.py in a real kernel with the real Otter."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .directkernel import Student, environment, running, written
from .frontend import FrontEnd, a_page, running_kernel

# Where npm test puts what requirements-otter.txt pins.
OTTER = Path(sys.prefix, "otter")

OK_TEST = """
OK_FORMAT = True
test = {
    "name": "q1", "points": 1, "suites": [{"type": "doctest", "cases": [
        {"code": ">>> x + 1\\n3\\n", "hidden": False, "locked": False,
         "failure_message": "x should be 2"},
        {"code": ">>> isinstance(x, int)\\nTrue\\n", "hidden": False, "locked": False},
    ]}],
}
"""
EXCEPTION_TEST = """
from otter.test_files import test_case
OK_FORMAT = False
name = "q2"
points = 1

@test_case(points=1, name="is even")
def test_even(x):
    assert x % 2 == 0, "not even"
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontEnd]:
    assert (OTTER / "otter").is_dir(), "npm test -- pytest installs Otter-Grader"
    folder = tmp_path_factory.mktemp("course")
    (folder / "tests").mkdir()
    (folder / "tests" / "q1.py").write_text(OK_TEST)
    (folder / "tests" / "q2.py").write_text(EXCEPTION_TEST)
    with running_kernel(tmp_path_factory.mktemp("ipython")) as kernel, a_page(kernel) as page:
        page.run(f"import os, sys; os.chdir({str(folder)!r}); sys.path.insert(0, {str(OTTER)!r})")
        page.load()
        page.open()
        page.run("import otter\ngrader = otter.Notebook(tests_dir='tests')")
        assert page.reply["status"] == "ok", page.reply
        yield page


def test_a_check_is_one_result_under_its_question(page: FrontEnd) -> None:
    page.run("x = 2")
    (passed,) = page.run("grader.check('q1')")
    assert (passed["event"], passed["source"]) == ("test_passed", "otter")
    assert passed["properties"].pop("duration_ms") > 0
    assert passed["properties"].pop("cell_id").startswith("source-")
    assert passed["properties"] == {"test": "q1", "error": None}
    (shown,) = page.contents("execute_result")
    assert "passed!" in shown["data"]["text/html"]

    page.run("x = 3")
    (failed,) = page.run("result = grader.check('q1')")
    assert page.value("(type(result).__name__, result.passed_all)") == ("OKTestFile", False)
    assert failed["event"] == "test_failed"
    error = failed["properties"]["error"]
    assert (error["name"], error["value"]) == ("TestCaseFailed", "q1 - 1: x should be 2")
    assert "x + 1" in error["traceback"]


@pytest.mark.parametrize(
    "code",
    [
        "grader.check('q2')",
        "grader.check('q2', None)",
        "grader.check('q2', global_env=None)",
        "grader.check('q2', globals())",
        "grader.check(question='q2')",
        "def within():\n    x = 'local'\n    return grader.check('q2')\nwithin()",
    ],
)
def test_a_check_sees_the_variables_it_saw_before(page: FrontEnd, code: str) -> None:
    for value, verdict in ((4, "test_passed"), (5, "test_failed")):
        page.run(f"x = {value}")
        assert [(event, p["test"]) for event, p in page.events(code)] == [(verdict, "q2")]
        assert page.reply["status"] == "ok"


def test_check_all_is_one_result_for_each_question(page: FrontEnd) -> None:
    page.run("x = 2")
    told = page.events("everything = grader.check_all()")
    assert {(event, p["test"]) for event, p in told} == {
        ("test_passed", "q1"),
        ("test_passed", "q2"),
    }
    assert len(told) == 2
    assert page.value("sorted(everything.results)") == ["q1", "q2"]


def test_an_unknown_question_is_an_error_and_no_verdict(page: FrontEnd) -> None:
    assert page.events("grader.check('q3')") == []
    assert page.reply["ename"] == "FileNotFoundError"
    page.run("grader.check()")
    assert page.reply["ename"] == "TypeError"


def test_it_can_be_switched_off_and_loaded_again(page: FrontEnd) -> None:
    page.run("x = 2; off = sys.modules['_ipynb_telemetry'].sources_off; off.add('otter')")
    assert page.events("grader.check('q1')") == []
    page.run("off.clear()")
    page.load()
    assert len(page.events("grader.check('q1')")) == 1


def test_a_kernel_that_reports_by_itself_tells_of_a_check_too(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "q1.py").write_text(OK_TEST)
    student: Student
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up()
        student.cell(f"import sys; sys.path.insert(0, {str(OTTER)!r})")
        student.cell("import otter\ngrader = otter.Notebook(tests_dir='tests')\nx = 1")
        for code in ("grader.check('q1')", "x = 2\ngrader.check('q1')"):
            student.cell(code)
            assert student.reply["status"] == "ok", student.reply
    told = [event for event in written(tmp_path) if event["event"].startswith("test_")]
    assert [(e["event"], e["properties"]["test"], e["properties"]["attempt"]) for e in told] == [
        ("test_failed", "q1", 1),
        ("test_passed", "q1", 2),
    ]
