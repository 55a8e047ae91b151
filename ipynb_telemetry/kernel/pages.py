# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Pages whose Comms are open."""

from __future__ import annotations

import builtins
import importlib
import json
import os
from collections.abc import Mapping
from typing import Any

from .shared import _IN_BROWSER, _shell, _state


def _open_comms() -> list[dict[str, Any]]:
    """The state's entries for pages that are shown."""
    # A forked child inherits the Comms, but must not write to its parent's sockets.
    comms = tuple(_state().comms.values())
    return [entry for entry in comms if entry["pid"] == os.getpid() and not entry.get("left")]


def _say(comm: Any, told: Any) -> None:
    """Send JSON on a Comm."""
    if _IN_BROWSER:  # where None would be left out on its way
        told = importlib.import_module("js").JSON.parse(json.dumps(told))
    comm.send(told)


def _student_names() -> dict[str, str | None]:
    """STUDENT_NAME and STUDENT_ID of the user's namespace; None until a front end has told."""
    student = _state().student or {}
    return {"STUDENT_NAME": student.get("name"), "STUDENT_ID": student.get("id")}


def _publish(names: Mapping[str, Any]) -> None:
    """Put names into the user's namespace, where there is one; what a student put there stays.

    A name that the lesson loses, as by `%reset` or `del`, is found among Python's builtins: so the
    next cell has the name, without a hook that runs with each cell.
    """
    shell = _shell()
    if shell:
        given = _state().given
        own = shell.user_ns
        free = [n for n in names if n not in own or n not in given or own[n] is given[n]]
        # Not interactive: hidden from %who.
        shell.push({name: names[name] for name in free}, interactive=False)
        given.update(names)
        vars(builtins).update(names)


def _withdraw() -> None:
    """Take our names out of Python's builtins; the lesson keeps those that it has."""
    found = vars(builtins)
    for name, value in _state().given.items():
        if name in found and found[name] is value:
            del found[name]
