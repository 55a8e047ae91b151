"""Exercises: how hard each was.

- *Attempts to pass*: failed tests before the first pass, plus the pass: one, two, more; and those
  who tried and have not passed.
- *Active time to pass* is known of those who passed, and stands beside the number who did not:
  those who passed are the faster ones.
- *Difficulty*: thirds of the exercises, by the share of those who tried and have not passed, then
  by the median of attempts.
- *Discrimination*: the correlation, over those who tried, of having passed with the number of
  other exercises passed (the rest score: with the total, an exercise is compared with itself too).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean, median
from typing import Any, NamedTuple

from .classroom import Classroom, reference
from .figures import quartiles
from .solutions import counted, peeks
from .work import Work

_LEVELS = ("easy", "middle", "hard")


class _Tried(NamedTuple):
    student: str
    work: Work
    passed_ms: int | None


def answer(room: Classroom) -> dict[str, Any]:
    """Give a row for each exercise, in the order of the notebooks."""
    solved: dict[str, int] = {}
    tried: list[list[_Tried]] = [[] for _ in room.exercises]
    for (student, number), work in room.work.items():
        if work.runs or work.tries:
            passed_ms = work.passed_ms(room.tests_of(number))
            tried[number].append(_Tried(student, work, passed_ms))
            solved[student] = solved.get(student, 0) + (passed_ms is not None)
    levels = _levels(room, tried)
    opened = counted(peeks(room), room)
    rows = []
    for number, exercise in enumerate(room.exercises):
        group = tried[number]
        row = _few(group, room)
        if row is None:
            row = _statistics(group, room)
            row["discrimination"] = _discrimination(group, solved, room)
            row["peeks"] = opened[number]
            row["difficulty"] = levels.get(number)
        rows.append({**reference(exercise), **row})
    return {"rows": rows}


def _few(group: Sequence[_Tried], room: Classroom) -> dict[str, Any] | None:
    if len(group) >= room.question.thresholds.too_few:
        return None
    return {
        "tried": len(group),
        "passed": 0,
        "attempts": {"one": 0, "two": 0, "more": 0, "unsolved": 0},
        "active": None,
        "active_times": [],
        "active_students": [],
        "peeks": {"before": 0, "after_failure": 0, "after_run": 0, "after_pass": 0},
        "peeked_before_pass": 0,
        "difficulty": None,
        "discrimination": None,
        "is_too_few": True,
    }


def _statistics(group: Sequence[_Tried], room: Classroom) -> dict[str, Any]:
    passed = [each for each in group if each.passed_ms is not None]
    tries = [_attempts(each) for each in passed]
    timed = sorted((each.work.time_to_pass_ms, each.student) for each in passed)
    times = [ms for ms, _ in timed]
    peeked = sum(
        each.work.first_peek_ms is not None
        and each.passed_ms is not None
        and each.work.first_peek_ms < each.passed_ms
        for each in passed
    )
    return {
        "tried": len(group),
        "passed": len(passed),
        "attempts": {
            "one": sum(count == 1 for count in tries),
            "two": sum(count == 2 for count in tries),
            "more": sum(count > 2 for count in tries),
            "unsolved": len(group) - len(passed),
        },
        "active": quartiles(times, room.question.thresholds.too_few),
        "active_times": times,
        "active_students": [student for _, student in timed],
        "peeked_before_pass": peeked,
        "is_too_few": False,
    }


def _attempts(each: _Tried) -> int:
    return each.work.fails_before_pass + 1


def _levels(room: Classroom, tried: Sequence[Sequence[_Tried]]) -> dict[int, str]:
    """Give the difficulty of the exercises that have tests and enough students, by number."""
    hardness = []
    for number, group in enumerate(tried):
        if len(group) < room.question.thresholds.too_few or not room.tests_of(number):
            continue
        unsolved = sum(each.passed_ms is None for each in group) / len(group)
        attempts = median(_attempts(each) for each in group)
        hardness.append((unsolved, attempts, number))
    if len(hardness) < len(_LEVELS):
        return {}
    hardness.sort()
    return {
        number: _LEVELS[place * len(_LEVELS) // len(hardness)]
        for place, (_, _, number) in enumerate(hardness)
    }


def _discrimination(
    group: Sequence[_Tried], solved: dict[str, int], room: Classroom
) -> float | None:
    if len(group) < room.question.thresholds.discriminating:
        return None
    passed = [float(each.passed_ms is not None) for each in group]
    rest = [solved[each.student] - own for each, own in zip(group, passed, strict=True)]
    return _correlation(passed, rest)


def _correlation(left: Sequence[float], right: Sequence[float]) -> float | None:
    mean_left, mean_right = fmean(left), fmean(right)
    both = sum((a - mean_left) * (b - mean_right) for a, b in zip(left, right, strict=True))
    spread = sqrt(sum((a - mean_left) ** 2 for a in left)) * sqrt(
        sum((b - mean_right) ** 2 for b in right)
    )
    return round(both / spread, 3) if spread else None
