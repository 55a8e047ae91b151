# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The Comms that front ends open."""

from __future__ import annotations

import functools
import os
from contextlib import suppress
from typing import Any

from .handshake import _Handshake
from .notebookid import _refuse_id
from .pages import _open_comms, _publish, _student_names
from .request import _caller, _is_counted
from .shared import _IN_BROWSER, _MAX_LABEL, _TARGET, _VERSION, _shell, _state
from .tracking import _switch_off, _track

_MAX_COMMS = 16  # a page that goes away does not always close its Comm


def _on_open(comm: Any, message: dict[str, Any]) -> None:
    """A front end opened a Comm: listen to it, and answer."""
    comms = _state().comms
    while len(comms) >= _MAX_COMMS:
        with suppress(Exception):
            comms.pop(next(iter(comms)))["comm"].close()
    page = {"comm": comm, "pid": os.getpid(), "session": message["header"]["session"]}
    comms[comm.comm_id] = {**page, "tracked": False}
    _listen(comm)
    _on_message(comm.comm_id, message)
    with suppress(Exception):
        comm.send({"ready": True, "version": _VERSION})


def _listen(comm: Any) -> None:
    comm.on_msg(functools.partial(_on_message, comm.comm_id))
    comm.on_close(functools.partial(_on_gone, comm.comm_id))


def _on_gone(comm_id: str, message: dict[str, Any]) -> None:
    """A page is left or let the notebook go: in a kernel that was called, look for the next."""
    with suppress(Exception):
        state = _state()
        page = state.comms[comm_id]
        page.update(tracked=False, left=True)
        if message["header"]["msg_type"] == "comm_close":
            state.comms.pop(comm_id)
        if state.reporter and not state.reporter.student:  # not by its class: copies differ
            state.reporter.forget(page["session"])
        if state.destination and state.student and not state.looks:
            state.looks = True
            _shell().events.register("pre_run_cell", _look_for_page)


def _look_for_page(*_: Any) -> None:
    """Ask who runs a cell after a page has gone, each once; where nobody is, report it ourselves.

    Other programs' runs while a page is there are nobody's.
    """
    with suppress(Exception):
        state, page, pages = _state(), _caller(), _open_comms()
        is_known = page in state.asked or page in {entry["session"] for entry in pages}
        is_on = state.destination and state.student and _is_counted()
        if state.reporter or is_known or not is_on:
            return
        state.asked.add(page)
        answer = _Handshake(state.notebook).answer()
        if answer is None:
            state.failed.add(page)
        if answer is None and not pages and not _IN_BROWSER:
            student = state.student["id"]
            line = _track(state.notebook, *state.destination, True, student, installs=False)
            print(f"ipynb-telemetry: the page has gone, {line}")


def _on_message(comm_id: str, message: dict[str, Any]) -> None:
    """The front end tells notebook and student; what is malformed is ignored as a whole."""
    with suppress(Exception):
        told, state = message["content"]["data"], _state()
        if told.get("left") is True:
            _on_gone(comm_id, message)
            return
        if told.get("off") is True:  # the notebook's flag is gone: so is the call that it confirmed
            _switch_off()
            return
        notebook, student = told["notebook"], told["student"]
        if student is not None:
            student = {"id": student["id"], "name": student["name"]}
        if _refuse_id(notebook):
            return
        for text in (student or {}).values():
            if not (isinstance(text, str) and 0 < len(text) <= _MAX_LABEL and text.isprintable()):
                return
        page = state.comms[comm_id]
        page.update(tracked=student is not None, left=False, since=message["header"]["date"])
        if student is None and state.reporter and state.reporter.student:
            return  # the kernel goes on reporting
        state.notebook, state.student = notebook, student
        _publish(_student_names())
        if student is not None and state.reporter:
            state.reporter.hand_over(page)


def _register() -> None:
    """Hear of every Comm that a front end opens, and listen to those that are open."""
    with suppress(Exception):
        import comm

        comm.get_comm_manager().register_target(_TARGET, _on_open)
    with suppress(Exception):  # where ipykernel is older than comm, comm's own is not connected
        _shell().kernel.comm_manager.register_target(_TARGET, _on_open)
    with suppress(Exception):
        for entry in _open_comms():
            _listen(entry["comm"])
