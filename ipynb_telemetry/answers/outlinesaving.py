"""Storing an outline: checked, and with the exercises of the notebook's past kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ..store.projection import next_rev
from .outlines import KINDS, Exercise

_MAX_TEXT = 200
_MAX_EXERCISES = 500
_MAX_ITEMS = 5000  # of a notebook


class OutlineError(ValueError):
    """An outline that cannot be stored, and why, in a sentence."""


def check_exercises(given: Any, notebook: str) -> list[Exercise]:
    """Check an outline from outside: a list of exercises as `outline --json` prints them.

    Raises:
        OutlineError: the outline is none.
    """
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        raise OutlineError("The outline has no exercises.")
    if len(given) > _MAX_EXERCISES:
        raise OutlineError(f"An outline has at most {_MAX_EXERCISES} exercises.")
    exercises = [_check(each, notebook, number) for number, each in enumerate(given, 1)]
    if len({each.exercise for each in exercises}) < len(exercises):
        raise OutlineError("Two exercises of the outline have one id.")
    if sum(len(each.cells) + len(each.tests) + len(each.solutions) for each in exercises) > (
        _MAX_ITEMS
    ):
        raise OutlineError(f"An outline has at most {_MAX_ITEMS} cells and tests.")
    return exercises


def _check(given: Any, notebook: str, number: int) -> Exercise:
    if not isinstance(given, Mapping):
        raise OutlineError(f"Exercise {number} of the outline is no object.")

    def text(value: Any, of: str) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
            raise OutlineError(
                f"Exercise {number} of the outline: {of} must be a text of up to {_MAX_TEXT}"
                " characters."
            )
        if not value.isprintable():
            raise OutlineError(f"Exercise {number} of the outline: {of} holds what no line shows.")
        return value

    def texts(name: str) -> tuple[str, ...]:
        values = given.get(name, ())
        if not isinstance(values, (list, tuple)):
            raise OutlineError(f"Exercise {number} of the outline: {name} must be a list.")
        return tuple(dict.fromkeys(text(value, f"each of {name}") for value in values))

    return Exercise(
        notebook,
        text(given.get("id"), "id"),
        text(given.get("title"), "title"),
        texts("cells"),
        texts("tests"),
        texts("solutions"),
    )


def save_outline(
    connection: sqlite3.Connection, notebook: str, exercises: Sequence[Exercise]
) -> None:
    """Store the outline of a notebook, within a transaction.

    An exercise that shares tests, else cells, with a stored one is that one, whatever is called
    otherwise now. Exercises and items that are no more keep their rows.
    """
    stored = dict(
        connection.execute(
            "SELECT exercise, title FROM outline_exercise WHERE notebook = ?", (notebook,)
        )
    )
    owners = {
        (kind, item): exercise
        for kind, item, exercise in connection.execute(
            "SELECT kind, item, exercise FROM outline_item WHERE notebook = ?", (notebook,)
        )
    }
    ids = _keep_ids(exercises, stored, owners)
    rev = next_rev(connection)
    connection.execute(
        "UPDATE outline_exercise SET position = NULL WHERE notebook = ?", (notebook,)
    )
    connection.execute("UPDATE outline_item SET position = NULL WHERE notebook = ?", (notebook,))
    connection.executemany(
        "INSERT OR REPLACE INTO outline_exercise VALUES (?, ?, ?, ?, ?)",
        [
            (notebook, exercise_id, exercise.title, position, rev)
            for position, (exercise_id, exercise) in enumerate(zip(ids, exercises, strict=True))
        ],
    )
    taken: set[tuple[str, str]] = set()
    rows: list[tuple[str, str, str, str, int]] = []
    for exercise_id, exercise in zip(ids, exercises, strict=True):
        for kind, item in _items(exercise):
            if (kind, item) not in taken:  # a test of two exercises counts for the first
                taken.add((kind, item))
                rows.append((notebook, kind, item, exercise_id, len(rows)))
    connection.executemany("INSERT OR REPLACE INTO outline_item VALUES (?, ?, ?, ?, ?)", rows)


def _items(exercise: Exercise) -> Iterable[tuple[str, str]]:
    for kind, items in zip(KINDS, exercise[3:], strict=True):
        for item in items:
            yield kind, item


def _keep_ids(
    exercises: Sequence[Exercise],
    stored: Mapping[str, str],
    owners: Mapping[tuple[str, str], str],
) -> list[str]:
    """Give the id of each exercise: that of the stored one which it has most in common with."""
    likeness: list[tuple[int, int, str]] = []
    for number, exercise in enumerate(exercises):
        shared: dict[str, int] = {}
        for kind, item in _items(exercise):
            owner = owners.get((kind, item))
            if owner is not None:
                # Cells come and go. A test that is still there is the exercise.
                shared[owner] = shared.get(owner, 0) + (1000 if kind == "test" else 1)
        likeness += [(-score, number, owner) for owner, score in shared.items()]
    ids: dict[int, str] = {}
    used: set[str] = set()
    for _, number, owner in sorted(likeness):
        if number not in ids and owner not in used:
            ids[number] = owner
            used.add(owner)
    for number, exercise in enumerate(exercises):
        if number in ids:
            continue
        wanted, nth = exercise.exercise, 1
        while wanted in used or wanted in stored:
            nth += 1
            wanted = f"{exercise.exercise}-{nth}"
        ids[number] = wanted
        used.add(wanted)
    return [ids[number] for number in range(len(exercises))]
