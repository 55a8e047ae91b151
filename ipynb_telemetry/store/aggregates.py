"""The aggregates that answers read: rows that sum up the facts of a session.

A session's rows are its facts folded in their order, and nothing else: no row depends on the order
of arrival, nor on how the events were cut into batches. New facts behind the others go one step on
from the rows there are. A fact that comes late makes the fold begin again, from the facts of its
session alone: at once where the session is short, and otherwise in the background, for all that
came within a second (`projection` decides). So the cost of an event is that of its own step, or
little more.

- `session_audit`, a row a session: what came of its numbers, when, how long, how often away; and
  where the fold stands (`at_ms` and what follows).
- `cell_state`, a row for each cell (`kind` is `cell`, `item` its id) and each test (`test`, its
  name) of a session: attempts, first and latest ones, the streak of the same error, active time.
- `error_group`, a row for each folded error of each such item.
- `time_slot`, a row for each five minutes in which something happened.
- `item_state`, a row for each student, notebook and item: `cell_state` merged over the student's
  sessions, see `studentitem`. Who needs me and who is how far is read from here.

An exercise is no column. Which cells and tests are an exercise an outline says, which may come
later than the events: who answers joins it to the items. Without an outline each test is one.

Every row has the `rev` of the transaction that changed it, of one counter for all: "what is new
since" is asked by it. Simulated students have sessions, and so rows, of their own.

Times are milliseconds. Durations are differences of one student's clock. `*_received_ms` are the
store's clock, which alone says how long ago something was. A slot is that of the student's clock,
but no event happened after it was received.

**Active time** is the running total `active_ms` that events carry. Where they carry none, it is the
pauses between events, each up to `IDLE_MS`, without those between leave and return (`gap_ms`). The
time since the run or test before goes to the cell or test that is run next.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = 5
"""Of facts and aggregates: another version makes a store build both again."""

IDLE_MS = 180_000
SLOT_MS = 300_000

CELL = "cell"
TEST = "test"


Item = tuple[str, str]
"""A thing that a student works at: `CELL` and a cell's id, or `TEST` and a test's name."""

ErrorKey = tuple[str, str, str]
"""A folded error of an item: the fold, and the item."""


@dataclass(slots=True)
class Audit:
    """The columns of `session_audit` that the facts of a session decide.

    Attributes:
        events: facts.
        got: distinct numbers among them.
        at_seq: the highest number: so many events were expected.
        drops: reports of events that were given up, for the reason `storage`.
        explained: numbers that these reports name and that did not come all the same.
        suppressed, invalid: events that never had a number, by `events_dropped`.
        is_ended: whether `session_ended` is there.
        clock_ms: the least of receipt minus timestamp: how far the student's clock is behind.
        late_p95_ms: how late 95 % of the events were at most, by their histogram `lateness`.
        active_ms: the highest running total; None: no event has any.
        gap_ms: the active time that pauses tell.
        away_ms: the sum of what returns tell; `page_hidden`, `window` and `tab` count leaves.
        eq_pairs, eq_score: the pairs of one run of a cell and its next, and the points that the
            Error Quotient gives them.
        red: the Repeated Error Density; `answers.errormeasures` has the formulas of both.
        at_ms, at_received_ms, at_active_ms, pending_ms, since_pass_ms, is_away, run_cell_index: of
            the latest fact: its time, that of its receipt, the running total so far, the active
            time since the latest attempt and since a test last passed for the first time, whether
            the student is away, and where the latest run was.
        pass_ms: when a test last passed for the first time, else the time of the first fact.
    """

    events: int = 0
    got: int = 0
    at_seq: int = 0
    drops: int = 0
    explained: int = 0
    suppressed: int = 0
    invalid: int = 0
    is_ended: int = 0
    first_ms: int = 0
    last_ms: int = 0
    first_received_ms: int = 0
    last_received_ms: int = 0
    clock_ms: int = 0
    late_p95_ms: int = 0
    lateness: str = ""
    active_ms: int | None = None
    gap_ms: int = 0
    away_ms: int = 0
    page_hidden: int = 0
    window: int = 0
    tab: int = 0
    runs: int = 0
    errors: int = 0
    passes: int = 0
    fails: int = 0
    peeks: int = 0
    pastes: int = 0
    eq_pairs: int = 0
    eq_score: int = 0
    red: float = 0.0
    at_ms: int = 0
    at_active_ms: int | None = None
    pending_ms: int = 0
    since_pass_ms: int = 0
    is_away: int = 0
    run_cell_index: int | None = None
    pass_ms: int = 0
    at_received_ms: int = 0


@dataclass(slots=True)
class ItemState:
    """The columns of `cell_state`; an attempt is a run of a cell or of a test.

    Attributes:
        runs: attempts: of a cell those that ended, well or by an error.
        errors: of a cell, runs that ended by an error.
        passes, fails: of a test.
        fails_before_pass: of a test, before it passed for the first time.
        peeks, closes: of a cell, how often a solution in it was opened, and closed again.
        open_ms: how long its solutions were open, those that were closed again.
        first_*, last_*: number and time of the first and latest attempt, failure, pass, peek; None:
            there was none.
        last_run_received_ms: when an attempt last came.
        last_status: of the latest attempt: `ok`, `error`, `passed`, `failed`.
        fold: the error of the latest attempt; None: it has none.
        streak: how many of the latest attempts have that error, one after the other; the first of
            them was at `streak_ms`, and came at `streak_received_ms`.
        error_type, same_errors: of a cell's latest run: the type of its error by
            `errorfold.type_of`, and how many runs up to this one ended by an error of that type,
            one after the other; 0: it ended well.
        cell_id, cell_index: of a cell, its place in the latest run, or in the first peek; of a
            test, the cell that the event names, and the place of the run before it.
        active_ms: active time before the attempts; `first_active_ms` before the first of them.
        active_parts: the same in parts, as `activeparts` writes them.
        active_to_pass_ms: of a test, active time from when a test last passed for the first time,
            else from the session's begin, to the first pass of this test.
    """

    runs: int = 0
    errors: int = 0
    passes: int = 0
    fails: int = 0
    fails_before_pass: int = 0
    peeks: int = 0
    closes: int = 0
    open_ms: int = 0
    first_ms: int = 0
    last_ms: int = 0
    last_received_ms: int = 0
    last_seq: int = 0
    first_run_seq: int | None = None
    first_run_ms: int | None = None
    first_fail_seq: int | None = None
    first_fail_ms: int | None = None
    first_pass_seq: int | None = None
    first_pass_ms: int | None = None
    first_peek_seq: int | None = None
    first_peek_ms: int | None = None
    last_run_received_ms: int | None = None
    last_status: str | None = None
    fold: str | None = None
    streak: int = 0
    streak_ms: int | None = None
    streak_received_ms: int | None = None
    error_type: str | None = None
    same_errors: int = 0
    cell_id: str | None = None
    cell_index: int | None = None
    active_ms: int = 0
    active_to_pass_ms: int | None = None
    first_active_ms: int = 0
    active_parts: str = ""


@dataclass(slots=True)
class ErrorGroup:
    """The columns of `error_group`: how often, when, and the id of the first such event."""

    events: int = 0
    first_ms: int = 0
    last_ms: int = 0
    last_seq: int = 0
    last_received_ms: int = 0
    sample: int = 0


@dataclass(slots=True)
class Slot:
    """The columns of `time_slot`; `present` counts the events while the student was there."""

    events: int = 0
    present: int = 0
    runs: int = 0
    errors: int = 0
    passes: int = 0
    fails: int = 0
    peeks: int = 0
    active_ms: int = 0
