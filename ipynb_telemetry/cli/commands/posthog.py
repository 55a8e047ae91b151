"""`posthog`: the answers about a class as a dashboard in PostHog, and a student out of PostHog."""

from __future__ import annotations

import argparse
import os
import sys
from getpass import getpass
from typing import TYPE_CHECKING

from ..arguments import meant
from ..confirmation import confirm
from ..queryvalues import query_values
from ..report import CommandError, Report, UsageError, working
from .outline import read_outlines

if TYPE_CHECKING:
    from ...posthogapi.api import PostHogApi
    from ...posthogapi.provisioning import Finding

HELP = """\
make a dashboard of the class in PostHog, or delete a student there

provision makes the dashboard "Class" in a project, with the answers that the class view gives:
who needs you now, progress, where the class is, exercises, errors, time, opened solutions and
delivery. Run again, it renews what differs, and never touches what it did not make. status says
what differs; remove takes the dashboard back. forget STUDENT deletes a student with all events.

The personal key that PostHog wants for this (Settings, Personal API keys, with the scopes
dashboard:write, insight:write and insight_variable:write, for forget person:write) is asked for,
or taken from POSTHOG_PERSONAL_API_KEY. The key is kept nowhere.

PostHog does not know your notebooks and your students: --outline says what the exercises are, else
each test is one, and --roster who is in which group and who is staff. Both are written into the
dashboard's queries. Where students go by codes, --secret has the codes written there, and no ids.
"""
EXAMPLES = """\
examples:
  jupyter telemetry posthog provision --project 123 --host https://eu.posthog.com --dry-run
  jupyter telemetry posthog provision --project 123 --outline course/ --roster class.csv
  jupyter telemetry posthog status --project 123 --outline course/ --roster class.csv
  jupyter telemetry posthog remove --project 123
  jupyter telemetry posthog forget JOHN_DOE --project 123
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry posthog provision --project 123 --host https://eu.posthog.com
what       name                state    done
dashboard  Class               missing  made
variable   Telemetry notebook  missing  made
variable   Telemetry group     missing  made
tile       Who needs me now    missing  made
tile       Progress            missing  made
tile       Students            missing  made
tile       Where the class is  missing  made
tile       Attempts to pass    missing  made
tile       Exercises           missing  made
tile       Errors by cause     missing  made
tile       Active time         missing  made
tile       Opened solutions    missing  made
tile       Delivery            missing  made

the dashboard is at https://eu.posthog.com/project/123/dashboard/1
"""

_ACTIONS = ("provision", "status", "remove", "forget")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.usage = (
        "%(prog)s [-h] {provision,status,remove,forget} [STUDENT]\n"
        "         --project NUMBER [--host HOST]\n"
        "         [--outline PATH [PATH ...]] [--roster FILE [--secret FILE]] [--yes]\n"
        "         [--dry-run] [--json]"
    )
    parser.add_argument("action", metavar="ACTION", help=", ".join(_ACTIONS))
    parser.add_argument("student", metavar="STUDENT", nargs="?", help="whom to forget, by the id")
    parser.add_argument(
        "--project",
        metavar="NUMBER",
        type=int,
        required=True,
        help="number of the project, as the address of each of its pages has it",
    )
    parser.add_argument(
        "--host",
        default="https://us.posthog.com",
        help="address of PostHog; else https://us.posthog.com",
    )
    parser.add_argument(
        "--outline",
        metavar="PATH",
        nargs="+",
        default=[],
        help="notebooks, folders of notebooks, or what outline --json has printed",
    )
    parser.add_argument("--roster", metavar="FILE", help="CSV as roster takes it")
    parser.add_argument(
        "--secret", metavar="FILE", help="of codes, where events have these and no ids"
    )
    parser.add_argument("--yes", action="store_true", help="forget without asking")


def run(args: argparse.Namespace, report: Report) -> None:
    """Do what is asked in a project."""
    from ...posthogapi.api import PostHogApi, api_host
    from ...posthogapi.errors import PostHogError

    _check(args)
    try:
        host = api_host(args.host)
        values = _values(args, report) if args.action in ("provision", "status") else {}
        api = PostHogApi(host, args.project, _personal_key())
        try:
            if args.action == "forget":
                _forget(api, args, report)
            else:
                with working("asking PostHog"):
                    _dashboard(api, args, values, report)
        finally:
            api.close()
    except PostHogError as error:
        raise CommandError(str(error)) from None


