"""The relay's queue in the event store: which events wait, and what became of the others."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from ..settings.destination import Destination
from ..store.database import Database, transaction
from ..store.event import Event
from ..store.events import insert_events
from .rules import Answer, Outcome, Pace, Verdict, judge, settle
from .wire import MAX_EVENT_BYTES, WaitingEvent, fitting

LEASE_S = 10

T = TypeVar("T")


class Kept(NamedTuple):
    """What a queue keeps.

    Attributes:
        waiting, set_aside: whether there are such events.
        destination: where they were sent to latest, as far as is known.
    """

    waiting: bool
    set_aside: bool
    destination: Destination | None


class Claim(NamedTuple):
    """A batch that is this server's to send.

    Attributes:
        number: of the claim; a lower one than the store's latest holds nothing any more.
        moves: how often the destination had changed by then.
        pace: of the destination.
        events: at least one, oldest first.
    """

    number: int
    moves: int
    pace: Pace
    events: list[WaitingEvent]


class RelayQueue:
    """Keeps what the relay has to forward, so that any server that shares the file goes on with it.

    All events go to one destination: that of the settings of the server whose turn it is. Every
    call blocks, and must come from the store's thread. All methods raise StoreUnavailableError, and
    have changed nothing then. `now` is in seconds since 1970.
    """

    def __init__(self, database: Database) -> None:
        """Use the database of the event store."""
        self.database = database

    @property
    def may_hold_events(self) -> bool:
        """Whether the file is worth opening; the only member that any thread may ask for."""
        return self.database.is_there

    def add(
        self, events: Sequence[Event], forwards: Callable[[Event], bool] = lambda event: True
    ) -> int:
        """Store all of these events for forwarding, or none; a repeat is forwarded once.

        Args:
            events: to be stored.
            forwards: tells of each whether it is forwarded too.

        Returns:
            How many were new.
        """

        def insert(connection: sqlite3.Connection) -> int:
            new = insert_events(connection, events)
            connection.executemany(
                "INSERT OR IGNORE INTO relay_queue (event_id) SELECT id FROM events WHERE uuid = ?",
                ((event.uuid,) for event in events if forwards(event)),
            )
            return new

        return self._write(insert) if events else 0  # no event makes no file

    def kept(self) -> Kept:
        """Tell what is kept, without counting it."""

        def read(connection: sqlite3.Connection) -> Kept:
            waiting, set_aside, *destination = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM relay_queue WHERE state = 'waiting'),"
                " EXISTS (SELECT 1 FROM relay_queue WHERE state = 'set_aside'),"
                " host, api_key, fingerprint"
                " FROM relay_destination"
            ).fetchone()
            is_known = None not in destination
            return Kept(
                bool(waiting), bool(set_aside), Destination(*destination) if is_known else None
            )

        return self.database.use(read)

    def move(self, destination: Destination) -> None:
        """Let everything that is kept go there from now on.

        Unless it went there before: it waits again, whatever another destination said of it.
        A batch that is under way is waited for.
        """

        def change(connection: sqlite3.Connection) -> None:
            moved = connection.execute(
                "UPDATE relay_destination SET moves = moves + 1, host = ?, api_key = ?,"
                " fingerprint = ?, max_count = ?, failures = ?, not_before = ?, problem = ?,"
                " settled_at = 0, last_contact = NULL WHERE host IS NOT ? OR api_key IS NOT ?"
                " OR fingerprint IS NOT ?",
                (*destination, *Pace(), *destination),
            )
            if moved.rowcount:
                _restore(connection)

        self._write(change)

    def claim(self, now: float) -> Claim | float | None:
        """Take the oldest events as this server's to send, for `LEASE_S`.

        Returns:
            None: nothing waits. A number: it is not the time, or another claim's turn; ask again
            after so many seconds.
        """

        def take(connection: sqlite3.Connection) -> Claim | float | None:
            claims, moves, *pace, settled_at, lease_until = connection.execute(
                "SELECT claims, moves, max_count, failures, not_before, problem, settled_at,"
                " lease_until FROM relay_destination"
            ).fetchone()
            claim = Claim(claims + 1, moves, Pace(*pace), [])
            waiting = connection.execute(
                "SELECT id, uuid, event, distinct_id, timestamp, properties,"
                " coalesce(max_bytes, ?) FROM relay_queue JOIN events ON id = event_id"
                " WHERE state = 'waiting' ORDER BY event_id LIMIT ?",
                (MAX_EVENT_BYTES, claim.pace.max_count),
            )
            wait_s = _wait_s(claim.pace.not_before, settled_at, lease_until, now)
            if wait_s > 0:
                return wait_s if waiting.fetchone() else None
            events = fitting(WaitingEvent(*values) for values in waiting)
            if not events:
                return None
            connection.execute("UPDATE relay_destination SET claims = ?", (claim.number,))
            _hold(connection, claim, now + LEASE_S)
            return claim._replace(events=events)

        return self._write(take)

    def hold(self, claim: Claim, until: float) -> None:
        """Keep a claim until then, unless another server has one by now; give it up with 0."""
        self._write(lambda connection: _hold(connection, claim, until))

    def settle(self, claim: Claim, answer: Answer, now: float, chance: float) -> None:
        """Record what came of sending a claim; `chance`, 0 to 1, is for the length of a pause.

        When the destination has changed meanwhile it counts only that events were taken.
        """
        verdict: Verdict = judge(answer, now)
        outcome = settle(claim.pace, claim.events, verdict, now, chance)

        def record(connection: sqlite3.Connection) -> None:
            _hold(connection, claim, 0)
            is_present = connection.execute(
                "UPDATE relay_destination SET max_count = ?, failures = ?, not_before = ?,"
                " problem = ?, settled_at = ?, last_contact = coalesce(?, last_contact)"
                " WHERE moves = ?",
                (*outcome.pace, now, None if answer.status is None else now, claim.moves),
            ).rowcount
            if is_present or outcome.state == "delivered":
                _mark(connection, claim, outcome)

        self._write(record)

    def retry(self) -> None:
        """End a pause, and let wait again what was refused; nobody's turn ends."""

        def free(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE relay_destination SET not_before = 0")
            _restore(connection)

        if self.may_hold_events:
            self._write(free)

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def within(connection: sqlite3.Connection) -> T:
            with transaction(connection):
                return work(connection)

        return self.database.use(within)


def _wait_s(not_before: float, settled_at: float, lease_until: float, now: float) -> float:
    """Give the seconds a pause or a claim lasts; a clock that is set back makes neither longer."""
    pause_s = not_before - now if settled_at <= now else 0.0
    lease_s = lease_until - now if lease_until <= now + LEASE_S else 0.0
    return max(pause_s, lease_s, 0.0)


def _hold(connection: sqlite3.Connection, claim: Claim, until: float) -> None:
    connection.execute(
        "UPDATE relay_destination SET lease_until = ? WHERE claims = ?", (until, claim.number)
    )


def _restore(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE relay_queue SET state = 'waiting', reason = NULL, max_bytes = NULL"
        " WHERE state IN ('waiting', 'set_aside')"
    )


def _mark(connection: sqlite3.Connection, claim: Claim, outcome: Outcome) -> None:
    # Never back from delivered: the batch may have been sent twice, at once.
    connection.executemany(
        "UPDATE relay_queue SET state = ?, reason = ?, max_bytes = coalesce(?, max_bytes),"
        " moves = ? WHERE event_id = ? AND state <> 'delivered'",
        ((*outcome[1:], claim.moves, waiting.id) for waiting in claim.events),
    )
