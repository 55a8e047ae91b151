"""The lesson of a notebook: what is shown, what is to be completed, what solves it."""

from pathlib import Path

import pytest

from ipynb_telemetry.notebooks.notebookfile import NotebookFile
from ipynb_telemetry.simulation.lesson import Cell, Lesson, LessonError, Task, read_lesson
from ipynb_telemetry.tests.support.commandline import EXAMPLE
from ipynb_telemetry.tests.support.lessons import (
    COMMON,
    SOLUTION,
    STARTER,
    code,
    folded,
    small_cells,
    text,
    write_lesson,
)


def lesson_of(tmp_path: Path, cells: list[dict[str, object]], language: str = "python") -> Lesson:
    return read_lesson(NotebookFile(write_lesson(tmp_path / "lesson.ipynb", cells, language)))


def test_the_example_has_an_exercise_and_a_solution_in_each_section() -> None:
    lesson = read_lesson(NotebookFile(EXAMPLE))
    first, *rest = lesson.steps
    assert isinstance(first, Cell)
    assert first.id == "setup"
    assert all(isinstance(step, Task) for step in rest)
    assert [task.work.id for task in lesson.tasks] == [f"ex{n}-code" for n in range(1, 8)]
    for task in lesson.tasks:
        assert [cell.id for cell in task.tests] == [task.work.id.replace("code", "test")]
        assert task.folded is not None
        assert task.folded.cell_id == task.work.id.replace("code", "solution")
        assert task.solution == task.folded.code
        assert "```" not in task.folded.code
    assert [cell.id for cell in lesson.tasks[2].before] == ["imports-demo"]
    assert (lesson.notebook, lesson.cell_count) == ("D1_Python_Tooling", 41)


def test_a_cell_is_told_as_a_page_tells_it(tmp_path: Path) -> None:
    lesson = lesson_of(tmp_path, small_cells())
    assert [(cell.id, cell.index) for cell in lesson.cells] == [
        ("shown", 1),
        ("ex1-code", 3),
        ("ex1-test", 4),
        ("ex2-code", 7),
        ("ex2-test", 8),
    ]
    total, common = lesson.tasks
    assert (total.work.source, total.solution) == (STARTER, SOLUTION)
    assert (total.tests[0].tests, total.tests[0].graded) == (("1 total",), None)
    assert (common.solution, common.tests[0].graded) == (COMMON, "common")


def test_solutions_that_are_called_alike_are_told_apart_by_their_place(tmp_path: Path) -> None:
    cells = small_cells()
    cells[5] = text("ex1-solution", folded("Solution", SOLUTION))
    cells[9] = text("ex2-solution", folded("Solution", COMMON))
    lesson = lesson_of(tmp_path, cells)
    assert [task.solution for task in lesson.tasks] == [SOLUTION, COMMON]


def test_the_cell_to_complete_is_the_one_that_defines_what_the_solution_does(
    tmp_path: Path,
) -> None:
    cells = small_cells()
    cells.insert(4, code("look", "print(3)"))
    lesson = lesson_of(tmp_path, cells)
    assert lesson.tasks[0].work.id == "ex1-code"
    assert [cell.id for cell in lesson.tasks[0].before] == ["look"]


@pytest.mark.parametrize(
    ("cells", "language", "why"),
    [
        (small_cells(), "R", "is in R: only the code of Python notebooks can be run"),
        ([text("a", "# Nothing")], "python", "has no exercises"),
    ],
)
def test_a_notebook_without_a_lesson_is_refused(
    tmp_path: Path, cells: list[dict[str, object]], language: str, why: str
) -> None:
    with pytest.raises(LessonError, match=why):
        lesson_of(tmp_path, cells, language)
