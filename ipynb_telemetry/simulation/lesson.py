"""The lesson that a notebook gives: its cells in order, and what each exercise asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..notebooks.cellids import cell_ids, is_readable_id
from ..notebooks.celltests import Runners, names_of_tests, nbgrader_test
from ..notebooks.flag import default_notebook_id
from ..notebooks.notebookfile import NotebookFile, source_of
from ..notebooks.outline import Exercise, outline_of
from ..notebooks.pythonsource import parse
from .solutions import Folded, bound_names, folded_blocks


class LessonError(ValueError):
    """A notebook that no class can be simulated with, and why, in words that follow its name."""


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes:
        id: by which events name the cell.
        index: its place among all cells of the notebook, from 0.
        source: its code, as it is handed out.
        tests: the names of the tests in it.
        graded: the test that the cell is by nbgrader's mark; its runs are results.
    """

    id: str
    index: int
    source: str
    tests: tuple[str, ...] = ()
    graded: str | None = None


@dataclass(frozen=True)
class Task:
    """An exercise, as a student meets it.

    Attributes:
        exercise: of the outline.
        before: cells to run before the work begins.
        work: the cell to complete.
        tests: the cells that test it; the work's own cell may be the only one.
        solution: code that solves the exercise; None: the notebook has none.
        folded: the block that holds the solution, which can be opened; None: there is none.
    """

    exercise: Exercise
    before: tuple[Cell, ...]
    work: Cell
    tests: tuple[Cell, ...]
    solution: str | None
    folded: Folded | None


@dataclass(frozen=True)
class Lesson:
    """A notebook to be worked through.

    Attributes:
        notebook: its id in events.
        folder: where its file lies.
        cell_count: of all cells, text too.
        language: of the code.
        steps: cells that are shown and exercises, in their order.
    """

    notebook: str
    folder: Path
    cell_count: int
    language: str
    steps: tuple[Cell | Task, ...]

    @property
    def tasks(self) -> list[Task]:
        """The exercises."""
        return [step for step in self.steps if isinstance(step, Task)]

    @property
    def cells(self) -> list[Cell]:
        """All code cells in which anything stands, in the order of the lesson."""
        return [
            cell
            for step in self.steps
            for cell in ([step] if isinstance(step, Cell) else cells_of(step))
        ]


def cells_of(task: Task) -> list[Cell]:
    """Give the cells of an exercise in the order in which a student runs them."""
    own = [task.work] if task.work not in task.tests else []
    return [*task.before, *own, *task.tests]


def read_lesson(notebook: NotebookFile) -> Lesson:
    """Read the lesson of a notebook.

    Raises:
        LessonError: it is in another language than Python, or has nothing to work at.
    """
    language = notebook.language or "python"
    if language != "python":
        raise LessonError(
            f"is in {language}: only the code of Python notebooks can be run for its errors"
        )
    exercises = [each for each in outline_of(notebook) if each.cells]
    if not exercises:
        raise LessonError("has no exercises: neither tests nor code below a heading")
    cells = list(_code_cells(notebook))
    blocks = folded_blocks(notebook.cells, _ids(notebook))
    steps: list[Cell | Task] = []
    owners = {cell_id: exercise for exercise in exercises for cell_id in exercise.cells}
    begun: set[str] = set()
    by_id = {cell.id: cell for cell in cells}
    for cell in cells:
        exercise = owners.get(cell.id)
        if exercise is None:
            steps.append(cell)
        elif exercise.id not in begun:
            begun.add(exercise.id)
            own = [by_id[cell_id] for cell_id in exercise.cells if cell_id in by_id]
            steps.append(_task(exercise, own, blocks))
    return Lesson(
        notebook=notebook.flag.notebook or default_notebook_id(notebook.path),
        folder=notebook.path.resolve().parent,
        cell_count=len(notebook.cells),
        language=language,
        steps=tuple(steps),
    )


def _ids(notebook: NotebookFile) -> list[str]:
    own = is_readable_id if notebook.ids == "file" else lambda _: False
    return cell_ids(notebook.cells, own)


def _code_cells(notebook: NotebookFile) -> Iterator[Cell]:
    """Give the code cells that do anything."""
    code = [cell for cell in notebook.cells if cell["cell_type"] == "code"]
    runners = Runners(source_of(cell) for cell in code)
    for index, (cell, cell_id) in enumerate(zip(notebook.cells, _ids(notebook), strict=True)):
        source = source_of(cell)
        if cell["cell_type"] == "code" and source.strip():
            metadata = _metadata(cell)
            graded = nbgrader_test(metadata)
            yield Cell(
                id=cell_id,
                index=index,
                source=source,
                tests=tuple(names_of_tests(source, metadata, runners)),
                graded=graded[0] if graded else None,
            )


def _metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _task(exercise: Exercise, cells: Sequence[Cell], blocks: Sequence[Folded]) -> Task:
    """Find out which cell of an exercise is to be completed, and what solves it."""
    own = [block for block in blocks if block.cell_id in exercise.solutions]
    tests = tuple(cell for cell in cells if cell.tests)
    open_cells = [cell for cell in cells if not cell.tests] or list(tests[:1])
    with_code = next((block for block in own if block.code), None)
    solution = with_code.code if with_code else None
    work = _work_cell(open_cells, tests, solution)
    if solution is not None and parse(solution) is None:
        solution = None
    return Task(
        exercise=exercise,
        before=tuple(cell for cell in open_cells if cell is not work),
        work=work,
        tests=tests,
        solution=solution,
        folded=with_code or (own[0] if own else None),
    )


def _work_cell(cells: Sequence[Cell], tests: Sequence[Cell], solution: str | None) -> Cell:
    """Give the cell that defines what the solution defines, else the last one before a test."""
    wanted = bound_names(solution or "")
    for cell in reversed(cells):
        if wanted & bound_names(cell.source):
            return cell
    first = min((test.index for test in tests), default=0)
    return next((cell for cell in reversed(cells) if cell.index < first), cells[-1])
