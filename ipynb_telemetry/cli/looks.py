"""How a terminal shows what a command says: tables that fit its width, colours, progress.

The only file that knows rich, which is loaded where there is a terminal. `NO_COLOR` and a terminal
that knows no colours get the same layout as plain text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TextIO, TypeVar

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table as RichTable
from rich.text import Text

from .terminal import wrapped

if TYPE_CHECKING:
    from .table import Table

T = TypeVar("T")
_NARROW = 14  # characters: a cell that is no longer is never broken
_COLOURS = {
    "ok": "green",
    "on": "green",
    "passed": "green",
    "note": "yellow",
    "off": "dim",
    "BAD": "bold white on red",
    "malformed": "bold white on red",
    "failing": "bold red",
    "not tried": "dim",
}


def show(said: Iterable[str | Table]) -> None:
    """Print lines and tables on standard output."""
    console = _console(sys.stdout)
    for each in said:
        if isinstance(each, str):
            console.print(Text(wrapped(each, sys.stdout)), crop=False, overflow="ignore")
        else:
            console.print(_laid_out(each))


def show_trouble(trouble: Iterable[tuple[str, str]]) -> None:
    """Print notes and problems on standard error, each behind who says it."""
    console = _console(sys.stderr)
    for who, text in trouble:
        colour = "yellow" if who == "note" else "bold red"
        line = Text(wrapped(f"{who}: {text}", sys.stderr))
        line.stylize(colour, 0, len(who) + 1)
        console.print(line, crop=False, overflow="ignore")


def counted(items: Iterable[T], total: int, noun: str) -> Iterator[T]:
    """Give the items on, and count them on standard error."""
    columns = (TextColumn("{task.completed} of {task.total} {task.description}"), BarColumn())
    with Progress(*columns, console=_console(sys.stderr), transient=True) as shown:
        yield from shown.track(items, total=total, description=noun)


def busy(doing: str) -> AbstractContextManager[object]:
    """Say on standard error what is being done, until it is done."""
    return _console(sys.stderr).status(f"{doing}…")


def _laid_out(table: Table) -> RichTable:
    laid_out = RichTable(
        box=box.SIMPLE_HEAD if table.header else None,
        show_header=bool(table.header),
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0) if table.header else (0, 2, 0, 0),
        header_style="bold",
    )
    columns: Sequence[Sequence[str]] = list(zip(*table.rows, strict=True))
    for index, cells in enumerate(columns):
        name = table.header[index] if table.header else ""
        words = [*cells, *name.split()]
        width = max(map(len, words))
        laid_out.add_column(
            Text(name), min_width=width if width <= _NARROW else None, overflow="fold"
        )
    for row in table.rows:
        laid_out.add_row(
            *(
                Text(cell, style=_COLOURS.get(cell, "") if index == table.states else "")
                for index, cell in enumerate(row)
            )
        )
    return laid_out


def _console(stream: TextIO) -> Console:
    is_plain = bool(os.environ.get("NO_COLOR"))
    return Console(file=stream, color_system=None if is_plain else "auto", highlight=False)
