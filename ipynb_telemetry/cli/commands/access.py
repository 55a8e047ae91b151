"""`access`: who read what of the class, and when."""

from __future__ import annotations

import argparse
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..collectorfile import add_database_argument, aggregates
from ..exporttarget import print_rows
from ..known import refuse_unknown
from ..persons import Persons, ids_meant
from ..report import Report, UsageError

if TYPE_CHECKING:
    from ...store.reading import Snapshot

HELP = """\
say who read what of the class, and when

A line a visit: who read (the name that Jupyter or the hub has; an account of this computer, for
commands such as answers and export), what, and from when to when. `student` is the page of one
student, or their events; `cell` what all students wrote in a cell; `class` is the class view and
every other answer about all. With --student only what this student's data were part of: the
student's own page, under the id, the code and every name that was merged, and what is about all.
"""
EXAMPLES = """\
examples:
  jupyter telemetry access
  jupyter telemetry access --student JOHN_DOE --csv
  jupyter telemetry access --student "Ann Lee"
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry access --student JOHN_DOE
from              until             reader   what     student   notebook  cell
2026-03-01 13:00  2026-03-01 13:42  teacher  class
2026-03-01 13:05  2026-03-01 13:05  teacher  student  JOHN_DOE  D1

2 visits
"""
COLUMNS: dict[str, type] = {
    "from": datetime,
    "until": datetime,
    "reader": str,
    "what": str,
    "student": str,
    "notebook": str,
    "cell": str,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--student",
        metavar="STUDENT",
        help="whose data was read: the id, the code or the roster's name",
    )
    parser.add_argument("--csv", action="store_true", help="comma-separated, times in UTC")
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Show the access log."""
    from ...store.accesslog import read_accesses
    from ...store.event import epoch_to_utc

    if args.csv and args.json:
        raise UsageError("--csv and --json are two ways to print: give one")
    with aggregates(args) as snapshot:
        ids = None if args.student is None else _ids(snapshot, args.student)
        visits = read_accesses(snapshot.connection, ids)
    rows: list[dict[str, Any]] = [
        {
            "from": epoch_to_utc(visit.first_ms / 1000),
            "until": epoch_to_utc(visit.last_ms / 1000),
            "reader": visit.page.reader,
            "what": visit.page.answer,
            "student": visit.page.student,
            "notebook": visit.page.notebook,
            "cell": visit.page.cell,
        }
        for visit in visits
    ]
    report.document.update(visits=rows)
    if args.csv:
        print_rows(COLUMNS, iter(rows))
        return
    if rows:
        report.table([*COLUMNS], [[_cell(row[name], name) for name in COLUMNS] for row in rows])
        report.line()
    report.line(f"{len(rows)} visit{'' if len(rows) == 1 else 's'}")


def _ids(snapshot: Snapshot, student: str) -> list[str]:
    """Give all ids under which a student was read of, also those that an instructor has merged.

    Raises:
        CommandError: there is no such student, or several have the name.
    """
    from ...answers.members import read_members
    from ...store.accesslog import read_accesses

    pairs = snapshot.students()
    there = {each for _, each in pairs}
    visits = read_accesses(snapshot.connection)
    there.update(visit.page.student for visit in visits if visit.page.student)
    ids = ids_meant(snapshot.connection, student, is_there=student in there)
    there.update(member.id for member in read_members(snapshot.connection))
    if not there.intersection(ids):
        refuse_unknown([student], [], pairs)
    aliases = Persons(snapshot).aliases
    return [name for each in ids for name in aliases.names_of(aliases.of(each))]


def _cell(value: str, name: str) -> str:
    if COLUMNS[name] is not datetime:
        return value
    moment = datetime.fromisoformat(value.replace("Z", "+00:00")).astimezone()
    return moment.strftime("%Y-%m-%d %H:%M")
