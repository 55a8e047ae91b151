"""Answers about a class whose events a test has stored."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from typing import Any

from ipynb_telemetry.answers.catalog import give
from ipynb_telemetry.answers.members import save_members
from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.outlinesaving import save_outline
from ipynb_telemetry.answers.question import Question
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import BEGIN, told

BEGIN_MS = int(BEGIN * 1000)
MINUTE_MS = 60_000


class Story:
    """What one student does, told event by event: each is a second behind the one before."""

    def __init__(self, store: EventStore, student: str, **common: Any) -> None:
        """Begin a session; further properties are of each of its events."""
        self._store = store
        session = str(uuid.UUID(int=random.Random(student).getrandbits(128), version=4))
        self._common = {"session_id": session, **common, "student": student}
        self.seq = 0
        self.at_s = 0.0

    def tell(self, event: str, *, after_s: float = 1, **properties: Any) -> Story:
        """Store an event that many seconds behind the one before."""
        self.seq += 1
        self.at_s += after_s
        self._store.append([told(event, self.seq, self.at_s, **{**self._common, **properties})])
        return self

    def run(self, cell: str = "a", error: str | None = None, **properties: Any) -> Story:
        """Run a cell; `error` is the message of a KeyError that ends the run."""
        wrong = {"name": "KeyError", "value": error, "traceback": ""} if error else None
        status = "error" if error else "ok"
        shown = {"cell_id": cell, "cell_index": 1, "status": status, "error": wrong}
        return self.tell("cell_executed", **{**shown, **properties})

    def test(self, name: str = "one", *, passes: bool, **properties: Any) -> Story:
        """Run a test."""
        wrong = None if passes else {"name": "AssertionError", "value": "3 != 4", "traceback": ""}
        event = "test_passed" if passes else "test_failed"
        return self.tell(event, **{"test": name, "error": wrong, **properties})

    def peek(self, cell: str = "text", seconds: float = 30, **properties: Any) -> Story:
        """Open a solution and close it after so many seconds."""
        where = {"cell_id": cell, "cell_index": 2, "summary": "Solution", "peek": 1, **properties}
        self.tell("solution_peek", **where)
        return self.tell("solution_closed", after_s=seconds, open_ms=seconds * 1000, **where)


def ask(store: EventStore, name: str, *, at_s: float = 0, **question: Any) -> Any:
    """Give the result of an answer, asked `at_s` seconds after the begin of all stories."""
    details, memory = question.pop("details", None), question.pop("memory", None)
    replays = question.pop("replays", None)
    asked = Question(now_ms=BEGIN_MS + int(at_s * 1000), **question)
    given = store.database.use(
        lambda connection: give(connection, name, asked, details, memory, replays)
    )
    return given["result"]


def expect(store: EventStore, *members: Member) -> None:
    """Store a roster."""

    def save(connection: Any) -> None:
        with transaction(connection):
            save_members(connection, members)

    store.database.use(save)


def outline(store: EventStore, exercises: Sequence[Exercise], notebook: str = "D1") -> None:
    """Store the outline of a notebook."""

    def save(connection: Any) -> None:
        with transaction(connection):
            save_outline(connection, notebook, exercises)

    store.database.use(save)


def two_exercises(notebook: str = "D1") -> list[Exercise]:
    """Give an outline: Exercise 1 with cell `a`, Exercise 2 with cell `b`, a test each."""
    return [
        Exercise(notebook, "one", "Exercise 1", ("a",), ("one",), ("text",)),
        Exercise(notebook, "two", "Exercise 2", ("b",), ("two",), ("text-2",)),
    ]
