"""The relay's queue in the event store: which events wait, for where, and whose turn it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from .database import Database, transaction
from .delivery import Answer, Outcome, Pace, Verdict, judge, settle
from .destination import Destination
from .event import Event, epoch_to_utc
from .store import insert_events
from .wire import MAX_EVENT_BYTES, WaitingEvent, fitting

LEASE_S = 10
MAX_REASONS_READ = 100  # events

T = TypeVar("T")


class Claim(NamedTuple):
    """A batch that is this server's to send: where to, at which pace, and the events."""

    destination: Destination
    pace: Pace
    events: list[WaitingEvent]


class Outbox:
    """Keeps what the relay has to forward, so that any server that shares the file goes on with it.

    It blocks: every call must come from the store's thread. All its methods raise
    StoreUnavailableError, and have changed nothing then. `now` is in seconds since 1970.
    """

    def __init__(self, database: Database) -> None:
        """Use the database of the event store."""
        self._database = database

    @property
    def may_hold_events(self) -> bool:
        """Whether it is worth opening; the only one that any thread may ask."""
        return self._database.is_there

    def add(self, events: Sequence[Event], destination: Destination) -> None:
        """Store all of these events for forwarding, or none; a repeat is forwarded once.

        All that waits goes to this destination from now on. If it is another one than before,
        what kept events from that is forgotten, and what it refused waits again. No events only
        say where to, which makes no file.
        """
        if not events and not self.may_hold_events:
            return

        def insert(connection: sqlite3.Connection) -> None:
            insert_events(connection, events)
            connection.executemany(
                "INSERT OR IGNORE INTO relay_queue (event_id) SELECT id FROM events WHERE uuid = ?",
                ((event.uuid,) for event in events),
            )
            is_other = connection.execute(
                "INSERT INTO relay_destination"
                " (id, host, api_key, max_count, failures, not_before, problem)"
                " VALUES (1, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " host = excluded.host, api_key = excluded.api_key,"
                " max_count = excluded.max_count, failures = excluded.failures,"
                " not_before = excluded.not_before, problem = excluded.problem, lease_until = 0"
                " WHERE (host, api_key) <> (excluded.host, excluded.api_key)",
                (*destination, *Pace()),
            ).rowcount
            if is_other:
                _free(connection)

        self._write(insert)

    def claim(self, now: float) -> Claim | float | None:
        """Take the oldest events as this server's to send, for `LEASE_S`.

        Returns:
            None: nothing waits. A number: it is not the time, or another server's turn; ask again
            after so many seconds.
        """

        def take(connection: sqlite3.Connection) -> Claim | float | None:
            row = connection.execute(
                "SELECT host, api_key, max_count, failures, not_before, problem, paused_at,"
                " lease_until FROM relay_destination"
                " WHERE EXISTS (SELECT 1 FROM relay_queue WHERE state = 'waiting')"
            ).fetchone()
            if row is None:
                return None
            destination, pace = Destination(*row[:2]), Pace(*row[2:6])
            wait_s = _wait_s(pace.not_before, *row[6:], now)
            if wait_s > 0:
                return wait_s
            waiting = connection.execute(
                "SELECT id, uuid, event, distinct_id, timestamp, properties,"
                " coalesce(max_bytes, ?) FROM relay_queue JOIN events ON id = event_id"
                " WHERE state = 'waiting' ORDER BY event_id LIMIT ?",
                (MAX_EVENT_BYTES, pace.max_count),
            )
            events = fitting(WaitingEvent(*values) for values in waiting)
            connection.execute("UPDATE relay_destination SET lease_until = ?", (now + LEASE_S,))
            return Claim(destination, pace, events)

        return self._write(take)

    def hold(self, claim: Claim, until: float) -> None:
        """Keep a claim until then; give it up with 0."""
        self._write(
            lambda connection: connection.execute(
                "UPDATE relay_destination SET lease_until = ? WHERE (host, api_key) = (?, ?)",
                (until, *claim.destination),
            )
        )

    def settle(self, claim: Claim, answer: Answer, now: float, chance: float) -> None:
        """Record what came of sending a claim; `chance`, 0 to 1, is for the length of a pause.

        What a place says that is no longer the destination counts only if it took the events.
        """
        verdict: Verdict = judge(answer, now)
        outcome = settle(claim.pace, claim.events, verdict, now, chance)

        def record(connection: sqlite3.Connection) -> None:
            last_contact = None if answer.status is None else now
            is_current = connection.execute(
                "UPDATE relay_destination SET max_count = ?, failures = ?, not_before = ?,"
                " problem = ?, paused_at = ?, lease_until = 0,"
                " last_contact = coalesce(?, last_contact) WHERE (host, api_key) = (?, ?)",
                (*outcome.pace, now, last_contact, *claim.destination),
            ).rowcount
            if is_current or verdict.kind == "accepted":
                _mark(connection, claim.events, outcome)

        self._write(record)

    def retry(self) -> None:
        """End the pause, and let wait again what was refused; nobody's turn ends."""
        if self.may_hold_events:
            self._write(_free)

    def status(self, now: float) -> dict[str, Any]:
        """Tell how forwarding goes, as the status route answers."""
        row, refusals = (0, 0, None, None, None), []
        if self.may_hold_events:  # asking makes no file
            row, refusals = self._database.use(lambda connection: _read_status(connection, now))
        waiting, set_aside, problem, last_contact, next_attempt = row
        return {
            "waiting": waiting,
            "set_aside": set_aside,
            "refusals": [{"reason": reason, "count": count} for reason, count in refusals],
            "problem": problem,
            "last_contact": last_contact and epoch_to_utc(last_contact),
            "next_attempt": epoch_to_utc(next_attempt) if waiting and next_attempt else None,
        }

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def within(connection: sqlite3.Connection) -> T:
            with transaction(connection):
                return work(connection)

        return self._database.use(within)


