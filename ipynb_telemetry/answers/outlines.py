"""The exercises of each notebook: as an instructor has stored them, else guessed from the tests.

The guess: each test is an exercise, in the order of the median place of the run before it, by all
students. A cell that is run belongs to the first test at or behind its own median place; what
stands behind the last test belongs to that. A solution, a cell that is opened and never run, may
stand before its test or behind, the same in all the notebook: one before the first test says that
all stand before theirs, one behind the last test that all stand behind. Where neither is known, or
both are, a solution belongs to the nearest test.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from math import inf
from statistics import median
from typing import NamedTuple

KINDS = ("cell", "test", "solution")


class Exercise(NamedTuple):
    """An exercise as answers know it.

    Attributes:
        notebook: its notebook's id.
        exercise: its id, which stays the same when the notebook is edited.
        title: to be shown.
        cells, tests, solutions: ids of code cells, names of tests, ids of the Markdown cells with
            solutions; those of the present notebook, in its order.
    """

    notebook: str
    exercise: str
    title: str
    cells: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    solutions: tuple[str, ...] = ()


class Outline(NamedTuple):
    """The exercises of a notebook.

    Attributes:
        exercises: in their order.
        places: which exercise an item belongs to, by its number among these: `cell` or `test` and
            the item's name. Items of past versions of the notebook are among them.
        origin: `saved`, `derived`, or `none` where there is nothing to guess from.
    """

    exercises: tuple[Exercise, ...]
    places: Mapping[tuple[str, str], int]
    origin: str


def read_outline(
    connection: sqlite3.Connection, notebook: str, is_simulated: bool = False
) -> Outline:
    """Give the outline of a notebook, if there is none guessed from the real or simulated class."""
    rows = connection.execute(
        "SELECT exercise, title FROM outline_exercise"
        " WHERE notebook = ? AND position IS NOT NULL ORDER BY position",
        (notebook,),
    ).fetchall()
    if not rows:
        return _derive(connection, notebook, int(is_simulated))
    number = {exercise: place for place, (exercise, _) in enumerate(rows)}
    parts: list[dict[str, list[str]]] = [{kind: [] for kind in KINDS} for _ in rows]
    places: dict[tuple[str, str], int] = {}
    for kind, item, exercise, position in connection.execute(
        "SELECT kind, item, exercise, position FROM outline_item WHERE notebook = ?"
        " ORDER BY position",
        (notebook,),
    ):
        if exercise not in number or kind not in KINDS:
            continue
        # A solution is opened in a cell.
        places.setdefault(("test" if kind == "test" else "cell", item), number[exercise])
        if position is not None:
            parts[number[exercise]][kind].append(item)
    exercises = tuple(
        Exercise(notebook, exercise, title, *(tuple(parts[place][kind]) for kind in KINDS))
        for place, (exercise, title) in enumerate(rows)
    )
    return Outline(exercises, places, "saved")


def _derive(connection: sqlite3.Connection, notebook: str, simulated: int) -> Outline:
    found: dict[tuple[str, str], list[int]] = {}
    is_run: set[str] = set()
    for kind, item, index, runs in connection.execute(
        "SELECT kind, item, cell_index, runs FROM item_state"
        " WHERE notebook = ? AND simulated = ? AND cell_index IS NOT NULL",
        (notebook, simulated),
    ):
        found.setdefault((kind, item), []).append(index)
        if runs:
            is_run.add(item)
    middle = {key: median(indices) for key, indices in found.items()}
    tests = sorted((place, item) for (kind, item), place in middle.items() if kind == "test")
    # Tests of kernels that no page watches have no place: they come last, by name.
    unplaced = [
        item
        for (item,) in connection.execute(
            "SELECT DISTINCT item FROM item_state"
            " WHERE notebook = ? AND simulated = ? AND kind = 'test' ORDER BY item",
            (notebook, simulated),
        )
        if ("test", item) not in middle
    ]
    names = [item for _, item in tests] + unplaced
    places = {("test", name): number for number, name in enumerate(names)}
    cells: list[list[str]] = [[] for _ in names]
    if tests:
        of_tests = [at for at, _ in tests]
        of_cells = {item: place for (kind, item), place in middle.items() if kind == "cell"}
        of_solutions = [place for item, place in of_cells.items() if item not in is_run]
        stand_before = min(of_solutions, default=inf) < of_tests[0]
        stand_behind = max(of_solutions, default=-inf) > of_tests[-1]
        for item, place in sorted(of_cells.items(), key=lambda each: each[1]):
            if item in is_run or (stand_before and not stand_behind):
                number = min(bisect_left(of_tests, place), len(tests) - 1)
            elif stand_behind and not stand_before:
                number = max(bisect_right(of_tests, place) - 1, 0)
            else:
                number = min(range(len(tests)), key=lambda each: abs(of_tests[each] - place))
            places["cell", item] = number
            if item in is_run:
                cells[number].append(item)
    exercises = tuple(
        Exercise(notebook, name, name, tuple(cells[number]), (name,))
        for number, name in enumerate(names)
    )
    return Outline(exercises, places, "derived" if names else "none")
