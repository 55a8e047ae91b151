"""The access log: a line a visit."""

import sqlite3
from contextlib import closing

import pytest

from ipynb_telemetry.store.accesslog import Page, log_access, read_accesses
from ipynb_telemetry.store.database import MEMORY, migrate
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.migrations import MIGRATIONS

MINUTE = 60_000
PAGE = Page("a teacher", "JOHN_DOE", "D1")


def visits(store: EventStore, *looks: tuple[Page, int]) -> list[tuple[Page, int, int]]:
    """Give page, first and last minute of the visits that these looks are."""

    def write(connection: sqlite3.Connection) -> list[tuple[Page, int, int]]:
        for page, minute in looks:
            log_access(connection, page, minute * MINUTE)
        return [
            (page, first // MINUTE, last // MINUTE)
            for page, first, last in read_accesses(connection)
        ]

    return store.database.use(write)


def test_looks_one_soon_after_the_other_are_a_visit(store: EventStore) -> None:
    looks = [(PAGE, minute) for minute in (0, 1, 3, 18, 34, 34)]
    assert visits(store, *looks) == [(PAGE, 0, 18), (PAGE, 34, 34)]


@pytest.mark.parametrize(
    "other",
    [
        PAGE._replace(reader="another teacher"),
        PAGE._replace(student="JANE_ROE"),
        PAGE._replace(notebook="D2"),
        PAGE._replace(student="", cell="a"),
    ],
)
def test_another_page_or_reader_is_another_visit(store: EventStore, other: Page) -> None:
    found = visits(store, (PAGE, 0), (other, 1), (PAGE, 2), (other, 3))
    assert found == [(PAGE, 0, 2), (other, 1, 3)]


def test_a_poll_of_the_same_minute_writes_nothing(store: EventStore) -> None:
    def changes(connection: sqlite3.Connection) -> int:
        log_access(connection, PAGE, 0)
        before = connection.total_changes
        for at_ms in range(2000, MINUTE, 2000):
            log_access(connection, PAGE, at_ms)
        return connection.total_changes - before

    assert store.database.use(changes) == 0


def test_a_clock_that_is_set_back_begins_a_visit(store: EventStore) -> None:
    found = visits(store, (PAGE, 90), (PAGE, 30), (PAGE, 31))
    assert found == [(PAGE, 30, 31), (PAGE, 90, 90)]


def test_looks_of_the_past_are_kept() -> None:
    with closing(sqlite3.connect(MEMORY, isolation_level=None)) as connection:
        for statement in (statement for entry in MIGRATIONS[:7] for statement in entry):
            connection.execute(statement)
        connection.execute("INSERT INTO access_log VALUES (1, 5, 'a teacher', 'JOHN_DOE', 'D1')")
        connection.execute("PRAGMA user_version = 7")
        migrate(connection)
        assert read_accesses(connection) == [(PAGE, 5, 5)]
