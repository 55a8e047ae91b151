"""Facts and aggregates of a store that is there already: built while events go on coming."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ipynb_telemetry.store import building, projection
from ipynb_telemetry.store.aggregates import VERSION
from ipynb_telemetry.store.building import Builder
from ipynb_telemetry.store.database import StoreUnavailableError, transaction
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.facts import Fact
from ipynb_telemetry.store.migrations import MIGRATIONS
from ipynb_telemetry.store.sessionfold import Rows
from ipynb_telemetry.tests.support.aggregates import (
    LOG,
    begin_again,
    build,
    random_class,
    rows_of,
    told,
)

VERSION_0_1_0 = 5
NORMAL, FULL = 1, 2  # of SQLite's `synchronous`


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "SLICE_S", 0)  # a step each
    monkeypatch.setattr(building, "_STEP", 7)
    monkeypatch.setattr(building, "_CHUNK", 50)


def old_store(path: Path, events: list[Event]) -> None:
    """Make a store as version 0.1.0 left it."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in (statement for entry in MIGRATIONS[:VERSION_0_1_0] for statement in entry):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION_0_1_0}")
        connection.executemany(
            "INSERT INTO events (uuid, event, distinct_id, notebook, timestamp, properties,"
            " received_at) VALUES (?, ?, ?, ?, ?, ?, '2026-01-06T10:00:00.000Z')",
            events,
        )


def is_built(store: EventStore) -> bool:
    return Builder(store.database, LOG).slice() is None


def same_as_from_the_beginning(store: EventStore) -> bool:
    found = rows_of(store)
    begin_again(store)
    return found == rows_of(store)


@pytest.mark.parametrize("seed", range(3))
def test_an_older_store_is_built_while_events_come(
    path: Path, store: EventStore, seed: int
) -> None:
    chance = random.Random(seed)
    events = random_class(chance)
    chance.shuffle(events)
    old_store(path, events[:180])
    builder = Builder(store.database, LOG)
    coming = events[180:]
    works = []
    while (work := builder.slice()) is not None:
        works.append(work.what)
        if coming and chance.random() < 0.3:
            store.append([coming.pop() for _ in range(min(5, len(coming)))])
    store.append(coming)
    assert len(rows_of(store)["facts"]) > 200
    assert [works[0], works[-1]] == ["facts", "fold"]
    assert is_built(store)
    assert same_as_from_the_beginning(store)


def test_the_first_event_after_an_upgrade_is_there_at_once(path: Path, store: EventStore) -> None:
    old_store(path, random_class(random.Random(1)))
    store.append([told("cell_executed", 1, cell_id="a", status="ok")])
    (audit,) = rows_of(store)["session_audit"]
    assert audit["runs"] == 1
    build(store)
    assert len(rows_of(store)["session_audit"]) > 1


def test_an_event_of_a_session_that_waits_for_its_fold(path: Path, store: EventStore) -> None:
    old_store(path, [told("cell_executed", seq, cell_id="a", status="ok") for seq in (1, 2, 3)])
    builder = Builder(store.database, LOG)
    while not rows_of(store)["facts"]:
        builder.slice()
    store.append([told("cell_executed", 4, cell_id="a", status="ok")])
    build(store)
    (state,) = rows_of(store)["item_state"]
    assert state["runs"] == 4


def test_a_new_store_needs_no_building(store: EventStore) -> None:
    store.append(random_class(random.Random(1)))
    assert is_built(store)
    assert same_as_from_the_beginning(store)


@pytest.mark.parametrize("slices", [*range(1, 60, 6)])
def test_building_goes_on_where_a_killed_server_was(
    path: Path, store: EventStore, slices: int
) -> None:
    old_store(path, random_class(random.Random(2)))
    killed = Builder(store.database, LOG)
    for _ in range(slices):
        assert killed.slice() is not None
    other = EventStore(str(path), LOG)
    build(other)
    assert same_as_from_the_beginning(other)
    other.close()


