"""Where rows are written, and in which format: to a file, or to standard output."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from ..notebooks.atomicfile import writing
from .exportformats import FORMATS, Columns, Row
from .report import CommandError, UsageError

TABLE = "table"
"""The format for people, which only a summary has."""


def read_format(args: argparse.Namespace) -> str:
    """Give the name of the format that is meant.

    Raises:
        UsageError: the output's name has an ending that says another one, or the format, the
            output and what is asked for do not go together.
    """
    name = _format_of(args)
    if name == TABLE:
        if not args.summary:
            raise UsageError("the format table is for --summary: events have too many columns")
        if args.output is not None:
            raise UsageError("the format table is for the screen: give no --output")
    elif args.output is None and not args.dry_run:
        if args.json:
            raise UsageError("--json takes --output: standard output is for one of them")
        if FORMATS[name].is_binary and sys.stdout.isatty():
            raise UsageError(f"{name} is not for a terminal: give an --output")
    return name


def _format_of(args: argparse.Namespace) -> str:
    if args.format:
        return str(args.format)
    suffix = Path(args.output or "").suffix.lstrip(".").lower()
    if suffix in FORMATS:
        return suffix
    if suffix:
        raise UsageError(
            f"{args.output}: a file is written as csv, jsonl or parquet, not .{suffix};"
            " end its name in one of them, or give a --format"
        )
    is_for_people = args.summary and args.output is None and (args.json or sys.stdout.isatty())
    return TABLE if is_for_people else "csv"


def print_rows(columns: Columns, rows: Iterator[Row], name: str = "csv") -> None:
    """Write rows to standard output, in the format of that name."""
    FORMATS[name].writer()(columns, rows, sys.stdout.buffer, sys.stdout.isatty())
    sys.stdout.buffer.flush()


def write_rows(columns: Columns, rows: Iterator[Row], name: str, output: str) -> None:
    """Write rows to a file, in the format of that name; a failure leaves no half of a file.

    Raises:
        CommandError: the file cannot be written.
    """
    write = FORMATS[name].writer()
    try:
        with writing(Path(output)) as target:
            target.write(FORMATS[name].mark)
            write(columns, rows, target, False)
    except OSError as error:
        raise CommandError(f"{output} cannot be written: {error.strerror or error}") from error
