"""What a command says: lines or one JSON document on stdout; trouble and progress on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar

from .table import Table
from .terminal import wrapped

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
        self._said: list[str | Table] = []
        self._problems: list[str] = []
        self._notes: list[str] = []
        self._known: set[str] = set()
        self._is_told = False

    @property
    def exit_status(self) -> int:
        """0, or 1 where there is a problem."""
        return 1 if self._problems else 0

    def line(self, text: str = "") -> None:
        """Say something on standard output."""
        self._said.append(plain(text))

    def table(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], states: int | None = None
    ) -> None:
        """Say something in columns; see `Table`."""
        cells = [[plain(cell) for cell in row] for row in rows]
        self._said.append(Table(header, cells, states))

    def problem(self, text: str, is_said: bool = False) -> None:
        """Say what is wrong; the exit status will be 1.

        Args:
            text: a sentence.
            is_said: the lines say the sentence already: only `--json` repeats it.
        """
        self._problems.append(plain(text))
        if is_said:
            self._known.add(plain(text))

    def note(self, text: str) -> None:
        """Say what is worth knowing, and no failure."""
        self._notes.append(plain(text))

    def tell(self, lines: Sequence[str]) -> None:
        """Print lines now, in a command that goes on: whole, so that they can be copied.

        With `--json` the document is printed instead, and `print` prints no other.
        """
        if not self.is_json:
            print("\n".join(map(plain, lines)), flush=True)
        elif not self._is_told:
            self._print_document()
            self._is_told = True

    def print(self) -> None:
        """Print everything, the trouble last, where it is seen."""
        if self.is_json and self._is_told:
            for text in self._problems:
                print(text, file=sys.stderr)
            return
        if self.is_json:
            self._print_document()
            return
        self._print_lines()

    def _print_document(self) -> None:
        outcome = {"problems": self._problems, "notes": self._notes}
        document = {"ok": not self._problems, **self.document, **outcome}
        print(json.dumps(document, indent=2), flush=True)

    def _print_lines(self) -> None:
        trouble = [("note", note) for note in self._notes]
        trouble += [
            (f"jupyter telemetry {self._verb}", text)
            for text in self._problems
            if text not in self._known
        ]
        if sys.stdout.isatty():
            from .looks import show

            show(self._said)
        else:
            for each in self._said:
                print(each if isinstance(each, str) else "\n".join(each.lines()))
        sys.stdout.flush()
        if trouble and sys.stderr.isatty():
            from .looks import show_trouble

            show_trouble(trouble)
        else:
            for who, text in trouble:
                print(f"{who}: {text}", file=sys.stderr)


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
        return iter(items)
    from .looks import counted

    return counted(items, total, noun)


def meanwhile(text: str) -> None:
    """Say at once on standard error what hinders a long command, if a terminal shows it."""
    if sys.stderr.isatty():
        print(wrapped(plain(text), sys.stderr), file=sys.stderr)


def working(doing: str) -> AbstractContextManager[object]:
    """Say on standard error what takes its time, while it does, if a terminal shows it.

    Args:
        doing: such as `starting the kernel`.
    """
    if not sys.stderr.isatty():
        return nullcontext()
    from .looks import busy

    return busy(doing)
