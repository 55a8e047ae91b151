"""A question before something that cannot be undone."""

from __future__ import annotations

import sys

from .report import CommandError, UsageError, plain


def confirm(what: str, word: str) -> None:
    """Go on only if the person at the terminal types a word.

    Args:
        what: will be done, in sentences.
        word: to be typed.

    Raises:
        UsageError: there is no terminal.
        CommandError: something else was typed.
    """
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal to ask whether this is meant: --yes says so")
    sys.stderr.write(f"{plain(what)}\nType {plain(word)} to go on: ")
    sys.stderr.flush()
    if sys.stdin.readline().strip() != word:
        raise CommandError("nothing was deleted")
