"""The relay's queue in the event store: which events wait, for where, and what became of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

from ..settings.destination import Destination
from ..store.database import Database, transaction
from ..store.event import Event, epoch_to_utc
from ..store.events import insert_events
from . import destinations
from .rules import Answer, Outcome, Pace, Verdict, judge, settle
from .wire import MAX_EVENT_BYTES, WaitingEvent, fitting

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

        They go to this destination. What is kept for others goes there too where it `corrects`
        them. No events only name it, which makes no file.
        """
        if not events and not self.may_hold_events:
            return

        def insert(connection: sqlite3.Connection) -> None:
            named = destinations.name(connection, destination)
            insert_events(connection, events)
            connection.executemany(
                "INSERT OR IGNORE INTO relay_queue (event_id, destination_id)"
                " SELECT id, ? FROM events WHERE uuid = ?",
                ((named, event.uuid) for event in events),
            )
            destinations.correct(connection)

        self._write(insert)

    def claim(self, now: float) -> Claim | float | None:
        """Take a destination's oldest events as this server's to send, for `LEASE_S`.

        Returns:
            None: nothing waits. A number: it is not the time, or another claim's turn; ask again
            after so many seconds.
        """

        def take(connection: sqlite3.Connection) -> Claim | float | None:
            turn = destinations.next_turn(connection, now)
            if not isinstance(turn, destinations.Turn):
                return turn
            waiting = connection.execute(
                "SELECT id, uuid, event, distinct_id, timestamp, properties,"
                " coalesce(max_bytes, ?) FROM relay_queue JOIN events ON id = event_id"
                " WHERE state = 'waiting' AND destination_id = ? ORDER BY event_id LIMIT ?",
                (MAX_EVENT_BYTES, turn.id, turn.pace.max_count),
            )
            events = fitting(WaitingEvent(*values) for values in waiting)
            destinations.hold(connection, turn.destination, now + destinations.LEASE_S)
            return Claim(turn.destination, turn.pace, events)

        return self._write(take)

    def hold(self, claim: Claim, until: float) -> None:
        """Keep a claim until then; give it up with 0."""
        self._write(lambda connection: destinations.hold(connection, claim.destination, until))

    def settle(self, claim: Claim, answer: Answer, now: float, chance: float) -> None:
        """Record what came of sending a claim; `chance`, 0 to 1, is for the length of a pause.

        Of events that go to another destination by now it counts only that they were taken.
        """
        verdict: Verdict = judge(answer, now)
        outcome = settle(claim.pace, claim.events, verdict, now, chance)

        def record(connection: sqlite3.Connection) -> None:
            destinations.record(connection, claim.destination, outcome.pace, answer, verdict, now)
            sender = destinations.find(connection, claim.destination)
            _mark(connection, claim.events, outcome, sender)
            destinations.correct(connection)

        self._write(record)

    def retry(self) -> None:
        """End every pause, and let wait again what was refused; nobody's turn ends."""

        def free(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE relay_destinations SET not_before = 0")
            connection.execute(
                "UPDATE relay_queue SET state = 'waiting', reason = NULL, max_bytes = NULL"
                " WHERE state IN ('waiting', 'set_aside')"
            )

        if self.may_hold_events:
            self._write(free)

    def status(self, now: float) -> dict[str, Any]:
        """Tell how forwarding goes, as the status route answers.

        The counts are of all destinations. The rest is of one: of those that something is kept
        for, one that has trouble, above all that it refuses; else the one named last.
        """
        fares: list[_Fare] = []
        refusals: list[Any] = []
        if self.may_hold_events:  # asking makes no file
            fares, refusals = self._database.use(_read_status)
        told = max(fares, key=lambda fare: (fare.trouble, fare.is_busy), default=_Fare())
        is_paused = told.waiting and told.settled_at <= now < told.not_before
        return {
            "waiting": sum(fare.waiting for fare in fares),
            "set_aside": sum(fare.set_aside for fare in fares),
            "refusals": [{"reason": reason, "count": count} for reason, count in refusals],
            "problem": told.problem if told.is_busy else None,
            "last_contact": told.last_contact and epoch_to_utc(told.last_contact),
            "next_attempt": epoch_to_utc(told.not_before) if is_paused else None,
        }

    def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def within(connection: sqlite3.Connection) -> T:
            with transaction(connection):
                return work(connection)

        return self._database.use(within)


class _Fare(NamedTuple):
    """How it goes at one destination."""

    waiting: int = 0
    set_aside: int = 0
    is_refusing: bool = False
    problem: str | None = None
    last_contact: float | None = None
    not_before: float = 0
    settled_at: float = 0

    @property
    def is_busy(self) -> bool:
        return self.waiting + self.set_aside > 0

    @property
    def trouble(self) -> int:
        return 1 + self.is_refusing if self.is_busy and self.problem else 0


def _read_status(connection: sqlite3.Connection) -> tuple[list[_Fare], list[Any]]:
    count = "(SELECT count(*) FROM relay_queue WHERE destination_id = destination.id AND state = ?)"
    fares = connection.execute(
        f"SELECT {count}, {count}, is_refusing, problem, last_contact, not_before, settled_at"
        " FROM relay_destinations AS destination ORDER BY named DESC",
        ("waiting", "set_aside"),
    )
    refusals = connection.execute(
        "SELECT reason, count(*) FROM (SELECT event_id, reason FROM relay_queue"
        " WHERE state = 'set_aside' ORDER BY event_id LIMIT ?)"
        " GROUP BY reason ORDER BY min(event_id)",
        (MAX_REASONS_READ,),
    )
    return [_Fare(*row) for row in fares], refusals.fetchall()


def _mark(
    connection: sqlite3.Connection,
    events: Sequence[WaitingEvent],
    outcome: Outcome,
    sender: int | None,
) -> None:
    # Never back from delivered: the batch may have been sent twice, at once.
    connection.executemany(
        "UPDATE relay_queue SET state = ?, reason = ?, max_bytes = coalesce(?, max_bytes)"
        " WHERE event_id = ? AND state <> 'delivered'"
        " AND (destination_id = ? OR ? = 'delivered')",
        (
            (outcome.state, outcome.reason, outcome.max_bytes, waiting.id, sender, outcome.state)
            for waiting in events
        ),
    )
