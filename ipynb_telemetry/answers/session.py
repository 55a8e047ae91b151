"""A student's session in a notebook, as answers see it."""

from __future__ import annotations

from typing import NamedTuple


class Session(NamedTuple):
    """A student's session in a notebook; see `store.aggregates.Audit` for the figures.

    Attributes:
        student: the person whose session it is.
        claimed: the name that its events have.
    """

    id: int
    student: str
    claimed: str
    notebook: str
    session: str
    events: int
    got: int
    at_seq: int
    drops: int
    explained: int
    suppressed: int
    invalid: int
    is_ended: int
    first_ms: int
    last_ms: int
    first_received_ms: int
    last_received_ms: int
    clock_ms: int
    late_p95_ms: int
    at_ms: int
    at_received_ms: int
    eq_pairs: int
    eq_score: int
    red: float
    active_ms: int | None
    gap_ms: int
    away_ms: int
    page_hidden: int
    window: int
    tab: int
    runs: int
    errors: int
    passes: int
    fails: int
    peeks: int
    pastes: int
    is_away: int

    @property
    def missing(self) -> int:
        """How many events are missing, and nothing tells why."""
        return max(0, self.at_seq - self.got - self.explained)

    @property
    def late_ms(self) -> int:
        """How much later than the session's soonest event its latest one came."""
        return self.at_received_ms - self.at_ms - self.clock_ms

    @property
    def worked_ms(self) -> int:
        """The active time: the browser's total, else what the pauses tell."""
        return self.gap_ms if self.active_ms is None else self.active_ms
