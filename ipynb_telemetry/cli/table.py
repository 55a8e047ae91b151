"""Something that a command says in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Table(NamedTuple):
    """Cells in rows.

    Attributes:
        header: names of the columns; none: the table has no header.
        rows: the cells of each row.
        states: the column whose words are states, such as `ok` or `off`, and get colours.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    states: int | None

    def lines(self) -> Iterator[str]:
        """Give the lines for a file or another program, which need no width kept."""
        lines = [*([self.header] if self.header else []), *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            yield "  ".join(cells).rstrip()
