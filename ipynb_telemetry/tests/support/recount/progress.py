"""Progress and frontier, recounted."""

from __future__ import annotations

from typing import Any

from ipynb_telemetry.tests.support.recount.counting import SLOT_MS, Counted
from ipynb_telemetry.tests.support.recount.figures import (
    active_ms,
    last_ms,
    own_sessions,
    quartiles,
    share,
    solved,
)


def progress(counted: Counted, now_ms: int) -> dict[str, Any]:
    first = now_ms // SLOT_MS - 11
    rows: list[dict[str, Any]] = []
    for student in counted.students:
        spark = [0] * 12
        for session in own_sessions(counted, student):
            for raw in session["events"]:
                slot = min(raw.at_ms, raw.received_ms) // SLOT_MS - first
                if 0 <= slot < 12:
                    spark[slot] += 1
        cells = []
        for number in range(len(counted.tasks)):
            work, state = counted.task_of(student, number), counted.state(student, number)
            cells.append(
                None
                if work is None or state is None
                else {
                    "state": state,
                    "runs": work["runs"],
                    "tries": work["tries"],
                    "fails": work["fails_before_pass"],
                    "active_ms": work["active_ms"],
                    "last_ms": work["last_received_ms"],
                }
            )
        rows.append(
            {
                "student": student,
                "solved": solved(counted, student),
                "last_ms": last_ms(counted, student),
                "active_ms": active_ms(counted, student),
                "spark": spark,
                "cells": cells,
            }
        )
    shares = [
        share(
            sum(counted.passed_ms(student, n) is not None for student in counted.students),
            len(rows),
        )
        if counted.tasks[n].tests
        else None
        for n in range(len(counted.tasks))
    ]
    return {
        "exercises": [task.reference for task in counted.tasks],
        "students": rows,
        "solved_share": shares,
        "active": quartiles([each["active_ms"] for each in rows if each["active_ms"]]),
    }


def frontier(counted: Counted, now_ms: int) -> dict[str, Any]:
    count = len(counted.tasks)
    here, done, not_started, places = [0] * count, 0, 0, []
    rows: list[dict[str, Any]] = []
    for student in counted.students:
        passed = [counted.passed_ms(student, number) for number in range(count)]
        row: dict[str, Any] = {
            "student": student,
            "has_tried": False,
            "exercise": None,
            "solved_ms": sorted(at_ms for at_ms in passed if at_ms is not None),
        }
        rows.append(row)
        touched = {
            number: counted.works[student, number]["attempted"]
            for number in range(count)
            if (student, number) in counted.works and counted.works[student, number]["attempted"]
        }
        if not touched:
            not_started += 1
            continue
        row["has_tried"] = True
        places.append(solved(counted, student))
        latest = max(touched, key=lambda number: touched[number])
        at: int | None = latest
        if counted.passed_ms(student, latest) is not None:
            same = [
                n
                for n in range(count)
                if counted.tasks[n].notebook == counted.tasks[latest].notebook
            ]
            behind = [n for n in same if n > latest] + [
                n for n in same if n < latest and counted.tasks[n].tests
            ]
            at = next((n for n in behind if counted.passed_ms(student, n) is None), None)
        row["exercise"] = at
        if at is None:
            done += 1
        else:
            here[at] += 1
    return {
        "exercises": [
            {
                **task.reference,
                "here": here[n],
                "solved": sum(counted.passed_ms(s, n) is not None for s in counted.students),
            }
            for n, task in enumerate(counted.tasks)
        ],
        "done": done,
        "not_started": not_started,
        "students": rows,
        "place": quartiles(places, 1),
    }


def solved_at(counted: Counted, at_ms: int) -> dict[str, Any] | None:
    """Give the quartiles of exercises solved until a moment, of those who tried any."""
    triers = {s for (s, _), work in counted.works.items() if work["attempted"]}
    return quartiles(
        [
            sum(
                (passed := counted.passed_ms(student, n)) is not None and passed <= at_ms
                for n in range(len(counted.tasks))
            )
            for student in triers
        ],
        1,
    )