def _free(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE relay_destination SET not_before = 0")
    connection.execute(
        "UPDATE relay_queue SET state = 'waiting', reason = NULL, max_bytes = NULL"
        " WHERE state IN ('waiting', 'set_aside')"
    )


def _read_status(connection: sqlite3.Connection, now: float) -> tuple[Any, list[Any]]:
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE state = 'waiting'),"
        " count(*) FILTER (WHERE state = 'set_aside'),"
        " (SELECT problem FROM relay_destination),"
        " (SELECT last_contact FROM relay_destination),"
        " (SELECT not_before FROM relay_destination"
        " WHERE not_before > :now AND paused_at <= :now)"
        " FROM relay_queue WHERE state IN ('waiting', 'set_aside')",
        {"now": now},
    ).fetchone()
    refusals = connection.execute(
        "SELECT reason, count(*) FROM (SELECT event_id, reason FROM relay_queue"
        " WHERE state = 'set_aside' ORDER BY event_id LIMIT ?)"
        " GROUP BY reason ORDER BY min(event_id)",
        (MAX_REASONS_READ,),
    ).fetchall()
    return row, refusals


def _wait_s(not_before: float, paused_at: float, lease_until: float, now: float) -> float:
    """Give the seconds a pause or a claim lasts; a clock that is set back makes neither longer."""
    pause_s = not_before - now if paused_at <= now else 0.0
    lease_s = lease_until - now if lease_until <= now + LEASE_S else 0.0
    return max(pause_s, lease_s, 0.0)


def _mark(connection: sqlite3.Connection, events: Sequence[WaitingEvent], outcome: Outcome) -> None:
    # Never back from delivered: the batch may have been sent twice, at once.
    connection.executemany(
        "UPDATE relay_queue SET state = ?, reason = ?, max_bytes = coalesce(?, max_bytes)"
        " WHERE event_id = ? AND state <> 'delivered'",
        ((outcome.state, outcome.reason, outcome.max_bytes, waiting.id) for waiting in events),
    )
