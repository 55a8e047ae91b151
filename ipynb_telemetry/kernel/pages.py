# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Pages whose Comms are open, and the way out for events."""

from __future__ import annotations

import importlib
import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .request import _caller
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


def _send(event: str, properties: dict[str, Any], **envelope: str) -> None:
    """Tell of an event: every page that has named a student, or else the reporter.

    No event leaves a kernel by another way.
    """
    is_heard = False
    caller = _caller()
    for entry in _open_comms():
        with suppress(Exception):
            if entry["tracked"]:
                _say(entry["comm"], {"event": event, "properties": properties, **envelope})
                # A page takes only events of the runs that it asked for.
                is_heard = is_heard or caller in (None, entry["session"])
    reporter = _state().reporter
    if reporter and not is_heard and reporter.pid == os.getpid():
        reporter.capture(event, properties)


def _student_names() -> dict[str, str | None]:
    """STUDENT_NAME and STUDENT_ID of the user's namespace; None until a front end has told."""
    student = _state().student or {}
    return {"STUDENT_NAME": student.get("name"), "STUDENT_ID": student.get("id")}


def _publish(names: Mapping[str, Any]) -> None:
    """Put names into the user's namespace, where there is one."""
    shell = _shell()
    if shell:
        shell.push(dict(names), interactive=False)  # not interactive: hidden from %who
