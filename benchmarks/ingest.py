"""Rows a second through the collector's route, and through plain sqlite3.

The arguments are the address of the batch route, the token, the server's process id, and a file
for the plain rows. Prints one line of JSON: rows per second, round by round.
"""

from __future__ import annotations

import gzip
import http.client
import json
import logging
import os
import sqlite3
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from lesson import lesson

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.database import Database, transaction
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore

ROUNDS = 9
BATCH = 200  # events, as the browser sends them
BATCHES = 25
STUDENTS = 4  # who send at the same time
SMALL_BATCH = 50  # events, of which the store makes facts and aggregates
INSERT = (
    "INSERT INTO events (uuid, event, distinct_id, notebook, timestamp, properties, received_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def make_uuid() -> str:
    """One that is ordered by time, as the browser makes them."""
    random = uuid.uuid4().int & ~(0xFFFF_FFFF_FFFF_F << 76)
    return str(uuid.UUID(int=time.time_ns() // 1_000_000 << 80 | 7 << 76 | random))


def make_event(number: int) -> dict[str, Any]:
    """A run of a cell as a student has it in a course: 1 KB."""
    lines = "\n".join(f"total_{i} = sum(values[{i}:]) * {number + i}" for i in range(8))
    return {
        "uuid": make_uuid(),
        "event": "cell_executed",
        "distinct_id": f"STUDENT_{number % 30}",
        "timestamp": f"2026-01-01T10:{number % 60:02}:00.{number % 1000:03}Z",
        "properties": {
            "cell_id": f"cell-{number % 40}",
            "cell_index": number % 40,
            "execution_count": number,
            "code": lines,
            "output": "\n".join(f"{i}: {number * i}" for i in range(25)),
            "success": True,
            "status": "ok",
            "error": None,
            "duration_ms": 12.3,
            "queued_ms": 0.4,
            "attempt": 1,
            "truncated": False,
            "student_id": f"STUDENT_{number % 30}",
            "notebook": "benchmark",
            "session_id": "7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f11",
            "seq": number,
            "$lib": "web",
            "$lib_version": "1.449.0",
        },
    }


def make_documents() -> list[dict[str, Any]]:
    """Batches as they come by HTTP."""
    return [
        {"api_key": "embedded", "batch": [make_event(batch * BATCH + i) for i in range(BATCH)]}
        for batch in range(BATCHES)
    ]


def make_groups() -> list[list[Any]]:
    """The rows of such batches."""
    return [
        [(*event, event.timestamp) for event in check_events(document)]
        for document in make_documents()
    ]


def pin(process: int, core: int) -> None:
    """Keep a process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0)) or [0]
        for thread in os.listdir(f"/proc/{process}/task"):
            os.sched_setaffinity(int(thread), {cores[core % len(cores)]})


def post(url: str, token: str, bodies: list[bytes]) -> None:
    """Send one student's batches, one after the other."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port)
    for body in bodies:
        connection.request(
            "POST",
            f"{target.path}?compression=gzip-js",
            body,
            {"Authorization": f"token {token}", "Content-Type": "text/plain"},
        )
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"The collector answers {answer.status}.")
    connection.close()


def through_route(url: str, token: str, documents: list[dict[str, Any]]) -> float:
    """Seconds until every batch is answered."""
    bodies = [gzip.compress(json.dumps(document).encode(), 6) for document in documents]
    with ThreadPoolExecutor(STUDENTS) as students:
        begin = time.perf_counter()
        for sent in [
            students.submit(post, url, token, bodies[student::STUDENTS])
            for student in range(STUDENTS)
        ]:
            sent.result()
        return time.perf_counter() - begin


def through_sqlite(path: str, groups: list[list[Any]]) -> float:
    """Seconds for an `executemany` and a commit for each group of rows."""
    connection = sqlite3.connect(path)
    begin = time.perf_counter()
    for rows in groups:
        connection.executemany(INSERT, rows)
        connection.commit()
    took = time.perf_counter() - begin
    connection.close()
    return took


def lesson_batches(number: int) -> list[list[Event]]:
    """A lesson's events in batches of one student each, in the order in which they are full."""
    full: list[list[Event]] = []
    filling: dict[str, list[Event]] = {}
    for event in lesson(number):
        batch = filling.setdefault(event.distinct_id, [])
        batch.append(event)
        if len(batch) == SMALL_BATCH:
            full.append(filling.pop(event.distinct_id))
            if len(full) * SMALL_BATCH == BATCH * BATCHES:
                break
    return full


def through_store(path: str, batches: list[list[Event]], *, with_facts: bool) -> float:
    """Seconds for a commit for each batch, which waits for the disk; with facts and aggregates."""
    store = EventStore(path, logging.getLogger())

    def insert(events: list[Event], connection: sqlite3.Connection) -> None:
        with transaction(connection):
            connection.executemany(INSERT, [(*event, event.timestamp) for event in events])

    begin = time.perf_counter()
    for batch in batches:
        if with_facts:
            store.append(batch)
        else:
            store.database.use(partial(insert, batch))
    took = time.perf_counter() - begin
    store.close()
    return took


def main(url: str, token: str, server: int, path: str) -> None:
    """Measure in turn, so that what slows the machine slows both."""
    database = Database(path, logging.getLogger(), 5.0)
    database.use(lambda connection: None)
    database.close()
    pin(server, 0)
    rates: dict[str, list[float]] = {
        "route": [],
        "sqlite": [],
        "batches": [],
        "facts": [],
        "events": [],
    }
    for turn in range(ROUNDS + 1):
        pin(os.getpid(), 1)
        route = through_route(url, token, make_documents())
        # The same core that the server had.
        pin(os.getpid(), 0)
        batches = through_sqlite(path, make_groups())
        sqlite = through_sqlite(path, [[row for rows in make_groups() for row in rows]])
        lessons = lesson_batches(turn)
        facts = through_store(f"{path}.facts", lessons, with_facts=True)
        events = through_store(f"{path}.events", lessons, with_facts=False)
        if turn > 0:  # the first one warms up
            for name, took in {
                "route": route,
                "sqlite": sqlite,
                "batches": batches,
                "facts": facts,
                "events": events,
            }.items():
                rates[name].append(BATCH * BATCHES / took)
    json.dump(rates, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4])
