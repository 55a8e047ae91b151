"""The arguments of the command: what is refused is told with what may have been meant."""

from __future__ import annotations

import argparse
import difflib
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from .terminal import wrapped

STATUSES = {
    0: "all is done and well",
    1: "something could not be done or needs attention, as the lines on standard error say",
    2: "the arguments are wrong, nothing was done",
    130: "interrupted; no file is half written",
}
"""The meaning of each exit status."""

_ENDINGS = "; ".join(f"{status} {meaning}" for status, meaning in STATUSES.items())


class _Formatter(argparse.HelpFormatter):
    """Keeps paragraphs apart, and indented lines as they are, which argparse would run together."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.strip().split("\n\n")
        return "\n\n".join(
            each if "\n  " in each else textwrap.fill(" ".join(each.split()), width)
            for each in paragraphs
        )


class Parser(argparse.ArgumentParser):
    """A parser whose refusals suggest; its own are those of one verb."""

    def __init__(self, **options: Any) -> None:
        """Make a parser; the epilog ends with the exit statuses."""
        options["epilog"] = f"{options.get('epilog', '')}\n\nexit status: {_ENDINGS}"
        super().__init__(formatter_class=_Formatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """End with what is wrong, below the verb's usage."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{wrapped(f'{self.prog}: {message}', sys.stderr)}\n")

    def refuse(self, unknown: Sequence[str]) -> None:
        """End with what is wrong: arguments that nobody knows."""
        name = unknown[0].partition("=")[0]
        if not name.startswith("-"):
            self.error(f"{unknown[0]} is not expected here")
        self.error(f"there is no option {name}{meant(name, self.options())}")

    def options(self) -> list[str]:
        """Give the long options that the help names."""
        return [
            name
            for action in self._actions
            if action.help != argparse.SUPPRESS
            for name in action.option_strings
            if name.startswith("--")
        ]


def add_project_key(parser: argparse._ActionsContainer, help_text: str) -> None:
    """Let a verb take a PostHog project key; `--api-key`, as PostHog has it, is understood too."""
    parser.add_argument("--project-key", metavar="KEY", help=help_text)
    parser.add_argument("--api-key", dest="project_key", help=argparse.SUPPRESS)


def meant(word: str, known: Iterable[str]) -> str:
    """Give `; did you mean …?` for the known word that is nearest, or nothing."""
    words = sorted(known)
    # `--key` is far from `--project-key` by its letters.
    near = [each for each in words if each.endswith(f"-{word.strip('-')}")]
    near += difflib.get_close_matches(word, words, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def verb_of(arguments: Sequence[str]) -> str | None:
    """Give the first argument that is no option: options before a verb have no values."""
    return next((each for each in arguments if not each.startswith("-")), None)


def given(arguments: Sequence[str] | None) -> list[str]:
    """Give the arguments, those of this process for None."""
    return list(sys.argv[1:] if arguments is None else arguments)
