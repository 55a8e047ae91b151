"""A session's facts, folded in their order into the rows that `aggregates` describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .activeparts import with_active
from .aggregates import (
    CELL,
    SLOT_MS,
    TEST,
    Audit,
    ErrorGroup,
    ErrorKey,
    Item,
    ItemState,
    Slot,
)
from .errorfold import type_of
from .errorpairs import next_run
from .facts import Fact
from .sessionaudit import begin, count, note, pass_time

_OF_CELLS = frozenset(("cell_executed", "solution_peek", "solution_closed"))


@dataclass(slots=True)
class Rows:
    """The rows of a session, as far as they are known; the fold adds those that it needs."""

    audit: Audit = field(default_factory=Audit)
    items: dict[Item, ItemState] = field(default_factory=dict)
    errors: dict[ErrorKey, ErrorGroup] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)

    def fold(self, facts: Sequence[Fact]) -> None:
        """Go on with facts that are behind those that the rows are made of, in their order."""
        if not facts:
            return
        if not self.audit.events:
            begin(self.audit, facts[0])
        for fact in facts:
            self._step(fact)
        count(self.audit, facts)

    def _step(self, fact: Fact) -> None:
        audit = self.audit
        was_away = audit.is_away
        number = slot_of(fact)
        slot = self.slots.get(number)
        if slot is None:
            slot = self.slots[number] = Slot()
        worked = pass_time(audit, fact)
        slot.active_ms += worked
        audit.pending_ms += worked
        audit.since_pass_ms += worked
        kind = fact.kind
        if kind == "cell_executed":
            if fact.status == "ok" or fact.status == "error":
                self._ran(fact, slot)
        elif kind == "test_passed" or kind == "test_failed":
            self._tested(fact, slot)
        elif kind == "solution_peek":
            audit.peeks += 1
            slot.peeks += 1
            if fact.cell_id is not None:
                self._peeked(fact, fact.cell_id)
        elif kind == "solution_closed":
            if fact.cell_id is not None:
                self._closed(fact, fact.cell_id)
        elif kind is not None:
            note(audit, fact)
        slot.events += 1
        slot.present += not (was_away and audit.is_away)

    def _ran(self, fact: Fact, slot: Slot) -> None:
        audit = self.audit
        is_error = fact.status == "error"
        audit.runs += 1
        slot.runs += 1
        audit.errors += is_error
        slot.errors += is_error
        audit.run_cell_index = fact.cell_index
        if fact.cell_id is None:
            audit.pending_ms = 0
            return
        item = (CELL, fact.cell_id)
        state = self._touched(item, fact)
        next_run(audit, state, type_of(fact.error_type, fact.fold), is_error=is_error)
        self._attempted(state, fact, fact.fold if is_error else None)
        state.errors += is_error
        state.last_status = fact.status
        state.cell_id, state.cell_index = fact.cell_id, fact.cell_index
        if is_error:
            if state.first_fail_seq is None:
                state.first_fail_seq, state.first_fail_ms = fact.seq, fact.ts
            # A failed test has told this error itself.
            if fact.error_of is None:
                self._failed(item, fact)

    def _tested(self, fact: Fact, slot: Slot) -> None:
        audit = self.audit
        is_passed = fact.kind == "test_passed"
        audit.passes += is_passed
        slot.passes += is_passed
        audit.fails += not is_passed
        slot.fails += not is_passed
        if fact.test is None:
            audit.pending_ms = 0
            return
        item = (TEST, fact.test)
        state = self._touched(item, fact)
        self._attempted(state, fact, None if is_passed else fact.fold)
        state.cell_id = fact.cell_id or state.cell_id
        state.cell_index = audit.run_cell_index
        if is_passed:
            state.passes += 1
            state.last_status = "passed"
            if state.first_pass_seq is None:
                state.first_pass_seq, state.first_pass_ms = fact.seq, fact.ts
                state.active_to_pass_ms = audit.since_pass_ms
                audit.since_pass_ms, audit.pass_ms = 0, fact.ts
            return
        state.fails += 1
        state.last_status = "failed"
        state.fails_before_pass += state.first_pass_seq is None
        if state.first_fail_seq is None:
            state.first_fail_seq, state.first_fail_ms = fact.seq, fact.ts
        self._failed(item, fact)

    def _attempted(self, state: ItemState, fact: Fact, fold: str | None) -> None:
        state.runs += 1
        if state.first_run_seq is None:
            state.first_run_seq, state.first_run_ms = fact.seq, fact.ts
        state.last_run_received_ms = max(state.last_run_received_ms or 0, fact.received)
        audit = self.audit
        if state.runs == 1:
            state.first_active_ms = audit.pending_ms
        state.active_ms += audit.pending_ms
        state.active_parts = with_active(state.active_parts, audit.pass_ms, audit.pending_ms)
        audit.pending_ms = 0
        if fold is None or fold != state.fold:
            state.fold, state.streak = fold, 0
            state.streak_ms = None if fold is None else fact.ts
            state.streak_received_ms = None if fold is None else fact.received
        state.streak += fold is not None

    def _peeked(self, fact: Fact, cell_id: str) -> None:
        state = self._touched((CELL, cell_id), fact)
        state.peeks += 1
        if state.first_peek_seq is None:
            state.first_peek_seq, state.first_peek_ms = fact.seq, fact.ts
            if state.cell_index is None:
                state.cell_index = fact.cell_index

    def _closed(self, fact: Fact, cell_id: str) -> None:
        state = self._touched((CELL, cell_id), fact)
        state.closes += 1
        state.open_ms += fact.open_ms or 0

    def _touched(self, item: Item, fact: Fact) -> ItemState:
        state = self.items.get(item)
        if state is None:
            state = self.items[item] = ItemState(first_ms=fact.ts)
        state.last_ms, state.last_seq = fact.ts, fact.seq
        state.last_received_ms = max(state.last_received_ms, fact.received)
        return state

    def _failed(self, item: Item, fact: Fact) -> None:
        if fact.fold is None:
            return
        key = (fact.fold, *item)
        group = self.errors.get(key)
        if group is None:
            group = self.errors[key] = ErrorGroup(first_ms=fact.ts, sample=fact.id)
        group.events += 1
        group.last_ms, group.last_seq = fact.ts, fact.seq
        group.last_received_ms = max(group.last_received_ms, fact.received)


def slot_of(fact: Fact) -> int:
    """Give the five minutes of a fact, counted since 1970."""
    return min(fact.ts, fact.received) // SLOT_MS


def item_of(fact: Fact) -> Item | None:
    """Give the item whose state a fact changes, if any."""
    if fact.kind in _OF_CELLS:
        return None if fact.cell_id is None else (CELL, fact.cell_id)
    if fact.kind == "test_passed" or fact.kind == "test_failed":
        return None if fact.test is None else (TEST, fact.test)
    return None


def error_of(fact: Fact) -> ErrorKey | None:
    """Give the error group that a fact changes, if any."""
    item = item_of(fact)
    if item is None or fact.fold is None:
        return None
    return (fact.fold, *item)
