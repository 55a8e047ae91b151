"""Events of a course that never was: what a store holds after so many lessons.

    python benchmarks/lesson.py FILE [EVENTS]

makes a store as version 0.1.0 left it, with a million events where no number is given.
"""

from __future__ import annotations

import json
import random
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from ipynb_telemetry.store.event import Event, epoch_to_utc
from ipynb_telemetry.store.migrations import MIGRATIONS

STUDENTS = 300
EXERCISES = 6
VERSION_0_1_0 = 5  # migrations
BEGIN = 1_767_600_000.0
PAUSE_S = 12  # between a student's events, on average
LESSON_S = 4000

CODE = "\n".join(f"total_{i} = sum(values[{i}:]) * {i}" for i in range(8))
OUTPUT = "\n".join(f"{i}: {i * i}" for i in range(25))
TRACEBACK = """KeyError                                  Traceback (most recent call last)
Cell In[{number}], line 2
      1 z = 1
----> 2 solve('{key}')

Cell In[{number}], line 4, in solve(y)
      3 def solve(y):
----> 4     return table[y]

KeyError: '{key}'"""


def lesson(number: int, seed: int = 1) -> Iterator[Event]:
    """Give the events of a lesson as they come in: those of all students mixed."""
    chance = random.Random(seed + number)
    begin = BEGIN + number * 86400
    sessions = [session(f"STUDENT_{i}", f"D{number}", begin, chance) for i in range(STUDENTS)]
    waiting = [(event.timestamp, i, event) for i, each in enumerate(sessions) for event in each]
    for _, _, event in sorted(waiting, key=lambda each: each[:2]):
        yield event


def session(student: str, notebook: str, begin: float, chance: random.Random) -> list[Event]:
    """Give a session of a lesson: runs, tests, peeks, pastes, leaves."""
    events: list[Event] = []
    name = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    now = begin + chance.random() * 300
    start = now

    def add(event: str, **properties: Any) -> None:
        common = {
            "student_id": student,
            "notebook": notebook,
            "session_id": name,
            "seq": len(events) + 1,
            "$lib": "web",
            "$lib_version": "1.449.0",
        }
        at = epoch_to_utc(now)
        key = str(uuid.UUID(int=int(now * 1000) << 80 | 7 << 76 | chance.getrandbits(74)))
        text = json.dumps({**properties, **common}, separators=(",", ":"))
        events.append(Event(key, event, student, notebook, at, text))

    add("session_started", kernel="python3", language="python", cell_count=40, app="lab")
    attempts: dict[int, int] = {}
    exercise = 0
    while now < start + LESSON_S:
        now += chance.expovariate(1 / PAUSE_S)
        dice = chance.random()
        attempts[exercise] = attempts.get(exercise, 0) + 1
        if dice < 0.55:
            failed = chance.random() < 0.25
            key = chance.choice(("total", "name", "x"))
            trace = TRACEBACK.format(number=len(events), key=key)
            add(
                "cell_executed",
                cell_id=f"cell-{exercise}-{chance.randrange(3)}",
                cell_index=exercise * 6,
                execution_count=len(events),
                attempt=attempts[exercise],
                success=not failed,
                status="error" if failed else "ok",
                error={"name": "KeyError", "value": f"'{key}'", "traceback": trace}
                if failed
                else None,
                duration_ms=12.3,
                queued_ms=0.4,
                code=CODE,
                output="" if failed else OUTPUT,
                truncated=False,
            )
        elif dice < 0.75:
            passed = chance.random() < 0.4
            add(
                "test_passed" if passed else "test_failed",
                test=f"test_{exercise}",
                attempt=attempts[exercise],
                duration_ms=1.5,
                error=None
                if passed
                else {"name": "AssertionError", "value": "3 != 4", "traceback": "AssertionError"},
            )
            exercise = min(exercise + passed, EXERCISES - 1)
        elif dice < 0.79:
            add(
                "solution_peek",
                summary="Solution",
                cell_id=f"text-{exercise}",
                cell_index=2,
                peek=1,
            )
        elif dice < 0.84:
            add(
                "paste", length=40, lines=2, cell_id=None, cell_index=-1, kind="text", internal=True
            )
        else:
            add("blur", reason="window")
            now += chance.expovariate(1 / 20)
            add("focus", reason="window", away_ms=20_000)
    add("session_ended", duration_ms=(now - start) * 1000, active_ms=(now - start) * 800)
    return events


def course() -> Iterator[Event]:
    """Give the events of one lesson after the other, without end."""
    number = 0
    while True:
        yield from lesson(number)
        number += 1


def main(path: str, count: int) -> None:
    """Make the store."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = OFF")
        for statements in MIGRATIONS[:VERSION_0_1_0]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION_0_1_0}")
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO events"
            " (uuid, event, distinct_id, notebook, timestamp, properties, received_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((*event, event.timestamp) for event in islice(course(), count)),
        )
        connection.execute("COMMIT")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
