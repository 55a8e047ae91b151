"""What students of a lesson would see: its cells and wrong variants, really run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .jobs import Job, jobs_of, run_jobs, work_of
from .lesson import Cell, Lesson, Task


class Failure(NamedTuple):
    """An error, as events have it."""

    name: str
    value: str
    traceback: str


class Verdict(NamedTuple):
    """The result of a test; `error` is None where it passed."""

    test: str
    error: Failure | None


class Run(NamedTuple):
    """What a run of a cell came to.

    Attributes:
        cell: which one.
        code: that was run.
        error: None where the run ended well.
        of_test: whether a test has told the error already.
        output: as text, the traceback with it.
        tests: what tests in it told, in order.
    """

    cell: Cell
    code: str
    error: Failure | None
    of_test: bool
    output: str
    tests: tuple[Verdict, ...]


class Attempt(NamedTuple):
    """A student's attempt at an exercise: the runs up to the first that fails.

    Attributes:
        kind: `solved`, `as handed out`, or what is wrong with it.
        runs: of the cell that is to be completed, then of the tests.
    """

    kind: str
    runs: tuple[Run, ...]

    @property
    def failure(self) -> Failure | None:
        """The error that the attempt ended by."""
        return self.runs[-1].error


class Trials(NamedTuple):
    """What was tried, by the id of the exercise.

    Attributes:
        shown: the run of each cell that is only shown, by the cell's id.
        solved: the attempt that passes.
        wrong: attempts that fail.
        made_up: titles of exercises of which nothing passes, so that their pass is made up.
        counts: which execution count each cell had, by its id: tracebacks name it.
    """

    shown: Mapping[str, Run]
    solved: Mapping[str, Attempt]
    wrong: Mapping[str, Sequence[Attempt]]
    made_up: Sequence[str]
    counts: Mapping[str, int]


def try_out(
    lesson: Lesson, seed: int, watch: Callable[[int, int], object] = lambda done, of: None
) -> Trials:
    """Run the cells of a lesson, and wrong variants of what solves its exercises.

    The code runs in a process of its own, with a copy of the files beside the notebook, without
    network and with a limit of time.

    Args:
        lesson: the lesson.
        seed: chooses the variants.
        watch: told how many of how many jobs are done.

    Raises:
        LessonError: Python cannot run the lesson here.
    """
    counts = {cell.id: number for number, cell in enumerate(lesson.cells, 1)}
    jobs = jobs_of(lesson, seed)
    told = run_jobs(jobs, counts, lesson.folder, watch)
    shown: dict[str, Run] = {}
    solved: dict[str, Attempt] = {}
    wrong: dict[str, list[Attempt]] = {}
    made_up: list[str] = []
    by_key = {job.key: job for job in jobs}
    for key, job in by_key.items():
        runs = _runs(job, told.get(key, []))
        if key.startswith("shown ") and runs:
            shown[job.cells[0][0].id] = runs[0]
    for number, task in enumerate(lesson.tasks):
        attempt = Attempt("solved", _runs(by_key[f"solved {number}"], told[f"solved {number}"]))
        if attempt.failure is not None or not attempt.runs:
            made_up.append(task.exercise.title)
            attempt = _made_up(task)
        solved[task.exercise.id] = attempt
        wrong[task.exercise.id] = []
        for job in jobs:
            if job.key.startswith(f"wrong {number} ") and job.key in told:
                tried = Attempt(job.kind, _runs(job, told[job.key]))
                if tried.runs and tried.failure is not None:
                    wrong[task.exercise.id].append(tried)
    return Trials(shown, solved, wrong, made_up, counts)


# A kernel keeps the code of a cell in a file, whose name is a number.
_FILE = re.compile(r"<ipython-input-\d+-([0-9a-f]+)>")


def _made_up(task: Task) -> Attempt:
    runs = []
    for cell, code in work_of(task, task.solution or task.work.source):
        output = "".join(f"TEST PASSED: {test}\n" for test in cell.tests)
        tests = tuple(Verdict(test, None) for test in cell.tests if test != cell.graded)
        runs.append(Run(cell, code, None, False, output, tests))
    return Attempt("solved", tuple(runs))


def _runs(job: Job, told: Sequence[Mapping[str, Any]]) -> tuple[Run, ...]:
    runs = []
    for (cell, code), run in zip(job.cells, told, strict=False):
        error = _failure(run["error"])
        tests = tuple(Verdict(each["test"], _failure(each["error"])) for each in run["tests"])
        is_of_test = bool(run["of_test"]) or (error is not None and cell.graded is not None)
        runs.append(Run(cell, code, error, is_of_test, run["output"], tests))
    return tuple(runs)


def _failure(told: Any) -> Failure | None:
    if told is None:
        return None
    value = _FILE.sub(lambda found: f"{int(found[1], 16) % 10**10}.py", told["value"])
    return Failure(told["name"], value, told["traceback"])
