# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Results of doctest, and of all sources alike, told by bootstrap.py without a decorator."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

from .directkernel import Student, environment, running, written
from .doctests import DOCTESTS, results
from .frontend import SOURCE, FrontEnd, a_page, running_kernel


@pytest.fixture
def page(course: FrontEnd) -> FrontEnd:
    return course


HOOKS = "{name: len(calls) for name, calls in get_ipython().events.callbacks.items()}"


def test_nothing_is_imported_and_no_hook_of_the_cells_is_used(tmp_path: Path) -> None:
    with running_kernel(tmp_path) as kernel, a_page(kernel) as page:
        state = f"(sorted(sys.modules), {HOOKS}, [type(f).__name__ for f in sys.meta_path])"
        page.run("import sys")
        modules, hooks, finders = page.value(state)
        for source in (SOURCE, SOURCE, SOURCE.replace("TEST PASSED", "TEST FINE")):
            page.load(source)
        after = page.value(state)
        assert set(after[0]) - set(modules) == {"_ipynb_telemetry"}
        assert not {"doctest", "pytest", "otter"} & set(after[0])
        assert after[1:] == (hooks, ["_TestFinder", *finders])
        loader = "__import__('doctest').__spec__.loader"
        assert page.value(f"sorted(vars({loader}))") == ["name", "path"]


def test_each_docstring_is_a_doctest(page: FrontEnd) -> None:
    told = page.run(DOCTESTS + "result = doctest.testmod()")
    assert page.value("(result.failed, result.attempted > 4)") == (3, True)
    assert [message["source"] for message in told] == ["doctest"] * 3
    divided, subtracted = (m["properties"] for m in told if m["event"] == "test_failed")
    (added,) = (m["properties"] for m in told if m["event"] == "test_passed")
    assert added.pop("duration_ms") > 0
    assert added.pop("cell_id").startswith("source-")
    assert added == {"test": "add", "error": None}
    assert subtracted["test"] == "subtract"
    assert subtracted["error"] == {
        "name": "DocTestFailure",
        "value": "expected 1, got 2",
        "traceback": ">>> subtract(3, 1)\nexpected 1, got 2",
    }
    assert divided["error"]["name"] == "ZeroDivisionError"
    lines = divided["error"]["traceback"].splitlines()
    assert lines[1] == "  File <doctest __main__.divide[0]>, line 1, in <module>"
    assert lines[-2:] == ["    return a / b", "ZeroDivisionError: division by zero"]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("doctest.run_docstring_examples(add, globals())", [("test_passed", "add")]),
        ("doctest.run_docstring_examples(add, {}, name='q1')", [("test_failed", "q1")]),
        ("doctest.run_docstring_examples(later, globals())", []),
        ("doctest.DocTestRunner(verbose=False).run(test=test)", [("test_passed", "add")]),
        (
            "try:\n    doctest.DebugRunner().run(bad)\n"
            "except doctest.DocTestFailure as error:\n    print(error.got)",
            [("test_failed", "subtract")],
        ),
    ],
)
def test_other_ways_to_run_doctests(page: FrontEnd, code: str, told: list[Any]) -> None:
    page.run(
        DOCTESTS + "(test,) = doctest.DocTestFinder().find(add)\n"
        "(bad,) = doctest.DocTestFinder().find(subtract)"
    )
    assert results(page, code) == told
    assert page.reply["status"] == "ok"


def test_an_interrupted_doctest_is_no_verdict(page: FrontEnd) -> None:
    code = '''
    import doctest
    def stop():
        """
        >>> 1
        2
        >>> raise KeyboardInterrupt
        """
    doctest.run_docstring_examples(stop, globals())
    '''
    assert results(page, code) == []
    assert page.reply["ename"] == "KeyboardInterrupt"
    assert results(page, DOCTESTS + "doctest.run_docstring_examples(add, globals())") == [
        ("test_passed", "add")
    ]


def test_what_is_watched_looks_and_works_as_before(page: FrontEnd) -> None:
    import doctest

    page.run("import doctest, inspect, pytest")
    run = "doctest.DocTestRunner.run"
    assert page.value(f"str(inspect.signature({run}))") == str(
        inspect.signature(doctest.DocTestRunner.run)
    )
    assert page.value("str(inspect.signature(pytest.main))") == str(inspect.signature(pytest.main))
    watched = f"({run}.__name__, {run}.__wrapped__.__code__.co_filename == doctest.__file__)"
    for _ in range(2):
        assert page.value(watched) == ("run", True)
        page.load()
    page.run("import importlib; importlib.reload(doctest)")
    assert page.value(watched) == ("run", True)
    page.run("doctest.DocTestRunner().run(1, 2, 3, 4, 5)")
    assert page.reply["ename"] == "TypeError"


@pytest.mark.parametrize(
    ("off", "told"),
    [("doctest", [("test_failed", "test_one")]), ("pytest", [("test_passed", "add")])],
)
def test_the_kernel_can_switch_a_source_off(page: FrontEnd, off: str, told: list[Any]) -> None:
    page.run(f"import sys; sys.modules['_ipynb_telemetry'].sources_off.add({off!r})")
    code = DOCTESTS + (
        "doctest.run_docstring_examples(add, globals())\n"
        "import ipytest; ipytest.clean()\ndef test_one(): assert False\nipytest.run()"
    )
    assert results(page, code) == told


BREAKAGES = {
    "no state": "vars(state).clear()",
    "no Comm": "state.comms['page']['comm'] = None",
    "no guard": "del state.judging",
    "sources_off is no set": "state.sources_off = None",
}


@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_no_failure_of_ours_reaches_the_cell(page: FrontEnd, breakage: str) -> None:
    page.run("import sys; state = sys.modules['_ipynb_telemetry']; kept = {**vars(state)}")
    page.run(breakage)
    code = DOCTESTS + "import ipytest; ipytest.clean()\ndef test_one(): pass\n"
    page.run(code + "assert doctest.testmod().failed == 3 and int(ipytest.run()) == 0")
    reply: dict[str, Any] = page.reply
    page.run("vars(state).update(kept)")
    assert reply["status"] == "ok", reply


def test_a_kernel_that_reports_by_itself_tells_them_too(tmp_path: Path) -> None:
    env = {**environment(tmp_path), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    student: Student
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        assert "events stay in" in student.set_up()
        student.cell(DOCTESTS + "doctest.testmod()", "doctests")
        student.cell(
            "import ipytest; ipytest.clean()\ndef test_one(): assert 1 == 2\nipytest.run()"
        )
    told = [event for event in written(tmp_path) if event["event"].startswith("test_")]
    assert sorted((e["properties"]["test"], e["event"]) for e in told) == [
        ("add", "test_passed"),
        ("divide", "test_failed"),
        ("subtract", "test_failed"),
        ("test_one", "test_failed"),
    ]
    errors = {e["properties"]["test"]: e["properties"]["error"] for e in told}
    assert errors["add"] is None
    assert errors["subtract"]["value"] == "expected 1, got 2"
    assert errors["test_one"]["name"] == "AssertionError"
    assert {e["properties"]["attempt"] for e in told} == {1}
