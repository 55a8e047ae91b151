# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The course file `ipynb-telemetry.toml`: where it counts, and what it says."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import Any

from .errors import _message
from .imports import _module
from .rules import _CLOSED, _follow_rules, _read_rules
from .shared import _MAX_LABEL, _shell, _state
from .toml import _read_toml

_COURSE_FILE = "ipynb-telemetry.toml"
_COURSE_TABLES = ("events", "notice")
# Names of the file, and those that pages have for the same settings.
_COURSE_SETTINGS = {
    "capture_code": "captureCode",
    "capture_output": "captureOutput",
    "max_characters": "maxCharacters",
    "events": "events",
    "secret_patterns": "secretPatterns",
    "keep_secrets": "keepSecrets",
    "consent": "consent",
    "names": "names",
    "identity": "identity",
}
_COURSE_OTHERS = {
    "host",
    "api_key",
    "privacy_notice",
    "notice",
    "course",
    "test_sources_off",
    "certificate",
}


def _read_course() -> tuple[dict[str, Any], str]:
    """Read the course file, and have its rules in force; in words what is wrong with it."""
    state = _state()
    course: dict[str, Any] = {}
    problem = ""
    try:
        path, problem = _find_course()
        if path:
            with open(path, encoding="utf-8-sig") as file:
                course = _read_toml(file.read(), _COURSE_TABLES)
            misspelt = _misspelt(course)
            state.course_rules = _course_rules(course, path, misspelt)
            if misspelt:
                problem += f"{_COURSE_FILE} has no setting {', '.join(misspelt)[:_MAX_LABEL]}. "
        else:
            state.course_rules = None
    except Exception as error:  # noqa: BLE001 - whatever the file holds
        # Nobody can tell what may be recorded.
        state.course_rules = _CLOSED
        problem = f"{_COURSE_FILE} cannot be read: {_message(error)[:_MAX_LABEL]}."
    _follow_rules()
    return course, problem.strip()


def _find_course() -> tuple[str, str]:
    """The file beside the notebook or the nearest above it, and in words which was passed over.

    "" where there is none.
    """
    problem = ""
    for folder in _course_folders():
        for above in _with_those_above(os.path.abspath(folder)):
            path = os.path.join(above, _COURSE_FILE)
            if os.path.isfile(path):
                if _is_trusted(path):
                    return path, ""
                problem = f"{path} does not count, since others may write it or own it. "
    return "", problem


def _course_folders() -> list[str]:
    """Folders that the notebook may be in, the likeliest first."""
    names = _shell().user_ns
    paths = (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    folders = [os.path.dirname(path) for path in paths if path and os.path.isabs(path)]
    return [*folders, *(names.get("_dh") or [])[:1], os.getcwd()]


def _with_those_above(folder: str) -> list[str]:
    """A folder and all that it is in, the nearest first, up to the home or the server's root."""
    tops = [os.path.expanduser("~"), os.environ.get("JUPYTER_SERVER_ROOT") or "~"]
    beyond = {above for top in tops if os.path.isabs(top) for above in _all_above(top)}
    return [each for each in (folder, *_all_above(folder)) if each == folder or each not in beyond]


def _all_above(folder: str) -> list[str]:
    above = os.path.dirname(os.path.abspath(folder))
    return [] if above == folder else [above, *_all_above(above)]


def _is_trusted(path: str) -> bool:
    """Whether file and folder are of this account or of root, and nobody else may write there."""
    if not hasattr(os, "getuid"):  # Windows, where modes say nothing
        return True
    real = os.path.realpath(path)
    places = {real, os.path.dirname(real), os.path.dirname(path)}
    return all(_is_ours(os.stat(place)) for place in places)


def _is_ours(found: os.stat_result) -> bool:
    others = stat.S_IWOTH | (0 if _is_alone_in(found.st_gid) else stat.S_IWGRP)
    return found.st_uid in (0, os.getuid()) and not found.st_mode & others


def _is_alone_in(group: int) -> bool:
    """Whether a group is this account's own: many systems give each account one of its name."""
    with suppress(Exception):
        account = _module("pwd").getpwuid(os.getuid())
        found = _module("grp").getgrgid(group)
        is_own = group == account.pw_gid and found.gr_name == account.pw_name
        return is_own and not {*found.gr_mem} - {account.pw_name}
    return False


def _misspelt(course: dict[str, Any]) -> list[str]:
    return [name for name in course if name not in _COURSE_SETTINGS and name not in _COURSE_OTHERS]


def _course_rules(course: dict[str, Any], path: str, misspelt: list[str]) -> dict[str, Any]:
    told = {_COURSE_SETTINGS[name]: course[name] for name in course if name in _COURSE_SETTINGS}
    # A setting that may have been meant is as private as can be.
    for name in _closed_by(misspelt):
        told[_COURSE_SETTINGS[name]] = None
    if told.get("keepSecrets") is True and not _is_administrators(path):
        del told["keepSecrets"]  # says nothing against an administrator's settings in the page
    return _read_rules(told)


def _is_administrators(path: str) -> bool:
    """Whether an administrator has written a file, who alone may let secrets stay.

    A kernel that runs as root, as in many containers and in Colab, cannot tell; nor can Windows.
    """
    if not hasattr(os, "getuid") or os.getuid() == 0:
        return False
    return os.stat(os.path.realpath(path)).st_uid == 0


def _closed_by(misspelt: list[str]) -> set[str]:
    """The settings that misspelt names may stand for; capitals and _ make no difference."""
    plain = {name.replace("_", ""): name for name in _COURSE_SETTINGS}
    closed: set[str] = set()
    for name in misspelt:
        written = name.replace("_", "").replace("-", "").lower()
        closed |= {plain[each] for each in _module("difflib").get_close_matches(written, plain)}
    return closed
