"""`hub-config`: what an administrator adds to jupyterhub_config.py for a class collector."""

from __future__ import annotations

import argparse

from ...settings.hubcollector import AddressError, read_address
from ..collectoptions import LIMITS
from ..hubconfiguration import Course, CourseError, check_courses, write_hub_configuration
from ..report import Report, UsageError

HELP = """\
print what gives the courses of a JupyterHub their class collectors

Put what is printed at the end of jupyterhub_config.py, and restart the hub. Each course then has a
collector of its own, a service of the hub: the servers of its students send to the collector, and
its instructors open the class view from the hub's menu Services. Groups are named as nbgrader names
them, nbgrader-COURSE and formgrade-COURSE; the hub makes those that are missing. The hub needs
JupyterHub 4.1 or newer, and this package in its own environment and in that of the servers.
"""
EXAMPLES = """\
examples:
  jupyter telemetry hub-config --course cs1     (for the end of jupyterhub_config.py)
  jupyter telemetry hub-config --course cs1 --course cs2 --hub-url https://hub.school.example
  jupyter telemetry hub-config --course cs1 --students cs1-class --instructors cs1-staff
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry hub-config --course cs1
# Student telemetry (jupyter telemetry hub-config): put this at the end of
# jupyterhub_config.py, and restart the hub.
…
telemetry_courses = [
    ("cs1", "nbgrader-cs1", "formgrade-cs1", 10101),
]
…
"""
FIRST_PORT = 10101


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--course",
        dest="courses",
        metavar="COURSE",
        action="append",
        required=True,
        help="a course, as nbgrader's course_id; give --course again for another one",
    )
    parser.add_argument(
        "--students", metavar="GROUP", help="the hub's group of the students of the only course"
    )
    parser.add_argument(
        "--instructors", metavar="GROUP", help="the hub's group of its instructors, who may read"
    )
    parser.add_argument(
        "--hub-url",
        metavar="URL",
        default="http://127.0.0.1:8000",
        help="how the servers of users reach the hub's proxy, with the hub's base_url; "
        "default %(default)s, as JupyterHub listens where nothing is set",
    )
    parser.add_argument(
        "--folder",
        metavar="FOLDER",
        default="telemetry",
        help="where a file is kept for each course; default %(default)s, where the hub is started",
    )
    parser.add_argument(
        "--port",
        metavar="PORT",
        type=int,
        default=FIRST_PORT,
        help="of the first course's collector, on the hub's machine; default %(default)s",
    )
    parser.add_argument(
        "--retention-days",
        type=int,
        default=0,
        metavar="N",
        help="let the collectors delete events N days after they came; default: never",
    )


def run(args: argparse.Namespace, report: Report) -> None:
    """Print the configuration."""
    courses = [
        Course(name, f"nbgrader-{name}", f"formgrade-{name}", args.port + number)
        for number, name in enumerate(args.courses)
    ]
    if args.students or args.instructors:
        if len(courses) > 1:
            raise UsageError(
                "--students and --instructors name the groups of one course; for several, change"
                " them in what is printed"
            )
        (course,) = courses
        courses = [
            course._replace(
                students=args.students or course.students,
                instructors=args.instructors or course.instructors,
            )
        ]
    try:
        hub = read_address(args.hub_url)
    except AddressError as error:
        raise UsageError(f"--hub-url {error}") from error
    try:
        check_courses(courses)
    except CourseError as error:
        raise UsageError(str(error)) from error
    least, most = LIMITS["retention_days"]
    if not least <= args.retention_days <= most:
        raise UsageError(
            f"--retention-days is a number from {least} to {most}, not {args.retention_days}"
        )
    text = write_hub_configuration(courses, hub, args.folder, args.retention_days)
    report.document["configuration"] = text
    for line in text.splitlines():
        report.line(line)
