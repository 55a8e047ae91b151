"""`answers`: what a class has done, as the class view says it."""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from ...store.event import to_utc
from ..answertables import TABLES, AnswerTable
from ..collectorfile import add_database_argument, aggregates
from ..exporttarget import print_rows
from ..known import refuse_unknown
from ..readinglog import write_reading
from ..report import Report, UsageError

HELP = """\
answer a question about the class

From the embedded collector's file, also while the server runs: needs (who needs you now, and why),
progress, frontier (where the class is), errors (folded to causes), exercises (how hard each was),
time, peeks (into solutions), engagement, audit (whether every event is here), claims (names from
several computers, computers with several names), people (which names were merged or split, and by
whom). The class view asks the same; docs/instructor says what each figure means. A table; --json
gives what the server's route class/ANSWER gives, --csv a table for spreadsheets. Students of whom
events have codes are called by their names in the roster, but for --json. Staff of the
roster are left out.
"""
EXAMPLES = """\
examples:
  jupyter telemetry answers needs
  jupyter telemetry answers progress --notebook D1_Python_Tooling --csv
  jupyter telemetry answers errors --since 2026-03-01T13:00Z --until 2026-03-01T14:30Z
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry answers progress
student   exercise    state                  tries  active min
ANN_LEE   Exercise 1  failing                2      1.5
ANN_LEE   Exercise 2  untouched              0
JOHN_DOE  Exercise 1  passed after solution  2      2
JOHN_DOE  Exercise 2  tried                  0      0.5

1 of 4 solved, 2 students
"""
_SHOWN = {
    "needs": ("student", "signal", "reason", "since"),
    "progress": ("student", "exercise", "state", "tries", "active_min"),
    "errors": ("error", "exercises", "students", "stuck", "events"),
    "exercises": ("exercise", "tried", "passed", "one", "two", "more", "unsolved", "median_min"),
    "peeks": ("student", "exercise", "when", "open_s", "copied"),
    "audit": ("student", "notebook", "state", "expected", "got", "missing", "late_s"),
    "claims": ("claim", "students", "computers", "at_once", "last"),
    "people": ("change", "student", "sessions", "person", "by", "at", "undone_by"),
}
"""The columns that people are shown, where a spreadsheet has more."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("answer", choices=TABLES, metavar="ANSWER", help=", ".join(TABLES))
    parser.add_argument(
        "--notebook",
        action="append",
        default=[],
        metavar="NOTEBOOK_ID",
        help="id of a notebook; repeatable; else all",
    )
    parser.add_argument("--group", default="", help="of the roster; else the whole class")
    for name, end in (("--since", "begin"), ("--until", "end")):
        parser.add_argument(
            name,
            metavar="TIME",
            help=f"{end} of the time asked about: a day or an ISO 8601 time, in UTC",
        )
    parser.add_argument(
        "--simulated", action="store_true", help="the simulated class instead of the real one"
    )
    parser.add_argument("--csv", action="store_true", help="comma-separated, all columns")
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Answer from the file."""
    from ...answers.catalog import give
    from ...answers.members import read_members
    from ...answers.pseudonyms import read_shown
    from ...answers.question import Question

    if args.csv and args.json:
        raise UsageError("--csv and --json are two ways to print: give one")
    question = Question(
        now_ms=int(time.time() * 1000),
        notebooks=tuple(dict.fromkeys(args.notebook)),
        group=args.group,
        since_ms=_milliseconds("--since", args.since),
        until_ms=_milliseconds("--until", args.until),
        is_simulated=args.simulated,
    )
    with aggregates(args) as snapshot:
        if args.notebook:
            refuse_unknown([], args.notebook, snapshot.students())
        if args.group:
            groups = {member.group for member in read_members(snapshot.connection)}
            if args.group not in groups:
                raise UsageError(f"--group: the roster has no group {args.group}")
        if not args.dry_run:
            write_reading(args, snapshot, (), report)
        document = give(snapshot.connection, args.answer, question)
        shown = {} if args.json else read_shown(snapshot.connection)
    if document["is_building"]:
        report.note("the server is still building what the answers read: figures may grow")
    report.document.update(document)
    if not args.json:
        _show(TABLES[args.answer], _with_names(document["result"], shown), args, report)


def _with_names(told: Any, shown: Mapping[str, str]) -> Any:
    """Give a result with the names of the roster for the codes in it."""
    if isinstance(told, str):
        return shown.get(told, told)
    if isinstance(told, list):
        return [_with_names(each, shown) for each in told]
    if isinstance(told, dict):
        return {name: _with_names(each, shown) for name, each in told.items()}
    return told


def _show(
    table: AnswerTable, result: dict[str, Any], args: argparse.Namespace, report: Report
) -> None:
    rows = table.rows(result)
    if args.csv:
        print_rows(table.columns, rows)
        return
    columns = _SHOWN.get(args.answer, tuple(table.columns))
    cells = [[_cell(row[column], table.columns[column]) for column in columns] for row in rows]
    if cells:
        state = columns.index(table.state) if table.state in columns else None
        report.table([column.replace("_", " ") for column in columns], cells, states=state)
        report.line()
    report.line(table.line(result))


def _cell(value: Any, kind: type) -> str:
    if value is None:
        return ""
    if kind is bool:
        return "yes" if value else ""
    if kind is datetime:
        # As the reader's clock says it.
        moment = datetime.fromisoformat(value[:-1]).replace(tzinfo=timezone.utc).astimezone()
        is_today = moment.date() == datetime.now().date()
        return moment.strftime("%H:%M" if is_today else "%d %b %H:%M")
    return f"{value:g}" if kind is float else str(value)


def _milliseconds(option: str, text: str | None) -> int | None:
    try:
        utc = to_utc(text) if text else None
    except ValueError as error:
        raise UsageError(
            f"{option}: {text} is no day and no time such as 2026-03-01T13:00Z"
        ) from error
    if utc is None:
        return None
    return int(datetime.fromisoformat(utc[:-1]).replace(tzinfo=timezone.utc).timestamp() * 1000)
