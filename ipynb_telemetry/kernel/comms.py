# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Comms that front ends open."""

from __future__ import annotations

import functools
import os
import time
from contextlib import suppress
from typing import Any

from .direct import _direct
from .handover import _handover
from .handshake import _Handshake
from .imports import _module
from .leftbehind import _greet, _part, _take_left, _throw_away
from .notebookid import _refuse_id
from .pages import _open_comms, _publish, _student_names, _withdraw
from .personcode import _VERIFIER
from .repeating import _take_loop
from .request import _caller, _is_counted, _iso
from .rules import _follow_rules, _read_rules
from .shared import _IN_BROWSER, _MAX_LABEL, _TARGET, _VERSION, _shell, _state
from .toldvalues import _take_known, _take_salt, _tell_values
from .tracking import _switch_off, _track_left
from .unheard import _acknowledge

_MAX_COMMS = 16  # a page that goes away does not always close its Comm


def _on_open(comm: Any, message: dict[str, Any]) -> None:
    """Listen to a Comm that a front end has opened, and answer."""
    comms = _state().comms
    while len(comms) >= _MAX_COMMS:
        with suppress(Exception):
            gone = comms.pop(next(iter(comms)))
            _part(gone)
            gone["comm"].close()
    page = {"comm": comm, "pid": os.getpid(), "session": message["header"]["session"]}
    comms[comm.comm_id] = {**page, "tracked": False}
    _take_loop()
    _listen(comm)
    _on_message(comm.comm_id, message)
    with suppress(Exception):
        comm.send({"ready": True, "version": _VERSION})


def _listen(comm: Any) -> None:
    """Have this copy hear what a page says, rather than the copy that did so far."""
    comm.on_msg(functools.partial(_on_message, comm.comm_id))
    comm.on_close(functools.partial(_on_gone, comm.comm_id))


def _on_gone(comm_id: str, message: dict[str, Any]) -> None:
    """Let go of a page that has gone; a kernel that was called looks for the next page."""
    with suppress(Exception):
        state = _state()
        page = state.comms[comm_id]
        _part(page)
        page.update(tracked=False, left=True)
        if message["header"]["msg_type"] == "comm_close":
            state.comms.pop(comm_id)
        handover = _handover(state.reporter)
        if handover:
            handover.forget(page["session"])
        if state.destination and state.student and not state.looks:
            state.looks = True
            _shell().events.register("pre_run_cell", _look_for_page)


def _look_for_page(*_: Any) -> None:
    """Ask who runs a cell after a page has gone, each once; where nobody answers, report.

    While a page is there the runs of other programs are nobody's.
    """
    with suppress(Exception):
        state = _state()
        page = _caller()
        pages = _open_comms()
        is_known = page in state.asked or page in {entry["session"] for entry in pages}
        if state.reporter or is_known or not _is_counted():
            return
        if not (state.destination and state.student and state.notebook):
            return
        state.asked.add(page)
        answer = _Handshake(state.notebook).ask()
        if answer is None:
            state.failed.add(page)
        if answer is None and not pages and not _IN_BROWSER:
            host, key = state.destination
            left = (state.student["id"], state.notebook)
            line = _track_left(state.notebook, host, key, state.student, state.certificate)
            _report_left(left)
            print(f"ipynb-telemetry: the page has gone, {line}")


def _report_left(of: tuple[str, str]) -> None:
    """Have the kernel report what the page that has gone did not acknowledge."""
    direct = _direct(_state().reporter)
    if direct:
        lost, letters = _take_left(of)
        for letter in letters:
            event, properties, uid = (letter["told"][k] for k in ("event", "properties", "uuid"))
            at = time.time() - (time.monotonic() - letter["at"])
            direct.capture(event, properties, uid, _iso(at))
        if lost:
            direct.capture("events_dropped", {"count": lost, "reason": "rate"})


def _on_message(comm_id: str, message: dict[str, Any]) -> None:
    """Take notebook and student from a front end; a malformed message is ignored as a whole."""
    with suppress(Exception):
        state = _state()
        page = state.comms[comm_id]
        told = message["content"]["data"]
        _acknowledge(page, told.get("ack"))
        _take_known(page, told.get("known"))
        _take_salt(page, told.get("salt"))
        _take_rules(page, told)
        if told.get("left") is True:
            _on_gone(comm_id, message)
            return
        if told.get("off") is True:
            # The notebook's flag, which let the call in the kernel count, is gone.
            page["tracked"] = False
            _throw_away(page)
            _switch_off()
            if not state.reporter and not any(each["tracked"] for each in _open_comms()):
                _withdraw()
            return
        student = _read_told(told["student"])
        if student and page.get("rules", {}).get("isPseudonym"):
            student["name"] = student["id"]  # what a cell prints leaves
        if _refuse_id(told["notebook"]):
            return
        _take_person(student, told)
        page.update(tracked=student is not None, left=False, since=message["header"]["date"])
        with suppress(Exception):
            _tell_values(page)
        _greet(page, told.get("version"), (student["id"], told["notebook"]) if student else None)
        if student is None and _direct(state.reporter):
            return  # the kernel goes on reporting
        state.notebook = told["notebook"]
        state.student = student
        _publish(_student_names())
        if student is not None and state.reporter:
            state.reporter.hand_over(page)


def _take_person(student: dict[str, str] | None, told: dict[str, Any]) -> None:
    """Take the hash of the code that the page's student has, for when the kernel reports."""
    person = told.get("settings", {}).get("person")
    if student and isinstance(person, str) and _VERIFIER.fullmatch(person):
        _state().persons[student["id"]] = person


def _take_rules(page: dict[str, Any], told: dict[str, Any]) -> None:
    """Take the settings of a page: the kernel holds to them, also when the page has gone."""
    if "settings" not in told:
        return
    state = _state()
    page["rules"] = state.page_rules = _read_rules(told["settings"])
    _follow_rules()
    handover = _handover(state.reporter)
    if handover and told.get("student") is None and page["rules"]["consent"] == "opt-in":
        handover.forget(page["session"])  # what was kept before it was known that nobody agreed
    if page["rules"]["isDeclined"]:
        _switch_off()


def _read_told(student: Any) -> dict[str, str] | None:
    """The student that a page tells of; any exception where it is malformed."""
    if student is None:
        return None
    read = {"id": student["id"], "name": student["name"]}
    for text in read.values():
        # The two joiners (U+200C, U+200D) are part of how names are written in Persian and Hindi.
        if not (
            isinstance(text, str)
            and 0 < len(text) <= _MAX_LABEL
            and text.replace("\u200c", "").replace("\u200d", "").isprintable()
        ):
            raise ValueError("no name")
    return read


def _register() -> None:
    """Hear of every Comm that a front end opens, and listen to those that are open."""
    with suppress(Exception):
        _module("comm").get_comm_manager().register_target(_TARGET, _on_open)
    with suppress(Exception):  # comm's own manager is not connected to an older ipykernel
        _shell().kernel.comm_manager.register_target(_TARGET, _on_open)
    with suppress(Exception):
        for entry in _open_comms():
            _listen(entry["comm"])
