"""The formats that an export is written in: a table of any columns, row by row."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import IO, Any, NamedTuple, TypeAlias

from .report import CommandError, plain

BATCH = 1000  # rows of a part of a parquet file
NEEDS_PYARROW = (
    'Parquet takes the package pyarrow: pip install "ipynb-telemetry[parquet]", or use another'
    " --format."
)
Row: TypeAlias = Mapping[str, Any]
Columns: TypeAlias = Mapping[str, type]
"""The columns by name, in order, with the type of their values: str, int, float, bool, or datetime,
whose values are texts as the store writes times. A value may also be None."""
Writer: TypeAlias = Callable[[Columns, Iterator[Row], IO[bytes], bool], None]
"""Writes the rows; the last argument says whether a terminal shows them."""

# With these signs begins what a spreadsheet may run when it opens a file; the wide signs too. Where
# the list separator is not the comma, a program takes quotes in the middle of a line for letters,
# and a cell begins after each semicolon, tab and line break.
_FORMULA = re.compile(r"(?:^|(?<=[;\t\r\n]))(?=[=+\-@＝＋－＠])")  # noqa: RUF001
_BLANK = ("\t", "\r", "\n")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def _write_csv(columns: Columns, rows: Iterator[Row], target: IO[bytes], is_shown: bool) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    for row in rows:
        cells = [_cell(row[column], kind) for column, kind in columns.items()]
        writer.writerow([plain(cell) for cell in cells] if is_shown else cells)
    text.flush()
    text.detach()


def _cell(value: Any, kind: type) -> str:
    if value is None:
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is datetime and _UTC.fullmatch(value):
        # As a spreadsheet in any language reads it; a fraction would make it a text in many.
        return str(value[:19].replace("T", " "))
    if kind in (str, datetime):
        text = _FORMULA.sub("'", value.replace("\0", "\ufffd"))
        return f"'{text}" if text.startswith(_BLANK) else text
    return str(value)


def _write_jsonl(columns: Columns, rows: Iterator[Row], target: IO[bytes], is_shown: bool) -> None:
    for row in rows:
        target.write(f"{json.dumps(row)}\n".encode())


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
        datetime: pyarrow.timestamp("ms", tz="UTC"),
    }

    def write(columns: Columns, rows: Iterator[Row], target: IO[bytes], is_shown: bool) -> None:
        schema = pyarrow.schema([(name, types[kind]) for name, kind in columns.items()])
        with pyarrow.parquet.ParquetWriter(target, schema) as writer:
            while part := [_typed(row, columns) for row in itertools.islice(rows, BATCH)]:
                writer.write_table(pyarrow.Table.from_pylist(part, schema=schema))

    return write


def _typed(row: Row, columns: Columns) -> dict[str, Any]:
    """Give times as times, and replace lone surrogates, which JSON can say and Parquet cannot."""
    return {
        name: value
        if not isinstance(value, str)
        else _moment(value)
        if columns[name] is datetime
        else value.encode("utf-8", "replace").decode()
        for name, value in row.items()
    }


def _moment(text: str) -> datetime | None:
    try:
        # Python 3.10 reads no "Z".
        return datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


class Format(NamedTuple):
    """A format: gives its writer, or raises; whether a terminal can show it; a file's first bytes.

    The mark is for spreadsheets, which otherwise take UTF-8 for something else.
    """

    writer: Callable[[], Writer]
    is_binary: bool = False
    mark: bytes = b""


FORMATS = {
    "csv": Format(lambda: _write_csv, mark=b"\xef\xbb\xbf"),
    "jsonl": Format(lambda: _write_jsonl),
    "parquet": Format(_parquet_writer, is_binary=True),
}
