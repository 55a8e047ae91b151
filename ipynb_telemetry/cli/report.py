"""What a command says: lines or one JSON document on stdout; trouble and progress on stderr."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

PROGRESS_EVERY_S = 0.1

T = TypeVar("T")


class CommandError(Exception):
    """Why a command cannot go on, in a sentence for the person who typed it."""


class UsageError(CommandError):
    """The arguments are wrong, and nothing was done."""


class Report:
    """Gathers what a command has to say.

    Attributes:
        document: what `--json` prints, beside `ok`, `problems` and `notes`.
        is_json: whether the document is wanted, and not the lines.
    """

    def __init__(self, verb: str, is_json: bool) -> None:
        """Begin with nothing to say."""
        self.document: dict[str, Any] = {}
        self.is_json = is_json
        self._verb = verb
        self._lines: list[str] = []
        self._problems: list[str] = []
        self._notes: list[str] = []
        self._said: set[str] = set()

    @property
    def exit_status(self) -> int:
        """0, or 1 where there is a problem."""
        return 1 if self._problems else 0

    def line(self, text: str = "") -> None:
        """Say something on standard output."""
        self._lines.append(plain(text))

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Say something in columns."""
        table = [list(header), *([plain(cell) for cell in row] for row in rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for row in table:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self.line("  ".join(cells).rstrip())

    def problem(self, text: str, is_said: bool = False) -> None:
        """Say what is wrong; the exit status will be 1.

        Args:
            text: a sentence.
            is_said: the lines say the sentence already: only `--json` repeats it.
        """
        self._problems.append(plain(text))
        if is_said:
            self._said.add(plain(text))

    def note(self, text: str) -> None:
        """Say what is worth knowing, and no failure."""
        self._notes.append(plain(text))

    def print(self) -> None:
        """Print everything, the trouble last, where it is seen."""
        if self.is_json:
            outcome = {"problems": self._problems, "notes": self._notes}
            print(json.dumps({"ok": not self._problems, **self.document, **outcome}, indent=2))
            return
        for line in self._lines:
            print(line)
        sys.stdout.flush()
        for note in self._notes:
            print(f"note: {note}", file=sys.stderr)
        for problem in (text for text in self._problems if text not in self._said):
            print(f"jupyter telemetry {self._verb}: {problem}", file=sys.stderr)


def plain(text: str) -> str:
    """Escape what does not print: a file's name comes from anywhere, and a terminal obeys it."""
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def progress(items: Iterable[T], total: int, noun: str) -> Iterator[T]:
    """Give the items on, and count them on standard error if a terminal shows it.

    Args:
        items: given on one by one.
        total: how many there will be.
        noun: what the items are, in the plural.
    """
    if not sys.stderr.isatty():
        yield from items
        return
    shown = 0.0
    try:
        for count, item in enumerate(items, 1):
            yield item
            if time.monotonic() - shown > PROGRESS_EVERY_S:
                shown = time.monotonic()
                print(f"\r{count} of {total} {noun} ", end="", file=sys.stderr, flush=True)
    finally:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
