"""What each tile has to say, made of the class view's answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ipynb_telemetry.tests.support.recount.figures import MINUTE_MS
from ipynb_telemetry.tests.support.taughtclass import NOW_MS

Rows = list[dict[str, Any]]
Answer = Callable[[str], dict[str, Any]]

STATES = {"passed": 4, "peeked": 3, "tried": 2, "failing": 1}


def name_of(exercise: dict[str, Any], is_one_notebook: bool) -> str:
    """Name an exercise as tiles do, which name its notebook where there are several."""
    title: str = exercise["title"]
    return title if is_one_notebook else f"{exercise['notebook']}: {title}"


def near(milliseconds: float | None, unit_ms: float = MINUTE_MS) -> Any:
    """Compare with a figure that is rounded to a tenth."""
    return None if milliseconds is None else pytest.approx(milliseconds / unit_ms, abs=0.051)


def minutes_since(at_ms: int | None) -> int | None:
    return None if at_ms is None else (NOW_MS - at_ms) // MINUTE_MS


def needs(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("needs")["rows"]
    assert rows == [
        {
            "student": row["student"],
            "reason": row["reason"],
            "signal": row["signal"],
            "minutes": minutes_since(row["since_ms"]),
            "exercise_name": row["notebook"]
            if row["title"] is None
            else name_of(row, is_one_notebook),
            "also": ", ".join(row["also"]),
        }
        for row in told
    ]


def progress(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("progress")
    cells = {
        (name_of(exercise, is_one_notebook), row["student"]): STATES[cell["state"]]
        for row in told["students"]
        for exercise, cell in zip(told["exercises"], row["cells"], strict=True)
        if cell is not None
    }
    assert {(row["exercise_name"], row["student"]): row["state"] for row in rows} == cells
    assert len(rows) == len(cells)
    # A heat map has its columns in the order of the rows.
    order = list(dict.fromkeys(row["exercise_name"] for row in rows))
    names = [name_of(exercise, is_one_notebook) for exercise in told["exercises"]]
    assert order == [name for name in names if name in order]


def students(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("students")["rows"]
    assert {row["student"]: row for row in rows} == {
        row["student"]: {
            "student": row["student"],
            "solved": row["solved"],
            "active_min": near(row["active_ms"]),
            "runs": row["runs"],
            "errors": row["errors"],
            "failed_tests": row["fails"],
            "peeks": row["peeks"],
            "minutes_since_seen": minutes_since(row["last_ms"]),
        }
        for row in told
    }
    assert len(rows) == len(told)


def frontier(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("frontier")
    expected = [
        {
            "exercise_name": name_of(each, is_one_notebook),
            "here": each["here"],
            "solved": each["solved"],
        }
        for each in told["exercises"]
    ]
    for name in ("not_started", "done"):
        if told[name]:
            words = name.replace("_", " ")
            expected.append({"exercise_name": words, "here": told[name], "solved": 0})
    assert rows == expected


def errors(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    """Compare causes by all figures: the folding of a message is plainer in SQL than in Python."""

    def figures(error: str, *others: Any) -> tuple[Any, ...]:
        return error, *others

    told = answer("errors")["rows"]
    assert len(told) > 5
    assert sorted(
        figures(
            row["error"].partition(":")[0],
            row["happened_in"],
            row["students"],
            row["times"],
            row["still_stuck"],
            row["who_is_stuck"],
            row["minutes_since_last"],
            row["exercises"],
        )
        for row in rows
    ) == sorted(
        figures(
            row["type"],
            row["frame"],
            len(row["students"]),
            row["events"],
            len(row["stuck"]),
            ", ".join(row["stuck"]),
            minutes_since(row["last_ms"]),
            ", ".join(sorted({each["title"] for each in row["exercises"]})),
        )
        for row in told
    )
    order = [(-row["still_stuck"], -row["students"], -row["times"]) for row in rows]
    assert order == sorted(order)


def exercises(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("exercises")["rows"]

    def figures(row: dict[str, Any]) -> dict[str, Any]:
        name = {"exercise_name": name_of(row, is_one_notebook), "tried": row["tried"]}
        if row["is_too_few"]:
            unknown = ("passed", "one", "two", "more", "unsolved", "median_min")
            rest = ("peeked_before_pass", "discrimination")
            return {**name, **dict.fromkeys((*unknown, *rest)), "difficulty": ""}
        return {
            **name,
            "passed": row["passed"],
            **row["attempts"],
            "median_min": near(row["active"]["median"] if row["active"] else None),
            "peeked_before_pass": row["peeked_before_pass"],
            "difficulty": row["difficulty"] or "",
            "discrimination": row["discrimination"]
            if row["discrimination"] is None
            else pytest.approx(row["discrimination"], abs=0.0011),
        }

    assert rows == [figures(row) for row in told]


def time(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("time")
    times = {
        name_of(exercise, is_one_notebook): [
            row["exercises"][number] for row in told["students"] if row["exercises"][number]
        ]
        for number, exercise in enumerate(told["exercises"])
    }
    quarters = [each or {} for each in told["by_exercise"]]
    assert rows == [
        {
            "exercise_name": name,
            "students": len(own),
            "quarter_min": near(each.get("q1")),
            "median_min": near(each.get("median")),
            "three_quarters_min": near(each.get("q3")),
        }
        for (name, own), each in zip(times.items(), quarters, strict=True)
    ]


def peeks(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("peeks")
    whens = {
        "before": "before_any_run",
        "after_failure": "after_failure",
        "after_run": "after_run",
        "after_pass": "after_pass",
    }
    known = {name_of(each, is_one_notebook) for each in told["exercises"]}
    expected = []
    for exercise in told["exercises"]:
        opened = sum(exercise[when] for when in whens)
        if not opened:
            continue
        own = [
            peek
            for peek in told["peeks"]
            if (peek["notebook"], peek["exercise"]) == (exercise["notebook"], exercise["exercise"])
        ]
        expected.append(
            {
                "exercise_name": name_of(exercise, is_one_notebook),
                "opened": opened,
                **{name: exercise[when] for when, name in whens.items()},
                "glances": exercise["glances"],
                "copied": exercise["copied"],
                "students": len({peek["student"] for peek in own}),
                "median_open_s": near(
                    exercise["open"]["median"] if exercise["open"] else None, 1000
                ),
            }
        )
    assert [row for row in rows if row["exercise_name"] in known] == expected
    # Solutions of no known exercise stand for themselves.
    others = [row for row in rows if row["exercise_name"] not in known]
    summaries: dict[str, int] = {}
    for peek in told["peeks"]:
        if peek["exercise"] is None:
            name = name_of({"title": peek["summary"], **peek}, is_one_notebook)
            summaries[name] = summaries.get(name, 0) + 1
    assert {row["exercise_name"]: row["opened"] for row in others} == summaries
    assert expected or others


def delivery(rows: Rows, answer: Answer, *, is_one_notebook: bool) -> None:
    told = answer("audit")["sessions"]
    names = ("student", "notebook", "session", "state", "expected", "got", "explained")
    more = ("missing", "suppressed", "invalid")
    assert rows[0]["missing"] or not told[0]["missing"]
    assert {row["session"]: row for row in rows} == {
        row["session"]: {
            **{name: row[name] for name in (*names, *more)},
            # The class view knows a time only to a sixteenth.
            "late_s": pytest.approx(
                row["late_p95_ms"] / 1000, abs=0.2 + row["late_p95_ms"] / 15_000
            ),
        }
        for row in told
    }


CHECKS: dict[str, Any] = {
    "needs": needs,
    "progress": progress,
    "students": students,
    "frontier": frontier,
    "errors": errors,
    "exercises": exercises,
    "attempts": exercises,
    "time": time,
    "peeks": peeks,
    "delivery": delivery,
}
