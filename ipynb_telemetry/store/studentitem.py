"""What the sessions of a student at an item come to together: a row of `item_state`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .activeparts import joined
from .aggregates import ItemState


@dataclass(slots=True)
class StudentItem:
    """The columns of `item_state`: `ItemState` over the sessions of a student.

    Attributes:
        sessions: in how many the item was worked at.
        others: as in `ItemState`; the streak is that of the latest session.
    """

    sessions: int = 0
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
    first_run_ms: int | None = None
    first_fail_ms: int | None = None
    first_pass_ms: int | None = None
    first_peek_ms: int | None = None
    last_run_received_ms: int | None = None
    last_status: str | None = None
    fold: str | None = None
    streak: int = 0
    streak_ms: int | None = None
    streak_received_ms: int | None = None
    cell_id: str | None = None
    cell_index: int | None = None
    active_ms: int = 0
    active_to_pass_ms: int | None = None
    first_active_ms: int = 0
    active_parts: str = ""


def merged(states: Sequence[ItemState]) -> StudentItem:
    """Give what the sessions of a student come to, the earliest first; there is at least one."""
    whole = StudentItem(sessions=len(states), first_ms=states[0].first_ms)
    whole.active_parts = joined(state.active_parts for state in states)
    for state in states:
        if whole.first_pass_ms is None:
            whole.fails_before_pass += state.fails_before_pass
            whole.first_pass_ms = state.first_pass_ms
            if state.active_to_pass_ms is not None:
                whole.active_to_pass_ms = whole.active_ms + state.active_to_pass_ms
        whole.runs += state.runs
        whole.errors += state.errors
        whole.passes += state.passes
        whole.fails += state.fails
        whole.peeks += state.peeks
        whole.closes += state.closes
        whole.open_ms += state.open_ms
        whole.active_ms += state.active_ms
        whole.last_ms = max(whole.last_ms, state.last_ms)
        whole.last_received_ms = max(whole.last_received_ms, state.last_received_ms)
        if whole.first_run_ms is None:
            whole.first_run_ms, whole.first_active_ms = state.first_run_ms, state.first_active_ms
        if whole.first_fail_ms is None:
            whole.first_fail_ms = state.first_fail_ms
        if whole.first_peek_ms is None:
            whole.first_peek_ms = state.first_peek_ms
        if state.last_run_received_ms is not None:
            whole.last_run_received_ms = max(
                whole.last_run_received_ms or 0, state.last_run_received_ms
            )
        if state.runs:
            whole.last_status = state.last_status
            whole.fold, whole.streak = state.fold, state.streak
            whole.streak_ms, whole.streak_received_ms = state.streak_ms, state.streak_received_ms
            whole.cell_id = state.cell_id or whole.cell_id
            whole.cell_index = state.cell_index
        elif whole.cell_index is None:
            whole.cell_index = state.cell_index
    return whole
