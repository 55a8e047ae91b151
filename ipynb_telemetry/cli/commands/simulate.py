"""`simulate`: a class to rehearse with, played through the routes that real pages use."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ...notebooks.errors import NotebookError
from ...notebooks.notebookfile import NotebookFile
from ..arguments import add_project_key
from ..collectorfile import add_database_argument
from ..report import CommandError, Report, UsageError, progress, working
from ..simulatedstudents import remove

if TYPE_CHECKING:
    from ...settings.destination import Destination
    from ...simulation.lesson import Lesson
    from ...simulation.people import Student
    from ...simulation.servers import Server

HELP = """\
play a class to rehearse with

Students who never were work through the notebook: fast and slow ones, one who is lost, one who
opens solutions before trying, one whose network goes away, two with one name. Their errors are
real: the notebook's code and wrong variants of its solutions are run on this computer, in a process
of their own, without network. Events go to your running Jupyter server as those of real pages do,
or with --host and --project-key to a PostHog project, and each is marked as simulated: no count of
real students has them. The same seed gives the same class.

A lesson of 50 minutes is played in 2.5 at the usual speed of 20, and ends now: events are dated
back. With --remove the simulated students go again, those of the notebook or all of them, out of
the file of the embedded collector.
"""
EXAMPLES = """\
examples:
  jupyter telemetry simulate course/D1_Python_Tooling.ipynb
  jupyter telemetry simulate D1.ipynb --students 12 --minutes 30 --speed 5
  jupyter telemetry simulate D1.ipynb --at-once --roster rehearsal.csv
  jupyter telemetry simulate D1.ipynb --host http://localhost:8889/
  jupyter telemetry simulate --remove
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry simulate course/D1_Python_Tooling.ipynb --students 12 --at-once
student         who
MARY_ANN-LEE~7  has the name of somebody else
BELA_OLSEN~7    opens each solution before trying
DANA_OKAFOR~7   loses the network: events come late, and some were given up
OMAR_YILMAZ~7   never starts
ADA_PETROV~7    has the same error again and again, to the end
MARY-ANN_LEE~7  has the name of somebody else
PAULA_ADLER~7   goes away and does not come back
NOOR_YILMAZ~7   fails a test ten times and more, by ever other errors

12 students worked 50 minutes at 7 exercises of D1_Python_Tooling; 566 events went to http://localhost:8888/
"""
_MAX_STUDENTS = 1000
_LIMITS = {
    "students": (1, _MAX_STUDENTS),
    "minutes": (5, 480),
    "speed": (0.1, 1000),
    "seed": (0, 2**31 - 1),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "notebook",
        nargs="?",
        metavar="NOTEBOOK",
        help="a notebook; with --remove its id will do, and none means all",
    )
    parser.add_argument(
        "--students", type=int, default=30, metavar="N", help="how many; default: 30"
    )
    parser.add_argument(
        "--minutes", type=float, default=50, metavar="N", help="of the lesson; default: 50"
    )
    parser.add_argument(
        "--speed", type=float, default=20, metavar="N", help="times as fast; default: 20"
    )
    parser.add_argument(
        "--at-once", action="store_true", help="all at once, as fast as the events are taken"
    )
    parser.add_argument(
        "--seed", type=int, default=7, metavar="N", help="another number, another class; default: 7"
    )
    parser.add_argument(
        "--host",
        metavar="URL",
        help="of the Jupyter server, else your running one; with --project-key, of PostHog",
    )
    add_project_key(parser, "of the PostHog project that the events go to, phc_…")
    parser.add_argument(
        "--join", metavar="LINE", help="to a class collector: the line that its students enter"
    )
    parser.add_argument(
        "--roster", metavar="FILE", help="write the class as a roster, who never starts too"
    )
    parser.add_argument(
        "--remove", action="store_true", help="remove simulated students from the collector's file"
    )
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Play a class, or remove the simulated students."""
    if args.remove:
        if args.host or args.project_key or args.join:
            raise UsageError(
                "--remove is for the embedded collector's file: in PostHog delete the events whose"
                " property simulated is true"
            )
        remove(args, report)
    else:
        _play(args, report)


