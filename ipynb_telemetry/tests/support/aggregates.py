"""Random events of a class, odd ones among them, and the rows that a store has made of its own."""

from __future__ import annotations

import json
import logging
import random
import sqlite3
import uuid
from typing import Any

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.store.building import Builder
from ipynb_telemetry.store.event import Event, epoch_to_utc
from ipynb_telemetry.store.events import EventStore

LOG = logging.getLogger("ipynb_telemetry")
BEGIN = 1_767_600_000.0
SESSION = "7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f11"

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    1,
    2.5,
    1e300,
    2**70,
    "",
    "x" * 300,
    "\ud800",
    [],
    {},
    {"a": [1]},
)


def told(name: str, seq: Any, at_s: float = 0, **properties: Any) -> Event:
    """Give an event of a session at `at_s` seconds after its begin, as a client sends it."""
    common = {"notebook": "D1", "session_id": SESSION, "seq": seq}
    (event,) = check_events(
        {
            "event": name,
            "distinct_id": properties.pop("student", "JOHN_DOE"),
            "timestamp": epoch_to_utc(BEGIN + at_s),
            "properties": {**common, **properties},
        }
    )
    return event


def ran(seq: int, at_s: float = 0, *, fails: str | None = None, **properties: Any) -> Event:
    """Give a run of a cell; `fails` is the message of its error."""
    error = {"name": "KeyError", "value": fails, "traceback": ""} if fails else None
    found = {"cell_id": "a", "cell_index": 3, "status": "error" if fails else "ok", "error": error}
    return told("cell_executed", seq, at_s, **{**found, **properties})


def judged(seq: int, at_s: float = 0, *, fails: str | None = None, **properties: Any) -> Event:
    """Give a run of a test; `fails` is the message of its error."""
    error = {"name": "AssertionError", "value": fails, "traceback": ""} if fails else None
    name = "test_failed" if fails else "test_passed"
    return told(name, seq, at_s, **{"test": "test_sum", "error": error, **properties})


def random_class(chance: random.Random, sessions: int = 6, length: int = 40) -> list[Event]:
    """Give the events of some sessions in the order in which they happened."""
    events: list[Event] = []
    for number in range(sessions):
        student = f"S{chance.randrange(3)}"
        session = str(uuid.UUID(int=chance.getrandbits(128), version=4))
        notebook = chance.choice(["D1", "D2"])
        at_s = chance.random() * 4000
        active = chance.choice([None, 0])
        for seq in range(1, length + 1):
            at_s += chance.choice([0, 0.4, 3, 50, 400])
            if active is not None:
                active += chance.randrange(3000)
            kind, properties = _random_event(chance, seq, active)
            properties["session_id"] = session
            if number == 0:
                properties["simulated"] = True
            key = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            # As a store of version 0.1.0 may have it: with properties that are not checked.
            text = json.dumps(properties)
            events.append(Event(key, kind, student, notebook, epoch_to_utc(BEGIN + at_s), text))
    return events


_KINDS = (
    "cell_executed cell_executed cell_executed test_passed test_failed test_failed"
    " solution_peek solution_closed blur focus paste session_started session_ended"
    " events_dropped cell_marked custom later_version"
)


def _random_event(
    chance: random.Random, seq: int, active: int | None
) -> tuple[str, dict[str, Any]]:
    kind = chance.choice(_KINDS.split())
    error = {
        "name": chance.choice(["KeyError", "NameError"]),
        "value": chance.choice(["'a'", "'b'", "name 'x' is not defined", ""]),
        "traceback": f"Cell In[{seq}], line 2, in {chance.choice(['f', 'g'])}(x)",
    }
    first = chance.randrange(1, 40)
    properties: dict[str, Any] = {
        "cell_id": chance.choice(["a", "b", None]),
        "cell_index": chance.randrange(-1, 5),
        "test": chance.choice(["test_a", "test_b"]),
        "status": chance.choice(["ok", "error", "error", "aborted"]),
        "error": chance.choice([error, error, None]),
        "error_of": chance.choice(["test", None]),
        "reason": chance.choice(["window", "tab", "storage", "rate", "invalid"]),
        "away_ms": chance.randrange(100_000),
        "count": chance.randrange(1, 9),
        "first_seq": first,
        "last_seq": first + chance.randrange(5),
        "length": 30,
        "internal": True,
        "open_ms": 12.5,
        "peek": 1,
        "summary": "Solution",
    }
    if chance.random() < 0.1:
        properties[chance.choice([*properties])] = chance.choice(ODD)
    if active is not None and chance.random() < 0.9:
        properties["active_ms"] = active
    if chance.random() < 0.05:
        seq = chance.choice([seq, max(1, seq - 1), *ODD])
    return kind, {**properties, "seq": seq}


def build(store: EventStore) -> None:
    """Do all that is due, as the server does it in the background."""
    builder = Builder(store.database, LOG)
    while builder.slice() is not None:
        pass


def begin_again(store: EventStore) -> None:
    """Build facts and aggregates anew, as an upgrade does."""
    store.database.use(lambda made: made.execute("UPDATE facts_state SET version = 0"))
    build(store)


def rows_of(store: EventStore) -> dict[str, list[dict[str, Any]]]:
    """Give all rows by table, without what arrival decides: ids, and `rev`."""
    return store.database.use(_rows_of)


def one(store: EventStore, table: str, **where: Any) -> dict[str, Any]:
    """Give the only row of a table that has these values."""
    (row,) = [row for row in rows_of(store)[table] if where.items() <= row.items()]
    return row


def _rows_of(connection: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    sessions = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT id, student, notebook, session, simulated FROM session_audit"
        )
    }
    uuids = dict(connection.execute("SELECT id, uuid FROM events").fetchall())
    found: dict[str, list[dict[str, Any]]] = {}
    for table in (
        *("facts", "session_audit", "cell_state", "error_group", "time_slot", "item_state"),
    ):
        cursor = connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor]
        for row in rows:
            assert row.pop("rev") > 0
            if table == "session_audit":
                del row["id"]
            elif "session" in row:
                row["session"] = sessions[row["session"]]
            if "sample" in row:
                row["sample"] = uuids[row["sample"]]
            if table == "facts":
                row["id"] = uuids[row["id"]]
        found[table] = sorted(rows, key=repr)
    return found


def real(chance: random.Random) -> list[Event]:
    """A class without anything simulated in it."""
    return [
        event
        for event in random_class(chance, sessions=5)
        if not json.loads(event.properties).get("simulated")
    ]
