"""The pieces of a notebook that exercises are made of: code cells and folded-away blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cellids import cell_ids, is_readable_id
from .celltests import Runners, names_of_tests
from .headings import Heading, Summary, read_markdown
from .notebookfile import source_of

MAX_TITLE = 200


@dataclass
class Piece:
    """Something of a notebook that an exercise may hold, in the order of the notebook."""

    path: tuple[int, ...]  # the headings above, by their numbers
    cell: str | None = None  # the id of a code cell
    tests: list[str] = field(default_factory=list)
    summary: str | None = None
    solution: str | None = None  # the id of the Markdown cell that the summary is in
    named: int | None = None  # the number of the exercise named by hand that it is part of


class PieceReader:
    """Goes through the cells once.

    Attributes:
        headings: all headings, in their order.
        names: of the exercises named by hand.
        pieces: in their order.
    """

    def __init__(self, cells: Sequence[Mapping[str, Any]], has_ids: bool) -> None:
        """Read cells; `has_ids` says whether Jupyter knows them by the ids in the file."""
        self.headings: list[Heading] = []
        self.names: list[str] = []
        self.pieces: list[Piece] = []
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
                self._add(Piece(self._path, summary=item.text, solution=cell_id))
        if cell.get("cell_type") == "code":
            metadata = cell.get("metadata")
            tests = names_of_tests(
                source, metadata if isinstance(metadata, Mapping) else {}, runners
            )
            self._add(Piece(self._path, cell=cell_id, tests=tests))

    def _begin(self, heading: Heading) -> None:
        """Go below a heading."""
        above = [number for number in self._path if self.headings[number].level < heading.level]
        self._path = (*above, len(self.headings))
        self.headings.append(heading)
        self._open_name = None

    def _add(self, piece: Piece) -> None:
        piece.named = self._open_name
        self.pieces.append(piece)


def _given_name(cell: Mapping[str, Any]) -> str | bool | None:
    """Read the name that a cell's metadata gives an exercise; False: the cell is left out."""
    metadata = cell.get("metadata")
    ours = metadata.get("ipynb_telemetry") if isinstance(metadata, Mapping) else None
    given = ours.get("exercise") if isinstance(ours, Mapping) else None
    if given is False:
        return False
    name = " ".join(given.split())[:MAX_TITLE] if isinstance(given, str) else ""
    return name or None
