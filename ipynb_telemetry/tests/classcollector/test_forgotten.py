"""A student is erased while a class collector runs, and what comes late of them is dropped."""

import json
import sqlite3
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.classcollector.senders import HEADER
from ipynb_telemetry.store.scrubbing import holds

from ..support.classprocess import ClassProcess
from ..support.commandline import CommandLine
from ..support.serverprocess import PATIENCE_S
from ..support.storedevents import raw_event


@pytest.fixture
def running(tmp_path: Path) -> Iterator[ClassProcess]:
    process = ClassProcess(tmp_path)
    yield process
    process.kill()


def send(running: ClassProcess, events: list[Any], sender: str = "computer-one") -> Any:
    """Send as a student's server does, which says that it is always the same one."""
    body = json.dumps({"api_key": running.class_key, "batch": events}).encode()
    headers = {HEADER: sender}
    request = urllib.request.Request(f"{running.url}/batch/", body, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def rows(running: ClassProcess, query: str) -> list[Any]:
    with closing(sqlite3.connect(running.database)) as connection:
        return connection.execute(query).fetchall()


def test_a_student_is_erased_while_the_class_works(
    running: ClassProcess, telemetry: CommandLine
) -> None:
    class_of_two = [
        raw_event(number % 60, distinct_id=student, properties={"seq": number, "notebook": "D1"})
        for number in range(300)
        for student in ("JANE_ROE", "ANN_LEE")
    ]
    assert send(running, class_of_two) == {"status": 1}
    deadline = time.monotonic() + PATIENCE_S
    while not rows(running, "SELECT * FROM sender WHERE student = 'JANE_ROE'"):
        assert time.monotonic() < deadline
    document = telemetry(
        "forget", "JANE_ROE", "--yes", "--json", "--database", running.database
    ).document
    assert document["is_scrubbed"], document
    assert document["erased"]["events"] == 300
    late = [raw_event(1, distinct_id="JANE_ROE"), raw_event(2, distinct_id="NEW_STUDENT")]
    assert send(running, late, "computer-two") == {"status": 1}
    while not rows(running, "SELECT * FROM sender WHERE student = 'NEW_STUDENT'"):
        assert time.monotonic() < deadline
    kept = rows(running, "SELECT distinct_id, count(*) FROM events GROUP BY 1 ORDER BY 1")
    assert kept == [("ANN_LEE", 300), ("NEW_STUDENT", 1)]
    assert rows(running, "SELECT * FROM sender WHERE student = 'JANE_ROE'") == []
    assert rows(running, "SELECT refused FROM tombstone") == [(1,)]
    assert running.end() == 0
    for file in running.database.parent.glob(f"{running.database.name}*"):
        assert not holds(file, "JANE_ROE")
