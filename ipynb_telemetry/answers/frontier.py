"""The frontier: where the class is.

A student is at the exercise of the latest run or test; once that is passed, at the next one that is
not; who has passed all is done. Exercises without tests are passed by going on to a later one.
"""

from __future__ import annotations

from typing import Any

from .classroom import Classroom, reference
from .figures import quartiles

_MINUTE_MS = 60_000
_POINTS = 120  # at most, over the window


def answer(room: Classroom) -> dict[str, Any]:
    """Give how many students are at each exercise, and how many were solved over time.

    `students` is what the figures are made of: the number of the exercise at which a student is
    (none for who is done, and for who has not tried any), and when each exercise was solved.
    """
    count = len(room.exercises)
    here, solved = [0] * count, [0] * count
    done = not_started = 0
    students: list[dict[str, Any]] = []
    numbers = _numbers_by_student(room)
    for student in room.students:
        mine = numbers.get(student, {})
        passed = {
            number: at
            for number, work in mine.items()
            if (at := work.passed_ms(room.tests_of(number))) is not None
        }
        for number in passed:
            solved[number] += 1
        # Of what came at once, the student's clock tells the latest.
        touched = {
            number: (work.last_run_received_ms, work.last_ms)
            for number, work in mine.items()
            if work.last_run_received_ms is not None
        }
        row: dict[str, Any] = {
            "student": student,
            "has_tried": bool(touched),
            "exercise": None,
            # No pass is later than its receipt, whatever the student's clock says.
            "solved_ms": sorted(
                min(at, mine[number].last_received_ms) for number, at in passed.items()
            ),
        }
        students.append(row)
        if not touched:
            not_started += 1
            continue
        latest = max(touched, key=lambda number: (touched[number], number))
        row["exercise"] = place = _place(latest, passed, room)
        if place is None:
            done += 1
        else:
            here[place] += 1
    passes: list[list[int]] = [row["solved_ms"] for row in students if row["has_tried"]]
    return {
        "exercises": [
            {**reference(exercise), "here": here[number], "solved": solved[number]}
            for number, exercise in enumerate(room.exercises)
        ],
        "done": done,
        "not_started": not_started,
        "students": students,
        "place": quartiles([len(times) for times in passes]),
        "over_time": _over_time(room, passes),
    }


def _numbers_by_student(room: Classroom) -> dict[str, dict[int, Any]]:
    found: dict[str, dict[int, Any]] = {}
    for (student, number), work in room.work.items():
        found.setdefault(student, {})[number] = work
    return found


def _place(latest: int, passed: dict[int, int], room: Classroom) -> int | None:
    if latest not in passed:
        return latest
    notebook = room.exercises[latest].notebook
    behind = [
        number
        for number in range(latest + 1, len(room.exercises))
        if room.exercises[number].notebook == notebook
    ]
    before = [
        number
        for number in range(latest)
        if room.exercises[number].notebook == notebook and room.tests_of(number)
    ]
    return next((number for number in [*behind, *before] if number not in passed), None)


def _over_time(room: Classroom, passes: list[list[int]]) -> list[dict[str, Any]]:
    """Give median and quartiles of solved exercises, a point a minute or as wide as needed."""
    if not room.sessions or not passes:
        return []
    begin = room.question.since_ms
    if begin is None:
        begin = min(min(each.first_ms, each.first_received_ms) for each in room.sessions)
    end = max(min(each.last_ms, each.last_received_ms) for each in room.sessions)
    end = min(room.question.at_ms, end)
    step = max(_MINUTE_MS, -(-(end - begin) // _POINTS // _MINUTE_MS) * _MINUTE_MS)
    points = []
    solved = [0] * len(passes)
    at = begin
    while at < end + step:
        for student, own in enumerate(passes):
            while solved[student] < len(own) and own[solved[student]] <= at:
                solved[student] += 1
        points.append({"at_ms": at, **(quartiles(solved) or {})})
        at += step
    return points
