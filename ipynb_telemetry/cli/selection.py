"""The events that a command is about: the options that narrow them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..store.event import to_utc
from .report import UsageError

if TYPE_CHECKING:
    from ..store.reading import Selection


def add_selection_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options by which a command is about some events only."""
    parser.add_argument(
        "--since", metavar="TIME", help="a day or an ISO 8601 time, in UTC unless it says else"
    )
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="such as JOHN_DOE; repeatable"
    )
    parser.add_argument(
        "--notebook",
        action="append",
        default=[],
        metavar="NOTEBOOK_ID",
        help="id of a notebook; repeatable",
    )


def read_selection(args: argparse.Namespace) -> Selection:
    """Give the events that are meant.

    Raises:
        UsageError: `--since` is no time.
    """
    from ..store.reading import Selection

    return Selection(args.student, args.notebook, since=_since(args.since))


def _since(text: str | None) -> str | None:
    try:
        return to_utc(text) if text else None
    except ValueError as error:
        raise UsageError(f"--since: {text} is no day and no time such as 2026-03-01") from error
