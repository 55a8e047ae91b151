"""Active time without progress: in an exercise, since its first run or a test of it last passed.

The time before the first run is that of reading, and of writing what is run first. Which items are
an exercise an outline says, so its time is put together here, for those students alone of whom an
answer may tell it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from ..store.activeparts import active_since
from .classroom import Classroom


class Standstill(NamedTuple):
    """How long a student has been at an exercise without progress.

    Attributes:
        active_ms: active time, in milliseconds.
        begun_ms: since when, by the student's clock.
        is_after_pass: whether a test of the exercise has passed, and so some of it is done.
    """

    active_ms: int
    begun_ms: int
    is_after_pass: bool


class _Item(NamedTuple):
    """A student's work at an item that has been run; `store.aggregates` explains the columns."""

    first_run_ms: int
    first_active_ms: int
    first_pass_ms: int | None
    active_ms: int
    active_parts: str


_SELECT = f"""
SELECT kind, item, {", ".join(_Item._fields)} FROM item_state
WHERE notebook = ? AND student = ? AND simulated = ? AND first_run_ms IS NOT NULL
"""


def standstills(
    room: Classroom, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], Standstill]:
    """Give the standstill of students at exercises, by student and the exercise's number.

    Args:
        room: what is asked about.
        wanted: students and numbers of exercises; each exercise has been run by the student.
    """
    numbers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for student, number in wanted:
        numbers[room.exercises[number].notebook, student].add(number)
    found = {}
    for (notebook, student), own in numbers.items():
        first, places = room.first_numbers[notebook], room.outlines[notebook].places
        items: dict[int, list[_Item]] = defaultdict(list)
        for kind, item, *columns in room.connection.execute(
            _SELECT, (notebook, student, int(room.question.is_simulated))
        ):
            place = places.get((kind, item))
            if place is not None and first + place in own:
                items[first + place].append(_Item(*columns))
        for number, each in items.items():
            found[student, number] = _standstill(each)
    return found


def _standstill(items: list[_Item]) -> Standstill:
    passed = [item.first_pass_ms for item in items if item.first_pass_ms is not None]
    if passed:
        begun_ms = max(passed)
        active_ms = sum(active_since(item.active_parts, begun_ms) for item in items)
        return Standstill(active_ms, begun_ms, is_after_pass=True)
    # Of two first runs at one moment the earlier one has the time before both.
    first = min(items, key=lambda item: (item.first_run_ms, -item.first_active_ms))
    active_ms = sum(item.active_ms for item in items) - first.first_active_ms
    return Standstill(active_ms, first.first_run_ms, is_after_pass=False)