def _play(args: argparse.Namespace, report: Report) -> None:
    from ...simulation.classroom import Plan, class_events
    from ...simulation.lesson import LessonError
    from ...simulation.people import people
    from ...simulation.player import AT_ONCE, begins_ms, play
    from ...simulation.sender import Sender, SendError, check_server, place_of
    from ...simulation.servers import Server
    from ...simulation.trials import try_out

    _check(args)
    lesson = _read_lesson(Path(args.notebook))
    target = _target(args)
    students = people(args.students, args.seed)
    place = place_of(target)
    speed = AT_ONCE if args.at_once else args.speed
    report.document.update(
        notebook=lesson.notebook,
        exercises=len(lesson.tasks),
        students=[
            {"id": each.id, "name": each.name, "group": each.group, "part": each.part.name.lower()}
            for each in students
        ],
        minutes=args.minutes,
        seed=args.seed,
        host=place.name,
        dry_run=args.dry_run,
    )
    if args.dry_run:
        report.line(f"{_words(lesson, args, 'would work')}; events would go to {place.name}")
        return
    try:
        if isinstance(target, Server):
            check_server(target)
        with working("running the notebook's code"):
            trials = try_out(lesson, args.seed)
        if args.roster:
            _write_roster(Path(args.roster), students)
        now_ms = round(time.time() * 1000)
        plan = Plan(args.students, args.minutes, args.seed, begins_ms(args.minutes, speed, now_ms))
        events = class_events(lesson, trials, plan)
        sender = Sender(place)
        for _ in progress(play(events, speed, sender.send), len(events), "events"):
            pass
    except (LessonError, SendError) as error:
        raise CommandError(_of_notebook(args, error)) from error
    report.document["events"] = len(events)
    _tell(report, students)
    report.line(f"{_words(lesson, args, 'worked')}; {len(events)} events went to {place.name}")
    for title in trials.made_up:
        report.note(f"{title}: no code of the notebook passes its tests; who passes it is made up")
    for warning in dict.fromkeys(sender.warnings):
        report.problem(f"the collector said: {warning}")


def _check(args: argparse.Namespace) -> None:
    if args.notebook is None:
        raise UsageError("which notebook? Name its file")
    if args.database:
        raise UsageError("--database is for --remove: events go to a server, not into a file")
    for name, (least, most) in _LIMITS.items():
        value = getattr(args, name)
        if not least <= value <= most:  # nor is it NaN
            raise UsageError(f"--{name} is a number from {least} to {most}, not {value:g}")


def _read_lesson(path: Path) -> Lesson:
    from ...simulation.lesson import LessonError, read_lesson

    if path.suffix != ".ipynb":
        raise UsageError(f"{path} is no .ipynb file: only of such a notebook a class is played")
    try:
        return read_lesson(NotebookFile(path))
    except (NotebookError, LessonError) as error:
        raise CommandError(f"{path} {error}") from error


def _target(args: argparse.Namespace) -> Server | Destination:
    from ...settings.destination import Destination, DestinationError, read_host, read_key
    from ...settings.joinstring import JoinStringError, read_join_string
    from ...simulation.servers import ServerError, choose_server, named_server, running_servers

    try:
        if args.join is not None:
            if args.host is not None or args.project_key is not None:
                raise UsageError("--join says where: neither --host nor --project-key goes with it")
            return read_join_string(args.join).destination
        if args.project_key is not None:
            if args.host is None:
                raise UsageError("--project-key needs --host, the address of PostHog")
            return Destination(read_host(args.host), read_key(args.project_key))
        if args.host is not None:
            return named_server(args.host, running_servers())
        return choose_server(running_servers(), Path(args.notebook))
    except (DestinationError, JoinStringError, ServerError) as error:
        raise CommandError(str(error)) from error


def _of_notebook(args: argparse.Namespace, error: Exception) -> str:
    from ...simulation.lesson import LessonError

    return f"{args.notebook} {error}" if isinstance(error, LessonError) else str(error)


def _write_roster(path: Path, students: list[Student]) -> None:
    from ...simulation.people import roster_csv

    try:
        path.write_text(roster_csv(students), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror or error}") from error


def _tell(report: Report, students: list[Student]) -> None:
    """Say whom to look for."""
    from ...simulation.people import Part

    parts = [each for each in students if each.part is not Part.ORDINARY]
    if parts:
        report.table(["student", "who"], [[each.id, each.part.value] for each in parts])
        report.line()


def _words(lesson: Lesson, args: argparse.Namespace, verb: str) -> str:
    return (
        f"{_many(args.students, 'student')} {verb} {args.minutes:g} minutes at"
        f" {_many(len(lesson.tasks), 'exercise')} of {lesson.notebook}"
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
