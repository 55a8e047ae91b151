"""The outline of a notebook: its exercises in order, and what of the notebook belongs to each.

Headings and the places of tests decide. A *section* is a heading with all that comes before the
next heading of its level or above. The tests of a section, with the code before them, are an
exercise, under the highest heading whose section holds no other exercise: so "Exercise 2" with its
parts "Task", "Test" and "Solution" is a single exercise. Where code and tests take turns below one
heading, each turn is an exercise. A notebook without tests has an exercise for each heading with
code directly below. A cell with the metadata `{"ipynb_telemetry": {"exercise": "Name"}}` begins an
exercise of that name, which goes on to the next heading or named cell; `"exercise": false` leaves a
cell out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .notebookfile import NotebookFile
from .pieces import MAX_TITLE, Piece, PieceReader


@dataclass(frozen=True)
class Exercise:
    """An exercise.

    Attributes:
        id: its first test, else its first code cell: the same as long as that stays.
        title: its heading, or the name given by hand, or the name of its first test.
        headings: the headings it stands under, the outermost first.
        cells: the ids of its code cells.
        tests: the names of its tests.
        summaries: what its folded-away blocks are called.
        solutions: the ids of the Markdown cells that have these blocks.
    """

    id: str
    title: str
    headings: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    summaries: tuple[str, ...] = ()
    solutions: tuple[str, ...] = ()


def outline_of(notebook: NotebookFile) -> list[Exercise]:
    """Find the exercises of a notebook, in their order."""
    return outline_of_cells(notebook.cells, has_ids=notebook.ids == "file")


def outline_of_cells(cells: Sequence[Mapping[str, Any]], has_ids: bool = True) -> list[Exercise]:
    """Find the exercises among cells.

    Args:
        cells: as they are in a notebook file; metadata may be anything.
        has_ids: whether the ids in the file are those by which Jupyter knows the cells.
    """
    reader = PieceReader(cells, has_ids)
    tested = any(piece.tests for piece in reader.pieces)
    groups = _named(reader) + (_by_tests(reader) if tested else _by_headings(reader))
    order = {id(piece): place for place, piece in enumerate(reader.pieces)}
    groups.sort(key=lambda group: order[id(group.pieces[0])])
    return _exercises(groups, reader)


@dataclass
class _Group:
    """The pieces of an exercise, and where its title is from."""

    pieces: list[Piece]
    path: tuple[int, ...]
    title: str | None = None
    is_turn: bool = False  # whether there are others directly below the same heading


def _named(reader: PieceReader) -> list[_Group]:
    """Give the exercises named by hand."""
    groups = []
    for number, name in enumerate(reader.names):
        pieces = [piece for piece in reader.pieces if piece.named == number]
        if pieces:
            groups.append(_Group(pieces, pieces[0].path, name))
    return groups


def _by_headings(reader: PieceReader) -> list[_Group]:
    """Give an exercise for each heading with code directly below it."""
    groups: dict[tuple[int, ...], list[Piece]] = {}
    for piece in reader.pieces:
        if piece.path and piece.named is None:
            groups.setdefault(piece.path, []).append(piece)
    return [
        _Group(pieces, path)
        for path, pieces in groups.items()
        if any(piece.cell for piece in pieces)
    ]


def _by_tests(reader: PieceReader) -> list[_Group]:
    """Give an exercise for each turn of code and tests."""
    free = [piece for piece in reader.pieces if piece.named is None]
    turns = [
        turn
        for path in dict.fromkeys(piece.path for piece in free)
        for turn in _turns([piece for piece in free if piece.path == path])
    ]
    groups = []
    for turn in turns:
        path = turn[0].path
        is_turn = sum(other[0].path == path for other in turns) > 1
        top = () if is_turn else _highest(path, turns, reader)
        pieces = [piece for piece in free if top and piece.path[: len(top)] == top] or turn
        groups.append(_Group(pieces, top or path, is_turn=is_turn))
    return groups


def _turns(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Cut what is directly below a heading where code follows tests, unless no test follows."""
    turns: list[list[Piece]] = []
    turn: list[Piece] = []
    for piece in pieces:
        is_code = piece.cell is not None and not piece.tests
        if is_code and any(other.tests for other in turn):
            turns.append(turn)
            turn = []
        turn.append(piece)
    if any(piece.tests for piece in turn):
        turns.append(turn)
    elif turns:
        turns[-1] += turn
    return turns


def _highest(
    path: tuple[int, ...], turns: Sequence[Sequence[Piece]], reader: PieceReader
) -> tuple[int, ...]:
    """Give the highest heading above a turn whose section holds no other one.

    The heading of the whole notebook is no exercise's, unless there is no other heading.
    """
    for length in range(1, len(path) + 1):
        top = path[:length]
        holds_others = sum(turn[0].path[:length] == top for turn in turns) > 1
        if not holds_others and (length == len(path) or not _is_title(top[-1], reader)):
            return top
    return path


def _is_title(number: int, reader: PieceReader) -> bool:
    """Tell whether a heading is that of the whole notebook: the only one of the highest level."""
    level = min(heading.level for heading in reader.headings)
    own = reader.headings[number].level
    return own == level and sum(heading.level == level for heading in reader.headings) == 1


def _exercises(groups: Sequence[_Group], reader: PieceReader) -> list[Exercise]:
    exercises: list[Exercise] = []
    taken: set[str] = set()
    for group in groups:
        cells = [piece.cell for piece in group.pieces if piece.cell is not None]
        tests = list(dict.fromkeys(test for piece in group.pieces for test in piece.tests))
        summaries = [piece.summary for piece in group.pieces if piece.summary is not None]
        solutions = [piece.solution for piece in group.pieces if piece.solution is not None]
        headings = [reader.headings[number].text for number in group.path]
        title = group.title or (headings[-1] if headings else (tests or cells or [""])[0])
        if group.is_turn and headings and tests:
            title = f"{title}: {tests[0]}"[:MAX_TITLE]
        own = (tests or cells or [title])[0]
        exercise_id, nth = own, 1
        while exercise_id in taken:
            nth += 1
            exercise_id = f"{own}-{nth}"
        taken.add(exercise_id)
        exercises.append(
            Exercise(
                id=exercise_id,
                title=title,
                headings=tuple(headings),
                cells=tuple(cells),
                tests=tuple(tests),
                summaries=tuple(dict.fromkeys(summaries)),
                solutions=tuple(dict.fromkeys(solutions)),
            )
        )
    return exercises
