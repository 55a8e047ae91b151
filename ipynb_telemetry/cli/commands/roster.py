"""`roster`: who is expected in the class, in which group, and who is staff."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..collectorfile import add_database_argument, aggregates, change
from ..report import CommandError, Report, UsageError

HELP = """\
say who is expected in the class, and who is staff

FILE is CSV with a line of names: id (as events name a student, such as JOHN_DOE), and, if wanted,
name, group and staff (yes or no). The roster is kept in the embedded collector's file, in place of
the one before. Students without any event are then in every answer, staff are in none. Without a
file, shows the roster that is kept.
"""
EXAMPLES = """\
examples:
  jupyter telemetry roster class.csv
  jupyter telemetry roster
  jupyter telemetry roster --remove
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry roster class.csv
id        name      group  staff
JOHN_DOE  John Doe  A
ANN_LEE   Ann Lee   B
TEACHER                    yes

2 students and 1 of staff are kept
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="else show the roster")
    parser.add_argument("--remove", action="store_true", help="keep no roster any more")
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Keep, show or remove a roster."""
    from ...answers.members import read_members, save_members
    from ...answers.roster import Roster, RosterError, read_roster

    if args.file is not None and args.remove:
        raise UsageError("--remove takes no FILE")
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
    is_changed = args.file is not None or args.remove
    if is_changed and not args.dry_run:
        change(args, lambda connection: save_members(connection, roster))
    members = [*roster]
    report.document["members"] = [member._asdict() for member in members]
    if members:
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
    count = f"{students} student{'' if students == 1 else 's'} and {staff} of staff"
    if not members:
        report.line("no roster is kept" if not args.dry_run else "no roster would be kept")
    elif is_changed and args.dry_run:
        report.line(f"{count} would be kept")
    else:
        report.line(f"{count} are kept")
