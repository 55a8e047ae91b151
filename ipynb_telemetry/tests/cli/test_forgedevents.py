"""export: a file that holds values that nobody should have stored."""

from __future__ import annotations

import csv
import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest

from ipynb_telemetry.store.events import EventStore

from ..support.commandline import CommandLine

# As the collector of version 0.1.0 has stored them, which looked at no property.
FORGED: list[dict[str, Any]] = [
    {"duration_ms": 2**53 + 1},
    {"duration_ms": 10**400},
    {"active_ms": 2**63},
    {"seq": 2**63, "attempt": -(2**70)},
    {"duration_ms": "long", "success": 1, "code": ["x"]},
    {"n" * 100_000: 1},
    {"error": {"name": "E", "value": "v", "traceback": "t"}, "error_name": "mine"},
    {"error": {"name": 5, "more": "x"}},
    {"other": {"duration_ms": 2**60}, "uuid": 3, "\ud800": "\udfff"},
    {"other": [1]},
]


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_no_stored_event_ends_an_export(telemetry: CommandLine, name: str) -> None:
    properties = [*map(json.dumps, FORGED), "[1]", '{"n": 1' + "0" * 5000 + "}", "no JSON"]
    database = telemetry.data / "ipynb_telemetry" / "events.sqlite3"
    EventStore(str(database), logging.getLogger()).database.use(lambda made: made.close())
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO events (uuid, event, distinct_id, notebook, timestamp, properties,"
            " received_at) VALUES (?, 'test_failed', 'A', 'D1', '2026-03-04', ?, '2026-03-04')",
            [(str(number), text) for number, text in enumerate(properties)],
        )
    outcome = telemetry("export", "--summary", "--output", f"class.{name}")
    assert outcome.status == 0, outcome.err
    outcome = telemetry("export", "--output", f"events.{name}")
    assert outcome.status == 0, outcome.err
    if name == "jsonl":
        lines = Path("events.jsonl").read_text().splitlines()
        assert len(lines) == len(properties)
        return
    if name == "parquet":
        table = pyarrow.parquet.read_table("events.parquet").to_pylist()
    else:
        csv.field_size_limit(2**20)
        with open("events.csv", encoding="utf-8-sig", newline="") as file:
            table = [*csv.DictReader(file)]
    others = {row["uuid"]: row["other"] for row in table}
    assert len(table) == len(properties)
    for number, forged in enumerate(FORGED[:6]):
        assert json.loads(others[str(number)]) == forged
    assert table[6]["error_name"] == "mine"
    assert json.loads(others["6"]) == {"error": FORGED[6]["error"]}
    assert json.loads(others["8"])["duration_ms"] == 2**60
    assert others["12"] == "no JSON"
