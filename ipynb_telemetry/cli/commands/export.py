"""`export`: the events of the embedded collector, as a table or as JSON lines."""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ...notebooks.atomicfile import writing
from ...settings.serverconfig import collector_file, server_config
from ...store.event import to_utc
from ..eventtable import COLUMNS, to_row
from ..report import CommandError, Report, UsageError, progress

if TYPE_CHECKING:
    from ...store.reading import StoredEvent

HELP = """\
write the embedded collector's events to a file

Oldest first, as csv, jsonl or parquet. Reads only, also while the server runs, and never holds
more than some events in memory. In csv a text that a spreadsheet would take for a formula gets
an apostrophe before it; jsonl and parquet have every text as it was.
"""
EXAMPLES = """\
examples:
  jupyter telemetry export --output events.csv
  jupyter telemetry export --notebook D1_Python_Tooling --since 2026-03-01 --format jsonl
  jupyter telemetry export --student JOHN_DOE --output john.parquet
"""

BATCH = 1000  # rows of a part of a parquet file
NEEDS_PYARROW = (
    'Parquet takes the package pyarrow: pip install "ipynb-telemetry[parquet]", or use another'
    " --format."
)
# With these signs begins what a spreadsheet may run when it opens a file; the wide signs too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--format", choices=tuple(FORMATS), help="else what --output ends in, else csv"
    )
    parser.add_argument("--output", metavar="FILE", help="else standard output; never half a file")
    parser.add_argument(
        "--since", metavar="TIME", help="a day or an ISO 8601 time, in UTC unless it says else"
    )
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="such as JOHN_DOE; repeatable"
    )
    parser.add_argument(
        "--notebook", action="append", default=[], metavar="ID", help="id of a notebook; repeatable"
    )
    parser.add_argument(
        "--database", metavar="FILE", help="the collector's file; else the one Jupyter is set to"
    )


def run(args: argparse.Namespace, report: Report) -> None:
    """Write the events that are asked for."""
    from ...store.reading import EventFileError, Selection, open_events

    name = args.format or _format_of(args.output)
    selection = Selection(args.student, args.notebook, since=_since(args.since))
    if args.output is None and not args.dry_run:
        if args.json:
            raise UsageError("--json takes --output: standard output is for one of them")
        if FORMATS[name].is_binary and sys.stdout.isatty():
            raise UsageError(f"{name} is not for a terminal: give an --output")
    write = FORMATS[name].writer()
    database = Path(args.database) if args.database else _configured_file()
    if args.output is not None and Path(args.output).resolve() == database.resolve():
        raise UsageError("--output is the collector's own file")
    try:
        with open_events(database) as stored:
            total = stored.count(selection)
            report.document.update(database=str(database), format=name, events=total)
            if args.dry_run:
                report.line(f"{total} events would be written from {database}")
                return
            events = progress(stored.events(selection), total, "events")
            if args.output is None:
                write(events, sys.stdout.buffer)
                sys.stdout.buffer.flush()
                return
            with _output(args.output) as target:
                if FORMATS[name].mark:
                    target.write(FORMATS[name].mark)
                write(events, target)
    except EventFileError as error:
        raise CommandError(str(error)) from error
    report.document["output"] = args.output
    report.line(f"{total} events written to {args.output}")


def _configured_file() -> Path:
    path = collector_file(server_config())
    if path is None:
        raise CommandError("The server keeps its events in memory: ask its api/events instead.")
    return path


def _format_of(output: str | None) -> str:
    suffix = Path(output or "").suffix.lstrip(".").lower()
    return suffix if suffix in FORMATS else "csv"


def _since(text: str | None) -> str | None:
    try:
        return to_utc(text) if text else None
    except ValueError as error:
        raise UsageError(f"--since: {text} is no day and no time such as 2026-03-01") from error


@contextmanager
def _output(name: str) -> Iterator[IO[bytes]]:
    try:
        with writing(Path(name)) as file:
            yield file
    except OSError as error:
        raise CommandError(f"{name} cannot be written: {error.strerror or error}") from error


def _write_jsonl(events: Iterator[StoredEvent], target: IO[bytes]) -> None:
    for event in events:
        envelope = event._asdict()
        properties = envelope.pop("properties")
        # The properties are JSON already.
        line = f'{json.dumps(envelope)[:-1]}, "properties": {properties}}}\n'
        target.write(line.encode())


def _write_csv(events: Iterator[StoredEvent], target: IO[bytes]) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for event in events:
        row = to_row(event)
        writer.writerow(_cell(row[column], kind) for column, kind in COLUMNS.items())
    text.flush()
    text.detach()


def _cell(value: Any, kind: type) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind is str and isinstance(value, str):
        value = value.replace("\0", "\ufffd")
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value


def _parquet_writer() -> Writer:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise CommandError(NEEDS_PYARROW) from error
    types = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        float: pyarrow.float64(),
        bool: pyarrow.bool_(),
    }
    schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])

    def write(events: Iterator[StoredEvent], target: IO[bytes]) -> None:
        with pyarrow.parquet.ParquetWriter(target, schema) as writer:
            while rows := [_text_only(to_row(event)) for event in itertools.islice(events, BATCH)]:
                writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))

    return write


def _text_only(row: dict[str, Any]) -> dict[str, Any]:
    """Replace lone surrogates, which JSON can say and Parquet cannot."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }


Writer: TypeAlias = "Callable[[Iterator[StoredEvent], IO[bytes]], None]"


class _Format(NamedTuple):
    """A format: gives its writer, or raises; whether a terminal can show it; a file's first bytes.

    The mark is for spreadsheets, which otherwise take UTF-8 for something else.
    """

    writer: Callable[[], Writer]
    is_binary: bool = False
    mark: bytes = b""


FORMATS = {
    "csv": _Format(lambda: _write_csv, mark=b"\xef\xbb\xbf"),
    "jsonl": _Format(lambda: _write_jsonl),
    "parquet": _Format(_parquet_writer, is_binary=True),
}
