# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Names that the lesson was given are there for the next cell, and a student's own stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from .directkernel import Student, names, running, written
from .directkernel import environment as environment_of
from .frontend import ANN, PASSING, FrontEnd

LOSSES = {
    "reset": "%reset -f",
    "a lone name": "del tracked_test, _telemetry_capture",
    "a name like others": "%reset_selective -f ^(tracked|_tele)",
    "twice": "%reset -f\n%reset -f",
}


@pytest.mark.parametrize("code", LOSSES.values(), ids=LOSSES)
def test_a_lesson_that_loses_the_names_goes_on(page: FrontEnd, code: str) -> None:
    assert len(page.events(f"{PASSING}test()")) == 1
    page.run(code)
    assert page.reply["status"] == "ok"
    found = page.events(f"{PASSING}test()\n_telemetry_capture('after', {{'id': STUDENT_ID}})")
    assert page.reply["status"] == "ok"
    assert [name for name, _ in found] == ["test_passed", "after"]
    assert found[1][1] == {"id": "JOHN_DOE"}
    page.load()
    assert "tracked_test" in page.value("sorted(globals())")


def test_a_kernel_that_reports_goes_on_too(tmp_path: Path) -> None:
    with running(environment_of(tmp_path), cwd=str(tmp_path)) as student:
        assert isinstance(student, Student)
        student.stdin = False
        student.set_up()
        student.cell("%reset -f")
        student.cell(f"{PASSING}test()\n_telemetry_capture('after')")
        assert student.reply["status"] == "ok"
        student.set_up()
        student.manager.shutdown_kernel()
    assert names(written(tmp_path)).count("after") == 1


OURS = "sorted({'tracked_test', '_cell', 'STUDENT_ID'} & vars(__import__('builtins')).keys())"


def test_a_notebook_that_is_no_longer_tracked_keeps_its_names_and_python_has_none(
    page: FrontEnd, second_page: FrontEnd
) -> None:
    second_page.open(comm_id="second")
    page.run("tracked_test_of_old = tracked_test\n_cell = 'mine'\nimport builtins")
    page.run("builtins.STUDENT_ID = 'of another program'")
    page.tell({"off": True})
    # The other page's notebook is still tracked.
    assert page.value(OURS) == ["STUDENT_ID", "_cell", "tracked_test"]
    second_page.tell({"off": True}, "second")
    second_page.close("second")
    assert page.value(OURS) == ["STUDENT_ID"]
    assert page.value("(tracked_test is tracked_test_of_old, _cell)") == (True, "mine")
    page.run("del _cell, tracked_test_of_old, builtins.STUDENT_ID")
    page.load()
    assert page.value(OURS) == ["STUDENT_ID", "_cell", "tracked_test"]


def test_what_a_student_assigned_stays_the_students(page: FrontEnd) -> None:
    page.run("_cell = STUDENT_ID = 'mine'")
    page.tell({"version": 1, "notebook": "D1", "student": ANN})
    page.load()
    page.run("setup_telemetry('D1')")
    assert page.value("(_cell, STUDENT_ID, STUDENT_NAME)") == ("mine", "mine", "ANN-LEE")
    page.run("del _cell, STUDENT_ID")
    assert page.value("(callable(_cell), STUDENT_ID)") == (True, "ANN_LEE")
    page.load()


def test_another_module_of_the_course_may_bring_the_same_names(
    page: FrontEnd, tmp_path: Path
) -> None:
    (tmp_path / "coursetools.py").write_text(
        "def tracked_test(name): return lambda test: test\n", "utf-8"
    )
    page.run(f"import sys; sys.path.insert(0, {str(tmp_path)!r})\nfrom coursetools import *")
    assert page.events(f"{PASSING}test()\n_telemetry_capture('heard')") == [("heard", {})]
    page.run("del tracked_test")
    assert [name for name, _ in page.events(f"{PASSING}test()")] == ["test_passed"]
    page.load()


def test_autoreload_changes_nothing(page: FrontEnd) -> None:
    page.run("%load_ext autoreload\n%autoreload 2\nimport ipynb_telemetry.bootstrap as ours")
    page.run("import importlib; importlib.reload(ours)")
    assert page.reply["status"] == "ok"
    assert [name for name, _ in page.events(f"{PASSING}test()")] == ["test_passed"]
    assert len(page.events("ours.tracked_test('again')(lambda: 1)()")) == 1
    page.run("%autoreload 0")
