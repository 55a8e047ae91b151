"""The rows of each answer, flat as a table has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..store.event import epoch_to_utc

Row = dict[str, Any]
"""A row by its columns, or an answer's result."""


def needs(result: Row) -> Iterator[Row]:
    """Give a row for each student with a signal."""
    for row in result["rows"]:
        yield {
            **row,
            "since": _time(row["since_ms"]),
            "last": _time(row["last_ms"]),
            "also": " ".join(row["also"]),
        }


def progress(result: Row) -> Iterator[Row]:
    """Give a row for each student and exercise."""
    for row in result["students"]:
        for exercise, cell in zip(result["exercises"], row["cells"], strict=True):
            found = cell or {"state": "untouched", "runs": 0, "tries": 0, "fails": 0}
            yield {
                "student": row["student"],
                "notebook": exercise["notebook"],
                "exercise": exercise["title"],
                "state": _STATES.get(found["state"], found["state"]),
                "runs": found["runs"],
                "tries": found["tries"],
                "fails": found["fails"],
                "active_min": minutes(found.get("active_ms")),
                "last": _time(found.get("last_ms")),
            }


_STATES = {"peeked": "passed after solution"}


def frontier(result: Row) -> Iterator[Row]:
    """Give a row for each exercise."""
    for exercise in result["exercises"]:
        yield {**exercise, "exercise": exercise["title"]}


def errors(result: Row) -> Iterator[Row]:
    """Give a row for each cause."""
    for row in result["rows"]:
        sample = row["sample"] or {}
        yield {
            "error": f"{row['type']}: {row['message']}" if row["message"] else row["type"],
            "frame": row["frame"],
            "exercises": ", ".join(each["title"] for each in row["exercises"]),
            "students": len(row["students"]),
            "stuck": len(row["stuck"]),
            "events": row["events"],
            "sample": sample.get("value"),
            "who_is_stuck": ", ".join(row["stuck"]),
            "last": _time(row["last_ms"]),
        }


def exercises(result: Row) -> Iterator[Row]:
    """Give a row for each exercise."""
    for row in result["rows"]:
        active, attempts, peeks = row["active"] or {}, row["attempts"], row["peeks"]
        is_known = not row["is_too_few"] and row["is_tested"]
        yield {
            "notebook": row["notebook"],
            "exercise": row["title"],
            "tried": row["tried"],
            "passed": row["passed"] if is_known else None,
            "one": attempts["one"] if is_known else None,
            "two": attempts["two"] if is_known else None,
            "more": attempts["more"] if is_known else None,
            "unsolved": attempts["unsolved"] if is_known else None,
            "median_min": minutes(active.get("median")),
            "q1_min": minutes(active.get("q1")),
            "q3_min": minutes(active.get("q3")),
            "peeked": row["peeked_before_pass"] if is_known else None,
            "difficulty": row["difficulty"],
            "discrimination": row["discrimination"],
            "peeks_before": peeks["before"],
            "peeks_after_failure": peeks["after_failure"],
            "peeks_after_run": peeks["after_run"],
            "peeks_after_pass": peeks["after_pass"],
        }


def time(result: Row) -> Iterator[Row]:
    """Give a row for each student and exercise with active time."""
    for row in result["students"]:
        for exercise, spent in zip(result["exercises"], row["exercises"], strict=True):
            if spent:
                yield _spent(row, exercise["notebook"], exercise["title"], spent)
        if row["elsewhere_ms"]:
            yield _spent(row, None, "(elsewhere)", row["elsewhere_ms"])


def _spent(row: Row, notebook: str | None, exercise: str, spent: int) -> Row:
    return {
        "student": row["student"],
        "notebook": notebook,
        "exercise": exercise,
        "active_min": minutes(spent),
        "is_estimated": row["is_estimated"],
    }


def peeks(result: Row) -> Iterator[Row]:
    """Give a row for each opened solution."""
    titles = {(each["notebook"], each["exercise"]): each["title"] for each in result["exercises"]}
    for row in result["peeks"]:
        yield {
            "student": row["student"],
            "notebook": row["notebook"],
            "exercise": titles.get((row["notebook"], row["exercise"])),
            "solution": row["summary"],
            "when": row["when"].replace("_", " "),
            "open_s": None if row["open_ms"] is None else round(row["open_ms"] / 1000, 1),
            "copied": row["is_copied"],
            "at": _time(row["at_ms"]),
        }


def engagement(result: Row) -> Iterator[Row]:
    """Give a row for each student who was there."""
    for row in result["students"]:
        yield {
            "student": row["student"],
            "span_min": minutes(row["span_ms"]),
            "away_min": minutes(row["away_ms"]),
            "away_share": row["away_share"],
            "slots": len(row["present"]),
            **row["leaves"],
        }


def audit(result: Row) -> Iterator[Row]:
    """Give a row for each session."""
    for row in result["sessions"]:
        yield {
            **row,
            "late_s": None if row["late_p95_ms"] is None else round(row["late_p95_ms"] / 1000, 1),
            "first": _time(row["first_ms"]),
            "last": _time(row["last_ms"]),
        }


def claims(result: Row) -> Iterator[Row]:
    """Give a row for each name of several senders and each sender of several names."""
    for row in result["rows"]:
        yield {
            "claim": _CLAIMS[row["claim"]],
            "students": ", ".join(row["students"]),
            "computers": row["senders"],
            "at_once": row["is_at_once"],
            "first": _time(row["first_ms"]),
            "last": _time(row["last_ms"]),
        }


_CLAIMS = {"one_name": "one name, several computers", "one_sender": "one computer, several names"}


def people(result: Row) -> Iterator[Row]:
    """Give a row for each statement of who is whom."""
    for row in result["rows"]:
        yield {
            "change": row["change"],
            "student": row["student"],
            "sessions": str(row["sessions"] or "all"),
            "person": row["person"],
            "by": row["said_by"],
            "at": _time(row["at_ms"]),
            "undone_by": row["undone_by"],
            "undone_at": _time(row["undone_ms"]),
        }


def _time(at_ms: int | None) -> str | None:
    return epoch_to_utc(at_ms / 1000) if at_ms else None


def minutes(spent_ms: float | None) -> float | None:
    """Give milliseconds as minutes, to a tenth."""
    return None if spent_ms is None else round(spent_ms / 60_000, 1)
