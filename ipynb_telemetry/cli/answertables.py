"""Answers as tables: the columns of each, for people and for spreadsheets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from . import answerlines, answerrows
from .answerrows import Row


class AnswerTable(NamedTuple):
    """How an answer is written as a table.

    Attributes:
        columns: by name, with the type of their values; see `exportformats.Columns`.
        rows: makes the rows of an answer's result.
        line: says the answer in one sentence.
        state: the column whose words are states; None: no column's are.
    """

    columns: dict[str, type]
    rows: Callable[[Row], Iterator[Row]]
    line: Callable[[Row], str]
    state: str | None = None


TABLES = {
    "needs": AnswerTable(
        {
            "student": str,
            "signal": str,
            "reason": str,
            "since": datetime,
            "last": datetime,
            "also": str,
            "notebook": str,
        },
        answerrows.needs,
        answerlines.needs,
        "signal",
    ),
    "progress": AnswerTable(
        {
            "student": str,
            "notebook": str,
            "exercise": str,
            "state": str,
            "runs": int,
            "tries": int,
            "fails": int,
            "active_min": float,
            "last": datetime,
        },
        answerrows.progress,
        answerlines.progress,
        "state",
    ),
    "frontier": AnswerTable(
        {"notebook": str, "exercise": str, "here": int, "solved": int},
        answerrows.frontier,
        answerlines.frontier,
    ),
    "errors": AnswerTable(
        {
            "error": str,
            "frame": str,
            "exercises": str,
            "students": int,
            "stuck": int,
            "events": int,
            "sample": str,
            "who_is_stuck": str,
            "last": datetime,
        },
        answerrows.errors,
        answerlines.errors,
    ),
    "exercises": AnswerTable(
        {
            "notebook": str,
            "exercise": str,
            "tried": int,
            "passed": int,
            "one": int,
            "two": int,
            "more": int,
            "unsolved": int,
            "median_min": float,
            "q1_min": float,
            "q3_min": float,
            "peeked": int,
            "difficulty": str,
            "discrimination": float,
            "peeks_before": int,
            "peeks_after_failure": int,
            "peeks_after_run": int,
            "peeks_after_pass": int,
        },
        answerrows.exercises,
        answerlines.exercises,
        "difficulty",
    ),
    "time": AnswerTable(
        {
            "student": str,
            "notebook": str,
            "exercise": str,
            "active_min": float,
            "is_estimated": bool,
        },
        answerrows.time,
        answerlines.time,
    ),
    "peeks": AnswerTable(
        {
            "student": str,
            "notebook": str,
            "exercise": str,
            "solution": str,
            "when": str,
            "open_s": float,
            "copied": bool,
            "at": datetime,
        },
        answerrows.peeks,
        answerlines.peeks,
        "when",
    ),
    "engagement": AnswerTable(
        {
            "student": str,
            "span_min": float,
            "away_min": float,
            "away_share": float,
            "slots": int,
            "page_hidden": int,
            "window": int,
            "tab": int,
        },
        answerrows.engagement,
        answerlines.engagement,
    ),
    "audit": AnswerTable(
        {
            "student": str,
            "notebook": str,
            "state": str,
            "expected": int,
            "got": int,
            "explained": int,
            "missing": int,
            "suppressed": int,
            "invalid": int,
            "late_s": float,
            "first": datetime,
            "last": datetime,
            "session": str,
        },
        answerrows.audit,
        answerlines.audit,
        "state",
    ),
    "claims": AnswerTable(
        {
            "claim": str,
            "students": str,
            "computers": int,
            "at_once": bool,
            "first": datetime,
            "last": datetime,
        },
        answerrows.claims,
        answerlines.claims,
    ),
    "people": AnswerTable(
        {
            "change": int,
            "student": str,
            "sessions": str,
            "person": str,
            "by": str,
            "at": datetime,
            "undone_by": str,
            "undone_at": datetime,
        },
        answerrows.people,
        answerlines.people,
    ),
}
"""The tables of the answers by their names."""
