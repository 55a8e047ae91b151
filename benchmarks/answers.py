"""How long each answer takes in a store of many events, while another process stores more.

    python benchmarks/answers.py FILE [EVENTS]

fills FILE with lessons of 300 students, a million events where no number is given, then asks each
answer again and again, as the server reads: for the notebook at work and for all notebooks. Prints
one line of JSON: for each answer its times in milliseconds. The first time of each is that of a
server that was just started and remembers nothing.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from unittest.mock import patch

from lesson import STUDENTS, course, lesson

from ipynb_telemetry.answers.catalog import CLASS, give, rev_of, written
from ipynb_telemetry.answers.memory import Memory
from ipynb_telemetry.answers.question import Question
from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.reading import open_events

ROUNDS = 100
BATCH = 20  # events
EVERY_S = 0.1  # so that 200 events a second come
LIVE = 1000  # the number of the lesson that goes on while answers are asked


def fill(path: str, count: int) -> None:
    """Store lessons, one after the other."""
    store = EventStore(path, logging.getLogger("answers"))
    store.database.use(lambda connection: connection.execute("PRAGMA synchronous = OFF"))
    coming = islice(course(), count)
    while batch := list(islice(coming, 500)):
        with patch.object(events_module, "now_utc", return_value=batch[-1].timestamp):
            store.append(batch)
    store.close()


def go_on(path: str) -> None:
    """Store a further lesson, until the process is killed."""
    store = EventStore(path, logging.getLogger("answers"))
    for number in range(LIVE, LIVE + 100):
        coming = lesson(number)
        while batch := list(islice(coming, BATCH)):
            begun = time.perf_counter()
            store.append(batch)
            time.sleep(max(0.0, EVERY_S - time.perf_counter() + begun))


def measure(path: str) -> dict[str, list[float]]:
    """Ask every answer in turn, so that what slows the machine slows all of them."""
    memory = Memory()
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for which, notebooks in (("one", (f"D{LIVE}",)), ("all", ())):
            for name in CLASS:
                begun = time.perf_counter()
                with open_events(Path(path)) as snapshot:
                    question = Question(now_ms=int(time.time() * 1000), notebooks=notebooks)
                    written(give(snapshot.connection, name, question, None, memory))
                spent = (time.perf_counter() - begun) * 1000
                times.setdefault(f"{name} {which}", []).append(spent)
        begun = time.perf_counter()
        with open_events(Path(path)) as snapshot:
            rev_of(snapshot.connection)
        times.setdefault("changes", []).append((time.perf_counter() - begun) * 1000)
    return times


def main(path: str, count: int) -> None:
    """Fill, and measure beside a process that stores."""
    fill(path, count)
    other = subprocess.Popen([sys.executable, __file__, path, "go on"])
    try:
        time.sleep(STUDENTS * 2 * EVERY_S / BATCH + 5)  # every student has begun
        print(json.dumps({"events": count, "times": measure(path)}))  # noqa: T201
    finally:
        other.kill()
        other.wait()


if __name__ == "__main__":
    if sys.argv[2:] == ["go on"]:
        go_on(sys.argv[1])
    else:
        main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
