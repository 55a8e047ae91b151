"""The part of a jupyterhub_config.py that gives each course of a hub its class collector."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..settings.hubcollector import VARIABLE

# As a name of a service, of a role and of a scope may be, once it is in small letters.
_COURSE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?")


class CourseError(ValueError):
    """A course that no hub can have as it is, and why, in a sentence."""


class Course(NamedTuple):
    """A course of a hub.

    Attributes:
        name: such as `cs1`.
        students, instructors: the hub's groups of those who send, and of those who also read.
        port: on which the course's collector listens, on the hub's machine.
    """

    name: str
    students: str
    instructors: str
    port: int


def check_courses(courses: Sequence[Course]) -> None:
    """Look whether a hub can have these courses beside one another.

    Raises:
        CourseError: the hub cannot; the course is named.
    """
    seen: dict[str, str] = {}
    for course in courses:
        if not _COURSE.fullmatch(course.name):
            raise CourseError(
                f"{course.name!r} is no name for a course: take English letters, digits, - and _,"
                " as nbgrader's course_id"
            )
        if course.name.lower() in seen:
            raise CourseError(f"{seen[course.name.lower()]} and {course.name} would be one service")
        seen[course.name.lower()] = course.name
        groups = (course.students, course.instructors)
        if not all(group.strip() and group.isprintable() for group in groups):
            raise CourseError(f"a group of {course.name} has no name")
        if course.students == course.instructors:
            raise CourseError(
                f"the students of {course.name} would read the class: give two groups"
            )
        if not 0 < course.port < 65536:
            raise CourseError(f"{course.port} is no port")


def write_hub_configuration(
    courses: Sequence[Course], hub: str, folder: str, retention_days: int = 0
) -> str:
    """Write Python for the end of a jupyterhub_config.py.

    Args:
        courses: checked, at least one.
        hub: how the servers of users reach the hub, without a final slash.
        folder: the folder of the collectors' files, one a course.
        retention_days: how long each collector keeps events; 0: until somebody deletes them.
    """
    rows = "".join(
        f"    ({_text(course.name)}, {_text(course.students)}, {_text(course.instructors)},"
        f" {course.port}),\n"
        for course in courses
    )
    return (
        _CODE.replace("HUB_URL", _text(hub))
        .replace("FOLDER", _text(folder))
        .replace("COURSES", rows)
        .replace("RETENTION_DAYS", str(retention_days))
        .replace("VARIABLE", VARIABLE)
    )


def _text(text: str) -> str:
    """Write a text as Python does, in double quotes where that is as short."""
    written = ascii(text)
    return f'"{text}"' if written == f"'{text}'" and '"' not in text else written


# Several courses never share a scope: who teaches one may be a student in another.
_CODE = '''\
# Student telemetry (jupyter telemetry hub-config): put this at the end of
# jupyterhub_config.py, and restart the hub.
# Events are kept by account. Where students are to go by codes (the setting
# identity is pseudonym), take a class collector that is no service of the hub.
import os
import sys

# How the servers of users reach this hub: the address of its proxy.
telemetry_hub = HUB_URL
# Keeps a file for each course. Only the hub's own user needs access.
telemetry_folder = FOLDER
# Delete events so many days after they came; 0: never.
telemetry_retention_days = RETENTION_DAYS
# Course, group of its students, group of its instructors, a free port.
telemetry_courses = [
COURSES]


def telemetry_collector(spawner):
    """Give the collector of a user's course; empty: there is none."""
    groups = {group.name for group in spawner.user.groups}
    taken = [each[0] for each in telemetry_courses if each[1] in groups]
    taught = [each[0] for each in telemetry_courses if each[2] in groups]
    courses = taken or taught
    if spawner.name in taken + taught:
        courses = [spawner.name]  # a named server, called as the course
    if len(courses) > 1:
        spawner.log.warning(
            "%s is in %s: telemetry stays on the server, unless a named"
            " server is called as the course",
            spawner.user.name,
            " and ".join(courses),
        )
    if len(courses) != 1:
        return ""
    return f"{telemetry_hub}/services/telemetry-{courses[0].lower()}"


if not isinstance(c.Spawner.server_token_scopes, list):
    if callable(c.Spawner.server_token_scopes):
        raise TypeError("let it give custom:telemetry-COURSE:write too")
    # What the token of a server may do anyway.
    c.Spawner.server_token_scopes = [
        "users:activity!user",
        "access:servers!server",
    ]
for course, students, instructors, port in telemetry_courses:
    service = f"telemetry-{course.lower()}"
    write, read = f"custom:{service}:write", f"custom:{service}:read"
    access = f"access:services!service={service}"
    file = os.path.join(telemetry_folder, f"{course.lower()}.sqlite3")
    c.JupyterHub.custom_scopes.update(
        {
            write: {"description": f"Send telemetry of own work in {course}"},
            read: {"description": f"See how the class of {course} gets on"},
        }
    )
    c.JupyterHub.services.append(
        {
            "name": service,
            "url": f"http://127.0.0.1:{port}",
            "command": [sys.executable, "-m", "ipynb_telemetry", "collect"]
            + ["--class", course, "--database", file]
            + ["--retention-days", str(telemetry_retention_days)],
            # For the browsers of those who hold it: the instructors.
            "oauth_client_allowed_scopes": [read],
            "oauth_no_confirm": True,
        }
    )
    c.JupyterHub.load_roles.extend(
        [
            {
                "name": f"{service}-students",
                "groups": [students],
                "scopes": [write],
            },
            {
                "name": f"{service}-instructors",
                "groups": [instructors],
                "scopes": [write, read, access],
            },
        ]
    )
    # Servers may send, and never read: each kernel has its server's token.
    c.Spawner.server_token_scopes.append(write)
c.Spawner.environment.update(
    {"VARIABLE": telemetry_collector}
)
'''
