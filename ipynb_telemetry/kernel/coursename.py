# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The name by which consents and their events know a course.

A course without a name is known by a fingerprint of the notebook's folder, with a random salt
that stays on this machine: a folder's name may be guessed, and from a fingerprint without salt
anybody could tell that the guess is right.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import uuid
from contextlib import suppress
from typing import Any

from .account import _keep_text, _read_kept
from .coursefile import _course_folders
from .shared import _MAX_LABEL, _state

_SALT = "salt"  # the file's name
_FINGERPRINT = re.compile("[0-9a-f]{16}")


def _course_name(course: dict[str, Any]) -> str:
    """The course's name or, where it has none, a fingerprint of the notebook's folder."""
    name = course.get("course")
    if isinstance(name, str) and 0 < len(name) <= _MAX_LABEL and name.isprintable():
        return name
    folder = os.path.realpath(_course_folders()[0])
    return _salted(_fingerprint("course", folder))


def _salted(fingerprint: str) -> str:
    """A fingerprint as it may leave; versions before this one knew courses by it without salt."""
    return _fingerprint("course", _salt(), fingerprint)


def _salted_before(course: str) -> str:
    """The name that a course of an older version's answer has now."""
    return _salted(course) if _FINGERPRINT.fullmatch(course) else course


def _salt() -> str:
    """The account's salt or, where none is kept, this process's."""
    state = _state()
    state.salt = state.salt or uuid.uuid4().hex
    with suppress(OSError, ValueError):
        state.salt = _read_kept(_SALT) or state.salt
    return state.salt


def _keep_salt() -> None:
    """Keep the salt with the first answer: before, nothing is written anywhere."""
    with suppress(OSError):
        _keep_text(_SALT, _salt())


def _fingerprint(*texts: str) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()[:16]
