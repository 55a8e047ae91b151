"""`roster`: who is expected in the class, in which group, and who is staff."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..collectorfile import add_database_argument, aggregates, change
from ..report import CommandError, Report, UsageError

if TYPE_CHECKING:
    import sqlite3

    from ...answers.roster import Roster

HELP = """\
say who is expected in the class, and who is staff

FILE is CSV with a line of names: id (as events name a student, such as JOHN_DOE), and, if wanted,
name, group and staff (yes or no). The roster is kept in the embedded collector's file, in place of
the one before. Students without any event are then in every answer, staff are in none. Without a
file, shows the roster that is kept.

--offer says what students who are asked for a name are offered: names, which are listed as they
type; codes, of the command codes: who types the own code is shown the own name; or nothing. Without
it a first roster is offered by names, and a later one as the one before.
"""
EXAMPLES = """\
examples:
  jupyter telemetry roster class.csv
  jupyter telemetry roster
  jupyter telemetry roster class.csv --offer codes
  jupyter telemetry roster --offer nothing
  jupyter telemetry roster --remove
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry roster class.csv
id        name      group  staff
JOHN_DOE  John Doe  A
ANN_LEE   Ann Lee   B
TEACHER                    yes

2 students and 1 of staff are kept; students are offered names as they type
"""
_OFFERED = {
    "names": "students are offered names as they type",
    "codes": "students are shown their name when they type their code",
    "nothing": "students are offered nothing",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="else show the roster")
    parser.add_argument("--remove", action="store_true", help="keep no roster any more")
    parser.add_argument(
        "--offer",
        choices=tuple(_OFFERED),
        help="what students who are asked for a name are offered",
    )
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Keep, show or remove a roster, and say what is offered of it."""
    from ...answers.members import read_members, read_offer
    from ...answers.roster import Roster, RosterError, read_roster

    if args.remove and (args.file is not None or args.offer is not None):
        raise UsageError("--remove takes no FILE, and no --offer")
    if args.file is not None:
        try:
            roster = read_roster(Path(args.file))
        except RosterError as error:
            raise CommandError(f"{args.file} {error}") from error
    elif args.remove:
        roster = Roster(())
    else:
        with aggregates(args) as snapshot:
            roster = read_members(snapshot.connection)
        if args.offer is not None and not any(True for _ in roster):
            raise CommandError("no roster is kept: give FILE, too")
    is_changed = args.file is not None or args.remove or args.offer is not None
    if is_changed and not args.dry_run:
        _save(args, roster)
    offer = args.offer
    if not args.dry_run:
        with aggregates(args) as snapshot:
            offer = read_offer(snapshot.connection)
    _tell(roster, offer, report, "would be kept" if is_changed and args.dry_run else "are kept")


def _save(args: argparse.Namespace, roster: Roster) -> None:
    from ...answers.members import save_members, save_offer

    def write(connection: sqlite3.Connection) -> None:
        if args.file is not None or args.remove:
            save_members(connection, roster)
        if args.offer is not None:
            save_offer(connection, args.offer)

    change(args, write)


def _tell(roster: Roster, offer: str | None, report: Report, kept: str) -> None:
    members = [*roster]
    report.document["members"] = [member._asdict() for member in members]
    report.document["offer"] = offer
    if not members:
        report.line(f"no roster {'is kept' if kept == 'are kept' else 'would be kept'}")
        return
    report.table(
        ["id", "name", "group", "staff"],
        [
            [member.id, member.name, member.group, "yes" if member.is_staff else ""]
            for member in members
        ],
    )
    report.line()
    staff = sum(member.is_staff for member in members)
    students = len(members) - staff
    offered = f"; {_OFFERED[offer]}" if offer else ""
    report.line(
        f"{students} student{'' if students == 1 else 's'} and {staff} of staff {kept}{offered}"
    )
