"""`export`: the events of the embedded collector, or a summary of them, in a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...answers.roster import Roster, RosterError, read_roster
from .. import summary
from ..collectorfile import add_database_argument, path_of
from ..eventtable import COLUMNS, read_properties, to_row
from ..exportformats import FORMATS, Row
from ..exporttarget import TABLE, print_rows, read_format, write_rows
from ..known import refuse_unknown
from ..persons import Persons
from ..readinglog import write_reading
from ..report import CommandError, Report, UsageError, progress
from ..selection import add_selection_arguments, read_selection

if TYPE_CHECKING:
    from ...store.reading import Selection, StoredEvent

HELP = """\
write the embedded collector's events to a file

Oldest first, as csv, jsonl or parquet. Reads only, also while the server runs, and never holds
more than some events in memory. With --summary, a row for each student and test instead: whether
it was tried, how often, when it was passed, the last error, and when a solution with the same
number was first opened; who never tried has a row too, and simulated students have none. With
--roster, students without any event have rows, and staff have none.

Names that an instructor has merged or split in the class view are those of the persons: in the
column student, and in the field person of jsonl. The events' own names are in sent_as, and in
distinct_id. --student takes either, and the roster's id or name where events have a code. The name
that the roster has of a student is in name.

In csv every cell is quoted, times are in UTC as spreadsheets read them (2026-03-01 10:00:00), and
where a spreadsheet might see a formula begin an apostrophe stands before it: at the beginning of
a text, and behind a semicolon, a tab or a line break within it. jsonl and parquet have every text
as it was, and times to the millisecond.
"""
EXAMPLES = """\
examples:
  jupyter telemetry export --output events.csv
  jupyter telemetry export --summary --notebook D1_Python_Tooling
  jupyter telemetry export --summary --roster roster.csv --output class.csv
  jupyter telemetry export --since 2026-03-01 --format jsonl
  jupyter telemetry export --student JOHN_DOE --output john.parquet
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry export --summary
student   notebook  test     state      tries  peek  last error
ANN_LEE   D1        2 parse  failing    2            NameError: name 'x' is not defined
JOHN_DOE  D1        2 parse  passed     2      yes   AssertionError: 3 is not 4
KIM_LIM   D1        2 parse  not tried  0

1 of 3 passed
"""
MAX_ERROR = 60  # characters of an error in the table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--summary", action="store_true", help="a row for each student and test, and not each event"
    )
    parser.add_argument(
        "--format",
        choices=(*FORMATS, TABLE),
        help="else what --output ends in, else csv; table, for people, is for --summary only",
    )
    parser.add_argument("--output", metavar="FILE", help="else standard output; never half a file")
    add_selection_arguments(parser)
    parser.add_argument(
        "--roster",
        metavar="FILE",
        help="for --summary: a CSV file with the columns id, name, group and staff (yes or no)",
    )
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Write the events that are asked for, or what they come to."""
    from ...store.reading import EventFileError, Selection, open_events

    selection = read_selection(args)
    if args.roster is not None and not args.summary:
        raise UsageError("--roster is for --summary")
    name = read_format(args)
    database = path_of(args)
    if args.output is not None and Path(args.output).resolve() == database.resolve():
        raise UsageError("--output is the collector's own file")
    try:
        with open_events(database) as stored:
            persons = Persons(stored)
            if args.student or args.notebook:
                known = [*stored.students(), *persons.students(Selection())]
                args.student = persons.meant(args.student, {student for _, student in known})
                refuse_unknown(args.student, args.notebook, known)
            selection = selection._replace(students=persons.named(args.student))
            if not args.dry_run:
                write_reading(args, stored, selection.students, report)
            export = _summarize if args.summary else _export
            export(args, name, persons, selection, report)
            report.document.update(database=str(database), format=name)
    except EventFileError as error:
        raise CommandError(str(error)) from error


def _export(
    args: argparse.Namespace, name: str, persons: Persons, selection: Selection, report: Report
) -> None:
    total = persons.count(selection)
    report.document.update(events=total)
    if args.dry_run:
        report.line(f"{total} events would be written")
        return
    events = persons.events(selection)
    # A terminal that shows the events has no room for a count of them.
    is_shown = args.output is None and sys.stdout.isatty()
    counted = events if is_shown else progress(events, total, "events")
    rows = (
        _as_kept(event, person, persons.roster.name(person))
        if name == "jsonl"
        else to_row(event, person, persons.roster.name(person))
        for event in counted
        for person in (persons.of(event),)
    )
    _write(args, report, name, COLUMNS, rows, f"{total} events")


def _summarize(
    args: argparse.Namespace, name: str, persons: Persons, selection: Selection, report: Report
) -> None:
    from ...store.simulated import is_marked

    wanted = selection._replace(types=summary.TYPES)
    events: Iterable[StoredEvent] = (
        event._replace(distinct_id=persons.of(event)) for event in persons.events(wanted)
    )
    events = progress(events, persons.count(wanted), "events")
    students = [pair for pair in persons.students(selection) if pair[0] is not None]
    named = {*selection.students}
    simulated = {student for _, student in students if is_marked(student)} - named
    if simulated:
        students = [pair for pair in students if pair[1] not in simulated]
        events = (event for event in events if event.distinct_id not in simulated)
        report.note(f"{len(simulated)} simulated students are left out")
    roster = _roster(args.roster, persons)
    rows = summary.summarize(events, students, roster, persons.roster if roster is None else roster)
    if named:
        rows = [row for row in rows if row["student"] in named]
    report.document.update(rows=len(rows))
    without = {pair[0] for pair in students} - {row["notebook"] for row in rows}
    if without:
        report.note(f"no test was run in {', '.join(sorted(filter(None, without)))}")
    if args.dry_run:
        report.line(f"{len(rows)} rows would be written")
    elif name == TABLE:
        report.document["summary"] = rows
        _show(rows, report)
    else:
        _write(args, report, name, summary.COLUMNS, iter(rows), f"{len(rows)} rows")


def _show(rows: list[dict[str, Any]], report: Report) -> None:
    known = [column for column in ("name", "group") if any(row[column] for row in rows)]
    header = ["student", *known, "notebook", "test", "state", "tries", "peek", "last error"]
    cells = [
        [
            row["student"],
            *(row[column] or "" for column in known),
            row["notebook"] or "",
            row["test"],
            row["state"],
            str(row["tries"]),
            "yes" if row["first_peek"] else "",
            (row["last_error"] or "").partition("\n")[0][:MAX_ERROR],
        ]
        for row in rows
    ]
    if cells:
        report.table(header, cells, states=header.index("state"))
        report.line()
    passed = sum(row["state"] == "passed" for row in rows)
    report.line(f"{passed} of {len(rows)} passed")


def _write(
    args: argparse.Namespace,
    report: Report,
    name: str,
    columns: dict[str, type],
    rows: Iterator[Row],
    counted: str,
) -> None:
    if args.output is None:
        print_rows(columns, rows, name)
        return
    write_rows(columns, rows, name, args.output)
    report.document["output"] = args.output
    report.line(f"{counted} written to {args.output}")


def _as_kept(event: StoredEvent, person: str, name: str) -> Row:
    return {
        **event._asdict(),
        "person": person,
        "properties": read_properties(event),
        "name": name or None,
    }


def _roster(name: str | None, persons: Persons) -> Roster | None:
    try:
        return persons.known(read_roster(Path(name))) if name else None
    except RosterError as error:
        raise CommandError(f"{name} {error}") from error
