"""Cells and wrong variants, really run."""

from pathlib import Path

import pytest

from ipynb_telemetry.notebooks.notebookfile import NotebookFile
from ipynb_telemetry.simulation import benchprocess, jobs
from ipynb_telemetry.simulation.lesson import LessonError, read_lesson
from ipynb_telemetry.simulation.trials import Trials, try_out
from ipynb_telemetry.store.errorfold import fold
from ipynb_telemetry.tests.support.lessons import code, small_cells, text, write_lesson

from .conftest import Tried


def tried(tmp_path: Path, cells: list[dict[str, object]]) -> Trials:
    path = write_lesson(tmp_path / "lesson.ipynb", cells)
    return try_out(read_lesson(NotebookFile(path)), 7)


def test_what_solves_an_exercise_passes_its_test(small: Tried) -> None:
    total, common = (small.trials.solved[name] for name in ("1 total", "common"))
    assert [run.cell.id for run in total.runs] == ["ex1-code", "ex1-test"]
    assert total.failure is None
    assert total.runs[1].output == "TEST PASSED: 1 total\n"
    assert [(verdict.test, verdict.error) for verdict in total.runs[1].tests] == [("1 total", None)]
    # Of a test by nbgrader's mark the page tells, not the kernel.
    assert (common.failure, common.runs[1].tests) == (None, ())
    assert small.trials.made_up == []


def test_wrong_variants_have_the_errors_and_tracebacks_of_ipython(small: Tried) -> None:
    wrong = small.trials.wrong["1 total"]
    assert wrong[0].kind == "as handed out"
    names = {attempt.failure.name for attempt in wrong}
    assert names >= {"AssertionError", "NameError", "SyntaxError"}
    typo = next(attempt for attempt in wrong if attempt.kind == "typo")
    assert typo.runs[1].of_test
    (verdict,) = typo.runs[1].tests
    assert verdict.error is not None
    assert verdict.error.value == typo.failure.value
    assert "in test_total\n" in verdict.error.traceback
    work, test = (small.trials.counts[name] for name in ("ex1-code", "ex1-test"))
    assert f"Cell In[{work}], line " in typo.failure.traceback
    assert f"Cell In[{test}], line " in typo.failure.traceback
    assert typo.runs[1].output.endswith(typo.failure.traceback)
    syntax = next(attempt for attempt in wrong if attempt.kind == "syntax")
    assert len(syntax.runs) == 1
    assert "<ipython-input" not in syntax.failure.value


def test_two_students_with_one_cause_are_folded_though_line_or_name_differ(small: Tried) -> None:
    typos = [attempt for attempt in small.trials.wrong["1 total"] if attempt.kind == "typo"]
    assert len({attempt.failure.value for attempt in typos}) > 1
    assert len({attempt.failure.traceback for attempt in typos}) == len(typos)
    failures = [attempt.failure for attempt in typos if attempt.failure is not None]
    assert len({fold(*failure) for failure in failures}) == 1


def test_a_cell_above_that_was_not_run_is_missed(small: Tried) -> None:
    (missed,) = [
        attempt for attempt in small.trials.wrong["common"] if attempt.kind == "cell above not run"
    ]
    assert missed.failure.value.startswith("name 'Counter' is not defined")
    # The names are there again for whatever is run next.
    assert small.trials.solved["common"].failure is None


def test_nothing_of_a_variant_stays_for_the_next_one(tmp_path: Path) -> None:
    cells = small_cells()
    cells[1] = code("shown", "left = []")
    cells[3] = code("ex1-code", "total = None\nleft = [1]")
    test = '@tracked_test("1 total")\ndef test():\n    assert left == []\ntest()'
    cells[4] = code("ex1-test", test)
    assert tried(tmp_path, cells[:6]).solved["1 total"].failure is None


def test_a_variant_that_takes_too_long_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LIMIT_S", 5)
    cells = small_cells()
    cells[3] = code("ex1-code", "import time\ntime.sleep(60)")
    found = tried(tmp_path, cells[:6])
    assert "as handed out" not in {attempt.kind for attempt in found.wrong["1 total"]}
    assert found.wrong["1 total"]
    assert found.solved["1 total"].failure is None
    assert found.made_up == []


def test_no_cell_reaches_the_network_or_ends_the_run(tmp_path: Path) -> None:
    reach = "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)"
    cells = [code("net", reach), code("say", "import os\nos.write(1, b'mine')"), *small_cells()]
    shown = tried(tmp_path, cells).shown
    assert shown["net"].error is not None
    assert "Network is unreachable" in shown["net"].error.value
    assert shown["say"].error is None


def test_files_beside_the_notebook_are_read_and_not_changed(tmp_path: Path) -> None:
    (tmp_path / "prices.txt").write_text("3")
    touch = "text = open('prices.txt').read()\nopen('prices.txt', 'w').write('4')\nprint(text)"
    shown = tried(tmp_path, [code("read", touch), *small_cells()]).shown
    assert shown["read"].output == "3\n"
    assert (tmp_path / "prices.txt").read_text() == "3"


def test_without_a_solution_that_passes_the_pass_is_made_up(tmp_path: Path) -> None:
    cells = small_cells()
    cells[5] = text("ex1-solution", "Think!")
    found = tried(tmp_path, cells[:6])
    assert found.made_up == ["Exercise 1"]
    assert found.solved["1 total"].runs[-1].tests[0].error is None
    assert found.wrong["1 total"]


def test_python_that_does_not_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "IPython").mkdir()
    (tmp_path / "IPython" / "__init__.py").write_text("raise ImportError('No module IPython')")
    monkeypatch.setattr(benchprocess, "_PACKAGE", f"{tmp_path}:{Path(__file__).parents[3]}")
    with pytest.raises(LessonError, match=r"cannot be run here: .*; install ipykernel"):
        tried(tmp_path, small_cells())
