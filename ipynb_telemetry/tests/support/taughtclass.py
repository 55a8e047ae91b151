"""A simulated class as if it were a real one: in two notebooks, with a roster and an outline.

Students of two groups work at two notebooks, some of them twice; one is staff, one never comes.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest

from ipynb_telemetry.answers.members import save_members
from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.outlinesaving import save_outline
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.notebooks.notebookfile import NotebookFile
from ipynb_telemetry.simulation.classroom import Plan, class_events
from ipynb_telemetry.simulation.lesson import Lesson, read_lesson
from ipynb_telemetry.simulation.people import Part, people
from ipynb_telemetry.simulation.session import Played
from ipynb_telemetry.simulation.trials import try_out
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.simulated import MARK
from ipynb_telemetry.tests.support.aggregates import BEGIN, build
from ipynb_telemetry.tests.support.commandline import EXAMPLE
from ipynb_telemetry.tests.support.receipt import receive_at
from ipynb_telemetry.tests.support.recount.counting import Task
from ipynb_telemetry.tests.support.recount.figures import MINUTE_MS

BEGIN_MS = round(BEGIN * 1000)
NOW_MS = BEGIN_MS + 50 * MINUTE_MS
SEED = 7
STUDENTS = 18
ARRIVALS_S = 20  # events of so many seconds arrive at once


class Class:
    """Who is in the class, what was to do, and all that was sent."""

    def __init__(self, lesson: Lesson) -> None:
        trials = try_out(lesson, SEED)
        self.lesson = lesson
        self.members = [each._replace(id=unmarked(each.id)) for each in people(STUDENTS, SEED)]
        ordinary = [each.id for each in self.members if each.part is Part.ORDINARY]
        self.staff = ordinary[0]
        early = {each.id for each in self.members[:6]}
        self.played: list[tuple[float, Event]] = []
        for notebook, begins_s, minutes, who in (
            ("D2", -86_400, 30, {each.id for each in self.members[:14]}),
            (lesson.notebook, -3 * 3600, 20, early),
            (lesson.notebook, 0, 50, {each.id for each in self.members}),
        ):
            plan = Plan(STUDENTS, minutes, SEED, BEGIN_MS + begins_s * 1000)
            events = class_events(replace(lesson, notebook=notebook), trials, plan)
            self.played += [
                (BEGIN + begins_s + each.arrives_ms / 1000, real(each))
                for each in events
                if unmarked(each.event["distinct_id"]) in who
            ]

    @property
    def exercises(self) -> list[Exercise]:
        """The outline of either notebook."""
        own = [task.exercise for task in self.lesson.tasks]
        return [
            Exercise("", each.id, each.title, each.cells, each.tests, each.solutions)
            for each in own
        ]

    @property
    def tasks(self) -> list[Task]:
        notebooks = sorted([self.lesson.notebook, "D2"])
        return [Task(notebook, *each[1:]) for notebook in notebooks for each in self.exercises]

    @property
    def roster(self) -> list[Member]:
        return [
            Member(each.id, each.name, each.group, each.id == self.staff) for each in self.members
        ]

    def students(self, group: str = "") -> list[str]:
        return [each.id for each in self.roster if not each.is_staff and group in ("", each.group)]


def real(played: Played) -> Event:
    """Give an event of a simulated class as if the class were a real one."""
    student = unmarked(played.event["distinct_id"])
    properties = {**played.event["properties"], "student_id": student}
    del properties["simulated"]
    told = {**played.event, "distinct_id": student, "properties": properties}
    (event,) = check_events(told)
    return event


def unmarked(student: str) -> str:
    return student.partition(MARK)[0]


def example_class() -> Class:
    """Give the class of the example notebook."""
    return Class(read_lesson(NotebookFile(Path(EXAMPLE))))


def fill(
    path: Path,
    a_class: Class,
    roster: Sequence[Member] | None = None,
    exercises: Sequence[Exercise] | None = None,
) -> None:
    """Let a class arrive in a collector's file.

    Args:
        path: of the file, which there is not yet.
        a_class: who comes, and what they did.
        roster: who is expected; None: the roster of the class.
        exercises: the outline of either notebook; None: that of the class.
    """
    store = EventStore(str(path), logging.getLogger("ipynb_telemetry"))
    members = a_class.roster if roster is None else roster
    outline = a_class.exercises if exercises is None else exercises

    def save(connection: sqlite3.Connection) -> None:
        with transaction(connection):
            save_members(connection, members)
            for notebook in (a_class.lesson.notebook, "D2"):
                save_outline(connection, notebook, outline)

    store.database.use(save)
    with pytest.MonkeyPatch.context() as clock:
        for part, batch in groupby(a_class.played, lambda each: each[0] // ARRIVALS_S):
            receive_at(clock, (part + 1) * ARRIVALS_S)
            store.append([event for _, event in batch])
    build(store)
    store.close()
