"""The story of one student in the lesson, from opening the notebook to the end."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import partial

from ..store.errorfold import fold
from .desk import Desk
from .lesson import Cell, Lesson, Task
from .people import Part
from .temperament import Temperament
from .trials import Attempt, Run, Trials

_GLANCE_S = 10.0
_REASONS = ("page_hidden", "window", "window", "tab")
_MAX_TRIES = 8  # of an ordinary student, at one exercise
_MAX_PAUSE_S = 240.0
_STRUGGLES = 16  # attempts that one who does not get on has time for, to the end
_ON_THE_WAY = 0.3  # of the lesson: from then on the parts are played that need an exercise


class _LessonOver(Exception):  # noqa: N818 - no error, but how a story ends
    """The time is up, or the student has gone."""


class Story:
    """Plays a student at a desk; `tell` is called once."""

    def __init__(
        self,
        desk: Desk,
        lesson: Lesson,
        trials: Trials,
        temper: Temperament,
        part: Part,
        lesson_s: float,
        chance: random.Random,
    ) -> None:
        """Take what the student works with.

        Args:
            desk: the student's notebook.
            lesson: what is worked through.
            trials: what runs in it come to.
            temper: how the student works.
            part: what the student is in the class for.
            lesson_s: how long the lesson takes, in seconds.
            chance: of this student.
        """
        self._desk = desk
        self._session = desk.session
        self._lesson = lesson
        self._trials = trials
        self._temper = temper
        self._part = part
        self._end_s = lesson_s
        self._chance = chance
        # What an exercise takes of a median student.
        self._unit_s = 1.5 * lesson_s / max(1, len(lesson.tasks))

    def tell(self) -> None:
        """Go through the lesson until its end."""
        self._session.at_s = self._temper.late_s
        self._desk.open()
        closes = self._temper.leaves
        try:
            if self._temper.runs_all:
                self._run_all()
            for step in self._lesson.steps:
                if isinstance(step, Cell):
                    self._look_at(step, 0.05)
                else:
                    self._do(step)
            self._pass(0.05 * self._unit_s)
            closes = True
        except _LessonOver:
            # Who stays to the end closes the notebook in the last moments, if at all.
            self._session.at_s = max(self._session.at_s, self._end_s - self._chance.uniform(1, 20))
        if closes:
            self._desk.close()

    def _pass(self, seconds: float, spend: Callable[[float], None] | None = None) -> None:
        """Let time pass, by work unless it is said how.

        Raises:
            _LessonOver: the time is up, or the student goes for good.
        """
        if self._session.at_s + seconds > self._end_s - 2:
            raise _LessonOver
        (spend or self._session.work)(seconds)
        if self._part in (Part.QUIET, Part.CLOSED) and self._session.at_s > 0.6 * self._end_s:
            if self._part is Part.QUIET:
                self._desk.go("page_hidden")
            raise _LessonOver

    def _work(self, units: float) -> None:
        """Work for a share of the time that an exercise takes, more or less."""
        self._pass(units * self._unit_s * self._temper.pace * self._chance.uniform(0.5, 1.6))

    def _run_all(self) -> None:
        """Run all cells: those behind the first that fails are never reached."""
        is_failed = False
        for cell in self._lesson.cells:
            run = self._as_handed_out(cell)
            if is_failed:
                self._desk.leave_out(cell)
            elif run is not None:
                self._desk.run(run)
                is_failed = run.error is not None

    def _as_handed_out(self, cell: Cell) -> Run | None:
        if cell.id in self._trials.shown:
            return self._trials.shown[cell.id]
        for attempts in self._trials.wrong.values():
            for run in attempts[0].runs if attempts else ():
                if run.cell.id == cell.id and run.code == cell.source:
                    return run
        return None

    def _look_at(self, cell: Cell, units: float) -> None:
        """Read what is shown, and run it."""
        self._work(units)
        if cell.id in self._trials.shown and self._chance.random() >= self._temper.skips:
            self._desk.run(self._trials.shown[cell.id])

    def _do(self, task: Task) -> None:
        """Work at an exercise until it is solved or given up."""
        for cell in task.before:
            self._look_at(cell, 0.08)
        self._work(0.1)
        wrong = self._trials.wrong[task.exercise.id]
        is_on_the_way = self._session.at_s > _ON_THE_WAY * self._end_s
        if wrong and (is_on_the_way or task is self._lesson.tasks[-1]):
            if self._part is Part.LOST:
                self._struggle([_alike(_tested(wrong), self._chance.choice(_tested(wrong)))])
            if self._part is Part.SPINNING:
                self._struggle(_by_fold(_tested(wrong)))
        if self._part is Part.PEEKING and task.folded is not None:
            self._peek_first(task)
        else:
            if self._chance.random() < self._temper.wanders:
                self._wander(task)
            self._try(task, wrong)

    def _try(self, task: Task, wrong: Sequence[Attempt]) -> None:
        """Err for a while, then solve the exercise, look at the solution, or give up."""
        last: Attempt | None = None
        for number in range(_MAX_TRIES):
            self._work(0.12 if number else 0.3)
            if not wrong or self._chance.random() >= self._temper.errs * 0.9**number:
                self._solve(task)
                return
            if last is not None and self._chance.random() < self._temper.repeats:
                last = self._chance.choice(_alike(wrong, last))
            else:
                last = self._chance.choice(wrong)
            if self._chance.random() < 0.4:
                self._desk.run(last.runs[0])
                self._work(0.05)
            self._desk.try_out(last)
            self._maybe_pause(task)
            if task.folded is not None and self._chance.random() < self._temper.peeks:
                seconds = self._chance.choice((5.0, 25.0, 60.0, 90.0))
                self._peek(task, seconds * self._chance.uniform(0.7, 1.3))
                self._work(0.06)
                self._solve(task)
                return

    def _solve(self, task: Task) -> None:
        """Run what passes, and perhaps the test once more, to be sure."""
        solved = self._trials.solved[task.exercise.id]
        self._desk.try_out(solved)
        if self._chance.random() < 0.15:
            self._work(0.03)
            self._desk.run(solved.runs[-1])

    def _peek(self, task: Task, open_s: float) -> None:
        """Read the solution, and perhaps copy it."""
        if task.folded is None:
            return
        self._pass(open_s, partial(self._desk.peek, task.folded))
        code = task.folded.code
        if code and open_s >= _GLANCE_S and self._chance.random() < self._temper.pastes:
            self._pass(self._chance.uniform(3, 15))
            self._desk.paste(task.work, len(code), code.count("\n") + 1, internal=True)

    def _peek_first(self, task: Task) -> None:
        """Look at the solution before any run; the last one is all that there is time for."""
        next_s = self._session.at_s + 1.2 * self._unit_s * self._temper.pace
        if task is self._lesson.tasks[-1] or next_s > self._end_s:
            self._pass(self._end_s - 120 - self._session.at_s, self._session.rest)
            self._peek(task, 40)
            raise _LessonOver
        self._peek(task, self._chance.uniform(15, 60))
        self._work(0.05)
        self._solve(task)
        self._work(0.5)

    def _struggle(self, folds: Sequence[Sequence[Attempt]]) -> None:
        """Fail by these errors in turn until the lesson is over."""
        pause_s = max(4.0, (self._end_s - self._session.at_s - 20) / _STRUGGLES)
        number = 0
        while True:
            self._pass(pause_s * self._chance.uniform(0.6, 1.1))
            self._desk.try_out(self._chance.choice(folds[number % len(folds)]))
            number += 1

    def _maybe_pause(self, task: Task) -> None:
        lot = self._chance.random()
        if lot < 0.1:
            pause_s = self._unit_s * self._chance.uniform(0.2, 0.6)
            self._pass(min(_MAX_PAUSE_S, pause_s), self._session.rest)
        elif lot < 0.1 + self._temper.wanders / 2:
            self._wander(task)

    def _wander(self, task: Task) -> None:
        """Go to another page, another window or another tab, and come back, perhaps with code."""
        away = partial(self._desk.be_away, self._chance.choice(_REASONS))
        self._pass(min(0.8 * self._unit_s, self._chance.lognormvariate(3.5, 0.9)), away)
        if self._chance.random() < 0.3:
            self._pass(self._chance.uniform(2, 6))
            lines = self._chance.randint(1, 6)
            length = lines * self._chance.randint(8, 40)
            self._desk.paste(task.work, length, lines, internal=False)


def _tested(attempts: Sequence[Attempt]) -> list[Attempt]:
    """Give the attempts that a test has failed, if there are any."""
    return [attempt for attempt in attempts if attempt.runs[-1].tests] or list(attempts)


def _by_fold(attempts: Sequence[Attempt]) -> list[list[Attempt]]:
    """Put attempts together that end by the same error."""
    groups: dict[tuple[str, str], list[Attempt]] = {}
    for attempt in attempts:
        if attempt.failure is not None:
            key = (attempt.runs[-1].cell.id, fold(*attempt.failure))
            groups.setdefault(key, []).append(attempt)
    return list(groups.values())


def _alike(attempts: Sequence[Attempt], one: Attempt) -> list[Attempt]:
    """Give the attempts that end by the same error as one of them does."""
    return next(group for group in _by_fold(attempts) if one in group)
