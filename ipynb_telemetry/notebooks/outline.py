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
from dataclasses import dataclass, field
from typing import Any

from .cellids import cell_ids, is_readable_id
from .celltests import Runners, names_of_tests
from .headings import Heading, Summary, read_markdown
from .notebookfile import NotebookFile, source_of

_MAX_TITLE = 200


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


@dataclass
class _Piece:
    """Something of a notebook that an exercise may hold, in the order of the notebook."""

    path: tuple[int, ...]  # the headings above, by their numbers
    cell: str | None = None  # the id of a code cell
    tests: list[str] = field(default_factory=list)
    summary: str | None = None
    solution: str | None = None  # the id of the Markdown cell that the summary is in
    named: int | None = None  # the number of the exercise named by hand that it is part of


def outline_of(notebook: NotebookFile) -> list[Exercise]:
    """Find the exercises of a notebook, in their order."""
    return outline_of_cells(notebook.cells, has_ids=notebook.ids == "file")


def outline_of_cells(cells: Sequence[Mapping[str, Any]], has_ids: bool = True) -> list[Exercise]:
    """Find the exercises among cells.

    Args:
        cells: as they are in a notebook file; metadata may be anything.
        has_ids: whether the ids in the file are those by which Jupyter knows the cells.
    """
    reader = _Reader(cells, has_ids)
    tested = any(piece.tests for piece in reader.pieces)
    groups = _named(reader) + (_by_tests(reader) if tested else _by_headings(reader))
    order = {id(piece): place for place, piece in enumerate(reader.pieces)}
    groups.sort(key=lambda group: order[id(group.pieces[0])])
    return _exercises(groups, reader)


@dataclass
class _Group:
    """The pieces of an exercise, and where its title is from."""

    pieces: list[_Piece]
    path: tuple[int, ...]
    title: str | None = None
    is_turn: bool = False  # whether there are others directly below the same heading


class _Reader:
    """Goes through the cells once."""

    def __init__(self, cells: Sequence[Mapping[str, Any]], has_ids: bool) -> None:
        self.headings: list[Heading] = []
        self.names: list[str] = []
        self.pieces: list[_Piece] = []
        self._path: tuple[int, ...] = ()
        self._open_name: int | None = None
        code = [cell for cell in cells if cell.get("cell_type") == "code"]
        runners = Runners(source_of(dict(cell)) for cell in code)
        ids = cell_ids(cells, is_readable_id if has_ids else lambda _: False)
        for cell, cell_id in zip(cells, ids, strict=True):
            self._read(cell, cell_id, runners)

    def _read(self, cell: Mapping[str, Any], cell_id: str, runners: Runners) -> None:
        given = _given_name(cell)
        source = source_of(dict(cell))
        items = read_markdown(source) if cell.get("cell_type") == "markdown" else []
        for item in items:
            if isinstance(item, Heading):
                self._begin(item)
        if given is False:
            return
        if isinstance(given, str):
            self._open_name = len(self.names)
            self.names.append(given)
        for item in items:
            if isinstance(item, Summary):
                self._add(_Piece(self._path, summary=item.text, solution=cell_id))
        if cell.get("cell_type") == "code":
            metadata = cell.get("metadata")
            tests = names_of_tests(
                source, metadata if isinstance(metadata, Mapping) else {}, runners
            )
            self._add(_Piece(self._path, cell=cell_id, tests=tests))

    def _begin(self, heading: Heading) -> None:
        """Go below a heading."""
        above = [number for number in self._path if self.headings[number].level < heading.level]
        self._path = (*above, len(self.headings))
        self.headings.append(heading)
        self._open_name = None

    def _add(self, piece: _Piece) -> None:
        piece.named = self._open_name
        self.pieces.append(piece)


def _given_name(cell: Mapping[str, Any]) -> str | bool | None:
    """Read the name that a cell's metadata gives an exercise; False: the cell is left out."""
    metadata = cell.get("metadata")
    ours = metadata.get("ipynb_telemetry") if isinstance(metadata, Mapping) else None
    given = ours.get("exercise") if isinstance(ours, Mapping) else None
    if given is False:
        return False
    name = " ".join(given.split())[:_MAX_TITLE] if isinstance(given, str) else ""
    return name or None


def _named(reader: _Reader) -> list[_Group]:
    """Give the exercises named by hand."""
    groups = []
    for number, name in enumerate(reader.names):
        pieces = [piece for piece in reader.pieces if piece.named == number]
        if pieces:
            groups.append(_Group(pieces, pieces[0].path, name))
    return groups


def _by_headings(reader: _Reader) -> list[_Group]:
    """Give an exercise for each heading with code directly below it."""
    groups: dict[tuple[int, ...], list[_Piece]] = {}
    for piece in reader.pieces:
        if piece.path and piece.named is None:
            groups.setdefault(piece.path, []).append(piece)
    return [
        _Group(pieces, path)
        for path, pieces in groups.items()
        if any(piece.cell for piece in pieces)
    ]


def _by_tests(reader: _Reader) -> list[_Group]:
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


def _turns(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """Cut what is directly below a heading where code follows tests, unless no test follows."""
    turns: list[list[_Piece]] = []
    turn: list[_Piece] = []
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
    path: tuple[int, ...], turns: Sequence[Sequence[_Piece]], reader: _Reader
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


def _is_title(number: int, reader: _Reader) -> bool:
    """Tell whether a heading is that of the whole notebook: the only one of the highest level."""
    level = min(heading.level for heading in reader.headings)
    own = reader.headings[number].level
    return own == level and sum(heading.level == level for heading in reader.headings) == 1


def _exercises(groups: Sequence[_Group], reader: _Reader) -> list[Exercise]:
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
            title = f"{title}: {tests[0]}"[:_MAX_TITLE]
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