def test_two_servers_build_together(path: Path, store: EventStore) -> None:
    old_store(path, random_class(random.Random(2)))
    other = EventStore(str(path), LOG)
    here, there = Builder(store.database, LOG), Builder(other.database, LOG)
    while here.slice() is not None or there.slice() is not None:
        pass
    other.close()
    assert same_as_from_the_beginning(store)


def test_what_was_read_before_a_deletion_is_not_written(path: Path, store: EventStore) -> None:
    old_store(path, random_class(random.Random(2)))
    late = Builder(store.database, LOG)
    for _ in range(10):  # a chunk is read, and a part of it written
        late.slice()
    other = EventStore(str(path), LOG)
    other.database.use(lambda made: made.execute("DELETE FROM events WHERE id BETWEEN 10 AND 40"))
    there = Builder(other.database, LOG)
    while (work := there.slice()) is not None and work.what == "clear":
        pass
    while late.slice() is not None:
        pass
    other.close()
    assert same_as_from_the_beginning(store)


def test_a_slice_that_fails_is_done_again(
    path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_store(path, random_class(random.Random(2)))
    builder = Builder(store.database, LOG)
    transactions = 0

    @contextmanager
    def often_full(connection: sqlite3.Connection) -> Iterator[None]:
        nonlocal transactions
        transactions += 1
        with transaction(connection):
            yield
            if transactions in (1, 4, 9, 20, 40):
                raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(building, "transaction", often_full)
    failures = 0
    is_done = False
    while not is_done:
        try:
            is_done = builder.slice() is None
        except StoreUnavailableError:
            failures += 1
    assert failures == 5
    monkeypatch.undo()
    assert same_as_from_the_beginning(store)


def test_events_wait_for_the_disk_and_slices_do_not(
    path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_store(path, random_class(random.Random(2)))

    def level(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    levels = set()

    @contextmanager
    def noted(connection: sqlite3.Connection) -> Iterator[None]:
        levels.add(level(connection))
        with transaction(connection):
            yield

    monkeypatch.setattr(building, "transaction", noted)
    builder = Builder(store.database, LOG)
    while builder.slice() is not None:
        assert store.database.use(level) == FULL
    assert levels == {NORMAL}


def test_another_version_of_the_rows_goes(
    path: Path, store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(random_class(random.Random(3)))
    found = rows_of(store)
    for module in (building, projection):
        monkeypatch.setattr(module, "VERSION", VERSION + 1)
    builder = Builder(store.database, LOG)
    work = builder.slice()
    assert work is not None
    assert work.what == "clear"
    # A server of the older version, which shares the file, adds nothing to what is half gone.
    left = len(rows_of(store)["facts"])
    with pytest.MonkeyPatch.context() as older:
        older.setattr(projection, "VERSION", VERSION)
        store.append([told("cell_executed", 2, cell_id="newer", status="ok")])
    assert len(rows_of(store)["facts"]) == left
    # This event comes while the old rows go, and is found later.
    store.append([told("cell_executed", 1, cell_id="new", status="ok")])
    build(store)
    items = {row["item"] for row in rows_of(store)["item_state"]}
    assert items > {"new", "newer"}
    assert len(rows_of(store)["facts"]) == len(found["facts"]) + 2
    assert is_built(store)


def test_rows_of_a_newer_version_are_left_to_its_server(store: EventStore) -> None:
    store.append([told("cell_executed", 1, cell_id="a", status="ok")])
    store.database.use(lambda made: made.execute("UPDATE facts_state SET version = 99"))
    assert store.append([told("cell_executed", 2, cell_id="a", status="ok")]) == 1
    assert is_built(store)
    assert len(rows_of(store)["facts"]) == 1
    due = store.database.use(lambda made: made.execute("SELECT * FROM facts_due").fetchall())
    assert due == [(2, 2)]


def test_nothing_of_a_deleted_event_stays(store: EventStore) -> None:
    store.append([told("cell_executed", seq, cell_id=f"c{seq}", status="ok") for seq in (1, 2)])
    store.database.use(lambda made: made.execute("DELETE FROM events WHERE id = 2"))
    store.append([told("cell_executed", 3, cell_id="c3", status="ok")])
    build(store)
    assert [row["item"] for row in rows_of(store)["item_state"]] == ["c1", "c3"]
    assert is_built(store)


def test_who_is_deleted_is_in_no_table(store: EventStore) -> None:
    store.append([*random_class(random.Random(4)), told("cell_executed", 1, student="MARY_MAJOR")])
    students = {row["student"] for row in rows_of(store)["session_audit"]}
    with closing(sqlite3.connect(store.database.path)) as tool, tool:
        for student in students - {"MARY_MAJOR"}:
            tool.execute("DELETE FROM events WHERE distinct_id = ?", (student,))
        for table in ("session_audit", "item_state"):
            found = {row[0] for row in tool.execute(f"SELECT student FROM {table}")}
            assert found <= {"MARY_MAJOR"}
        sessions = [row[0] for row in tool.execute("SELECT id FROM session_audit")]
        for table in ("facts", "cell_state", "error_group", "time_slot"):
            rows = tool.execute(f"SELECT DISTINCT session FROM {table}").fetchall()
            assert rows in ([], [(sessions[0],)])
    build(store)
    assert {row["student"] for row in rows_of(store)["session_audit"]} == {"MARY_MAJOR"}


def test_a_fault_of_ours_costs_no_event_and_no_other_session(
    store: EventStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole = Rows.fold

    def fold(rows: Rows, facts: Sequence[Fact]) -> None:
        if any(fact.cell_id == "bad" for fact in facts):
            raise ZeroDivisionError
        whole(rows, facts)

    monkeypatch.setattr(Rows, "fold", fold)
    other = "0e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f11"
    store.append([told("blur", 1, student="JANE_ROE", reason="window")])
    good = told("cell_executed", 1, cell_id="good", status="ok", session_id=other)
    assert store.append([good, told("cell_executed", 1, cell_id="bad", status="ok")]) == 2
    assert "made later" in caplog.text
    build(store)
    assert [row["item"] for row in rows_of(store)["item_state"]] == ["good"]
    assert is_built(store)
    store.append([told("cell_executed", 2, cell_id="good", status="ok", session_id=other)])
    (state,) = rows_of(store)["item_state"]
    assert state["runs"] == 2


def test_a_long_session_is_folded_again_in_the_background(store: EventStore) -> None:
    store.append([told("cell_executed", seq, cell_id="a", status="ok") for seq in range(2, 20)])
    store.append([told("cell_executed", 1, cell_id="late", status="ok")])
    assert [row["item"] for row in rows_of(store)["item_state"]] == ["a"]
    build(store)
    assert [row["item"] for row in rows_of(store)["item_state"]] == ["a", "late"]
    assert same_as_from_the_beginning(store)


def test_a_session_that_is_late_again_waits_for_the_next_turn(store: EventStore) -> None:
    sessions = ("a" * 8 + "-6e1b-4f0e-9b67-0d4b9f6d8f11", "b" * 8 + "-6e1b-4f0e-9b67-0d4b9f6d8f11")
    for session in sessions:
        run = [
            told("cell_executed", seq, cell_id="a", status="ok", session_id=session)
            for seq in range(10, 50)
        ]
        store.append(run)
        store.append([told("cell_executed", 1, cell_id="late", status="ok", session_id=session)])
    builder = Builder(store.database, LOG)
    assert builder.slice() == ("fold", 1)
    for number, session in enumerate(sessions, 2):
        store.append(
            [told("cell_executed", number, cell_id="later", status="ok", session_id=session)]
        )
    assert builder.slice() == ("fold", 0)
    assert builder.slice() == ("fold", 0)
    assert builder.slice() is None
    assert same_as_from_the_beginning(store)
