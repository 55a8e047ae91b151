"""A class at a moment, as all answers see it: who is in it, what there is to do, what was done.

Each part is read when an answer first asks for it. Staff and students of other groups are in no
part, and simulated students only where a question is about them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Hashable
from functools import cached_property, partial
from typing import Any, TypeVar

from ..store.aliases import Aliases, read_aliases
from ..store.simulated import is_marked
from .memory import Memory
from .outlines import Exercise, Outline, read_outline
from .pseudonyms import read_class
from .question import Question
from .roster import Roster
from .session import Session
from .work import Work, read_work

SLOT_MS = 300_000

T = TypeVar("T")


class Classroom:
    """The class that a question is about, read from the aggregates."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        question: Question,
        events: sqlite3.Connection | None = None,
        memory: Memory | None = None,
    ) -> None:
        """Read nothing yet.

        Args:
            connection: to the aggregates: those of the store, or of the replay of a time window.
            question: what is asked about.
            events: to the events themselves, and what else has no part in a replay; None: the same.
            memory: of earlier questions to the same store; None: none.
        """
        self.connection = connection
        self.question = question
        self.events = events or connection
        self._memory = memory or Memory()

    def unfiltered(self) -> Classroom:
        """Give the whole class in all notebooks."""
        question = self.question._replace(notebooks=(), group="")
        return Classroom(self.connection, question, self.events, self._memory)

    @cached_property
    def roster(self) -> Roster:
        """Who is expected, and who is staff, by the ids that events have."""
        return read_class(self.events)

    @cached_property
    def aliases(self) -> Aliases:
        """Which names are of whom."""
        return read_aliases(self.connection)

    @cached_property
    def notebooks(self) -> list[str]:
        """The notebooks that are asked about: those that have an outline or events, by name."""
        if self.question.notebooks:
            return sorted(set(self.question.notebooks))
        return [
            notebook
            for (notebook,) in self.connection.execute(
                "SELECT notebook FROM outline_exercise WHERE position IS NOT NULL"
                " UNION SELECT notebook FROM session_audit WHERE simulated = ? ORDER BY 1",
                (int(self.question.is_simulated),),
            )
        ]

    @cached_property
    def outlines(self) -> dict[str, Outline]:
        """The outline of each notebook."""
        simulated = self.question.is_simulated
        return self.reading(
            "outline", lambda notebook: read_outline(self.connection, notebook, simulated)
        )

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises of all notebooks, one notebook after the other."""
        return [exercise for outline in self.outlines.values() for exercise in outline.exercises]

    @cached_property
    def first_numbers(self) -> dict[str, int]:
        """The number of each notebook's first exercise among all."""
        begin, numbers = 0, {}
        for notebook, outline in self.outlines.items():
            numbers[notebook] = begin
            begin += len(outline.exercises)
        return numbers

    @cached_property
    def sessions(self) -> list[Session]:
        """The sessions of the students, the earliest first."""
        sessions = [
            session
            for rows in self.sessions_of_all.values()
            for session in rows
            if self._counts(session.student)
        ]
        return sorted(sessions, key=lambda session: (session.first_received_ms, session.id))

    @cached_property
    def sessions_of_all(self) -> dict[str, list[Session]]:
        """Everybody's sessions in each notebook, without regard to group and staff."""
        return self.reading("sessions", self._read_sessions)

    def _read_sessions(self, notebook: str) -> list[Session]:
        rows = self.connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM session_audit WHERE simulated = ? AND notebook = ?",
            (int(self.question.is_simulated), notebook),
        )
        return [Session._make(row) for row in rows]

    @cached_property
    def students(self) -> list[str]:
        """The students: those of the roster in its order, then whoever else has a session."""
        is_simulated = self.question.is_simulated
        expected = [
            each.id
            for each in self.roster.students
            if is_marked(each.id) == is_simulated and each.id not in self.aliases.renamed
        ]
        ids = [student for student in expected if self._counts(student)]
        others = {session.student for session in self.sessions} - {*ids}
        return [*ids, *sorted(others)]

    @cached_property
    def work(self) -> dict[tuple[str, int], Work]:
        """The students' work, by student and the exercise's number among `exercises`."""
        return {
            (work.student, self.first_numbers[notebook] + work.number): work
            for notebook, rows in self.work_of_all.items()
            for work in rows
            if self._counts(work.student)
        }

    @cached_property
    def work_of_all(self) -> dict[str, list[Work]]:
        """Everybody's work in each notebook, without regard to group and staff."""
        return self.reading(
            "work",
            lambda notebook: read_work(
                self.connection, notebook, self.outlines[notebook], self.question.is_simulated
            ),
        )

    def reading(self, what: Hashable, read: Callable[[str], T]) -> dict[str, T]:
        """Read something of each notebook, unless the memory has it as it is now.

        Args:
            what: names what is read, and what the reading depends on beside the notebook.
            read: reads it of a notebook, without regard to group and staff; nobody changes it.
        """
        return {
            notebook: self._memory.recall(
                (what, notebook, self.question.is_simulated),
                self._stamps.get(notebook),
                partial(read, notebook),
            )
            for notebook in self.notebooks
        }

    @cached_property
    def _stamps(self) -> dict[str, tuple[int, ...]]:
        """For each notebook, what changes with its sessions and its outline."""
        stamps: dict[str, tuple[int, ...]] = {}
        for select, values in (
            (
                "SELECT notebook, max(rev), count(*), max(last_received_ms) FROM session_audit"
                " WHERE simulated = ?"
                " GROUP BY notebook",
                (int(self.question.is_simulated),),
            ),
            ("SELECT notebook, max(rev) FROM outline_exercise GROUP BY notebook", ()),
        ):
            for notebook, *stamp in self.connection.execute(select, values):
                stamps[notebook] = (*stamps.get(notebook, ()), *stamp)
        return stamps

    @cached_property
    def solved(self) -> Counter[str]:
        """How many exercises each student has passed."""
        return Counter(
            student
            for (student, number), work in self.work.items()
            if work.passed_ms(self.tests_of(number)) is not None
        )

    @property
    def passable(self) -> int:
        """How many exercises have tests: the others can be tried, and never passed."""
        return sum(bool(exercise.tests) for exercise in self.exercises)

    def tests_of(self, number: int) -> int:
        """Give how many tests the exercise of that number has."""
        return len(self.exercises[number].tests)

    def state(self, student: str, number: int) -> str | None:
        """Name how far a student is with the exercise of that number; None: untouched."""
        work = self.work.get((student, number))
        return None if work is None else work.state(self.tests_of(number))

    def _counts(self, student: str) -> bool:
        group = self.question.group
        return not self.roster.is_staff(student) and (
            not group or self.roster.group(student) == group
        )


_COLUMNS = [{"student": "person", "claimed": "student"}.get(name, name) for name in Session._fields]


def reference(exercise: Exercise) -> dict[str, Any]:
    """Write which exercise is meant, whether tests tell a pass, and the cell to open it at."""
    return {
        "notebook": exercise.notebook,
        "exercise": exercise.exercise,
        "title": exercise.title,
        "cell_id": exercise.cells[0] if exercise.cells else None,
        "is_tested": bool(exercise.tests),
    }
