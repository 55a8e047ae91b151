# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The way out for events."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from .eventid import _uuid7
from .leftbehind import _keep_for_left
from .pages import _open_comms, _say
from .request import _caller, _iso
from .rules import _is_permitted, _permitted, _rules
from .secrets import _without_known
from .shared import _state
from .unheard import _tell_page


def _send(event: str, properties: dict[str, Any], **envelope: Any) -> None:
    """Tell of an event: the page that asked for the run, or else the reporter.

    No event leaves a kernel by another way. Where nobody asked for a run, as in a thread of an
    older kernel, the page that came last is told.
    """
    forks = _state().forks
    if forks is not None and forks.pid != os.getpid():
        forks.tell([event, properties, envelope])
        return
    # A page is told of what the environment here holds, but only once the run is over.
    told = {"event": event, "properties": _without_known(properties), **envelope}
    caller = _caller()
    pages = [page for page in _open_comms() if page["tracked"]]
    is_heard = False
    for page in pages:
        if not page.get("acknowledges"):  # of an older version: it knows by itself who asked
            with suppress(Exception):
                _say(page["comm"], told)
                is_heard = is_heard or caller in (None, page["session"])
    asked = [
        page for page in pages if page.get("acknowledges") and caller in (None, page["session"])
    ]
    reporter = _state().reporter
    if is_heard:
        return
    if asked:
        with _state().guard:  # numbers of several threads' events are in the order of the uuids
            _tell_page(asked[-1], {"uuid": _uuid7(), **told})
    elif reporter and reporter.pid == os.getpid():
        reporter.capture(event, properties)
    elif _is_permitted(event, _rules()):
        permitted = _permitted(event, told["properties"], _rules())
        _keep_for_left(caller, {"uuid": _uuid7(), **told, "properties": permitted})


def _hear_child(told: list[Any] | None, lost: int) -> None:
    """Send an event of a forked child on, and say how many before it were lost."""
    if lost > 0:
        dropped = {"count": lost, "reason": "rate"}
        kept = {"buffered": True, "uuid": _uuid7(), "timestamp": _iso()}
        _send("events_dropped", dropped, **kept)
    if told is not None:
        event, properties, envelope = told
        _send(event, properties, **envelope)