def _check(args: argparse.Namespace) -> None:
    if args.action not in _ACTIONS:
        raise UsageError(f"there is no action {args.action!r}{meant(args.action, _ACTIONS)}")
    if args.project < 1:
        raise UsageError("--project is the number of a project, as in its address")
    if (args.action == "forget") != (args.student is not None):
        raise UsageError(
            "forget needs the id of a STUDENT"
            if args.student is None
            else f"{args.action} takes no STUDENT"
        )
    if (args.outline or args.roster) and args.action not in ("provision", "status"):
        raise UsageError("--outline and --roster are for provision and status")
    if args.secret and not args.roster:
        raise UsageError("--secret goes with --roster")


def _personal_key() -> str:
    from ...posthogapi.personalkey import VARIABLE, read_personal_key

    text = os.environ.get(VARIABLE)
    if text is None:
        if not sys.stdin.isatty():
            raise CommandError(f"there is no terminal to ask for the personal key: set {VARIABLE}")
        try:
            text = getpass("Personal API key of PostHog (not shown): ")
        except EOFError:
            text = ""
    return read_personal_key(text)


def _values(args: argparse.Namespace, report: Report) -> dict[str, str]:
    printed = [path for path in args.outline if path.endswith(".json")]
    notebooks = [path for path in args.outline if path not in printed]
    outlines = read_outlines(notebooks, report) if notebooks else ()
    exercises = {each.notebook: each.exercises for each in outlines if each.exercises}
    return query_values(printed, exercises, args.roster, args.secret)


def _dashboard(
    api: PostHogApi, args: argparse.Namespace, values: dict[str, str], report: Report
) -> None:
    from ...posthogapi.errors import PostHogError
    from ...posthogapi.project import look
    from ...posthogapi.provisioning import differences, provision, remove
    from ...posthogapi.tiles import read_board
    from ...posthogapi.wanted import GOOD

    board = read_board()
    findings: list[Finding] = []
    trouble = ""
    is_dry = args.dry_run or args.action == "status"
    try:
        if args.action == "remove":
            findings += remove(api, board, args.dry_run)
        elif is_dry:
            findings += differences(board, values, look(api, board))
        else:
            for finding in provision(api, board, values):
                findings.append(finding)
    except PostHogError as error:
        trouble = str(error)
    done = "would be done" if args.dry_run or args.action == "status" else "done"
    report.document["findings"] = [finding._asdict() for finding in findings]
    if findings:
        report.table(
            ["what", "name", "state", done],
            [[each.kind, each.name, each.state, each.deed] for each in findings],
        )
    if trouble:
        raise CommandError(trouble)
    if args.action == "remove":
        if not findings:
            report.line("there is nothing that this command has made")
        return
    if args.action == "status":
        drifted = sum(each.state != GOOD for each in findings)
        if drifted:
            report.problem(
                f"{drifted} of {len(findings)} differ: jupyter telemetry posthog provision with the"
                " same --outline and --roster renews them"
            )
    project = look(api, board)
    if project.number is not None:
        where = f"{api.host}/project/{api.project}/dashboard/{project.number}"
        report.document["dashboard"] = where
        report.line()
        report.line(f"the dashboard is at {where}")


def _forget(api: PostHogApi, args: argparse.Namespace, report: Report) -> None:
    from ...posthogapi.forgetting import forget, people_of

    people = people_of(api, args.student)
    if not people:
        raise CommandError(f"PostHog knows nobody with the id {args.student} in this project")
    (person,) = people[:1]
    others = [each for each in person.ids if each != args.student]
    report.document.update(student=args.student, ids=list(person.ids), forgotten=False)
    if others:
        report.note(
            f"PostHog takes {', '.join(others[:5])} for the same person, who is deleted as a whole"
        )
    if args.dry_run:
        report.line(f"{args.student} would be deleted with all events")
        return
    if not args.yes:
        _ask(args.student, others)
    forget(api, args.student)
    report.document["forgotten"] = True
    report.line(f"{args.student} is deleted; the events go when PostHog has time, within days")
    report.note(
        f"the id {args.student} must not be used again: PostHog does not support that. If the"
        " student goes on, it is under another name"
    )
    report.note("what a collector or the student's browser has stored is not touched")


def _ask(student: str, others: list[str]) -> None:
    more = f", who is also {', '.join(others[:5])}," if others else ""
    confirm(
        f"This deletes {student}{more} with all events in PostHog, for ever, and the id must not"
        " be used again.",
        student,
    )
