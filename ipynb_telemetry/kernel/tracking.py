# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The kernel reports: from when, for whom, where to, and until when."""

from __future__ import annotations

import atexit
import os
import time
from contextlib import suppress
from typing import Any

from .address import _CLASS_KEY
from .adoption import _adopt
from .anyname import _read_any_student
from .asking import _is_agreed, _Question
from .consent import _agreed_before
from .coursefile import _read_course
from .delivery import _deliver, _Delivery
from .destination import _destination
from .direct import _Direct, _direct
from .errors import _message
from .frame import _watch_tab
from .handover import _handover
from .notice import _STAYING
from .pages import _publish, _student_names
from .personcode import _known, _meet
from .request import _caller
from .rules import _rules
from .search import _pinned, _Search
from .shared import _state
from .student import _is_like_code, _read_student
from .studentcode import _is_code

_LAST_S = 2.0  # to send what waits, when the kernel ends


def _track(
    notebook: str,
    host: Any,
    api_key: Any,
    skip_name_prompt: Any = False,
    student_name: Any = None,
    certificate: Any = None,
    consent: Any = None,
) -> str:
    """Let the kernel itself report from now on; says in a line for whom and where to."""
    state = _state()
    direct = _direct(state.reporter)
    search = _Search(host, api_key, certificate, direct.delivery if direct else None)
    held = _held_back()
    if not held:
        facts, notice = search.told()
        student = _known_student(direct, skip_name_prompt, student_name)
        agreed = _Question(facts, notice, consent).put(student)
        if agreed.student:
            return _report(agreed.student, notebook, search, facts if agreed.is_new else None)
        if agreed.is_refused:
            _tell_refusal(student, notebook, search, facts)
        held = agreed.words
    if direct:
        direct.end()
    state.destination = None
    _forget_caller()
    return f"{search.problem} {held}".strip()


def _track_left(
    notebook: str, host: Any, api_key: Any, student: dict[str, str], certificate: Any
) -> str:
    """Let the kernel report since the page has gone, if its student has agreed to that."""
    search = _Search(host, api_key, certificate, None)
    held = _held_back()
    rules = _rules()
    if not held and rules["isPseudonym"] and not _is_code(student["id"]):
        held = "nothing is recorded under a name. Run setup_telemetry again, and give your code"
    if not held:
        facts, _ = search.told()
        is_of_page = facts["destination"] in (_STAYING, rules["destination"])
        if (is_of_page and not rules["isUnanswered"]) or _is_agreed(student, facts):
            return _report(student, notebook, search, None)
        held = f"nothing is recorded: nobody has agreed to what {facts['destination']} gets. "
        held += "Run setup_telemetry again"
    return f"{search.problem} {held}".strip()


def _known_student(
    direct: _Direct | None, skip_name_prompt: Any, student_name: Any
) -> dict[str, str] | None:
    """The student of the call or of the session; None: somebody is to be asked."""
    rules = _rules()
    is_coded = rules["isPseudonym"]
    takes_any = rules["names"] == "any" and not is_coded
    if student_name is not None and takes_any and not _is_like_code(student_name):
        return _read_any_student(student_name)
    if student_name is not None:
        return _read_student(student_name, is_coded)
    if direct and (not is_coded or _is_code(direct.student["id"])):
        return direct.student
    if skip_name_prompt:
        example = "your code" if is_coded else "Ann Lee"
        raise ValueError(
            f"skip_name_prompt needs a {'code' if is_coded else 'name'}, as in"
            f' student_name="{example}"'
        )
    return None


def _report(
    student: dict[str, str], notebook: str, search: _Search, given: dict[str, Any] | None
) -> str:
    """Begin or go on; `given` is what was agreed to now."""
    state = _state()
    direct = _direct(state.reporter)
    state.destination = search.of_call
    state.certificate = search.certificate
    try:
        delivery = search.deliver()
    except Exception as error:  # noqa: BLE001 - no folder to write to, no threads
        return f"nothing is tracked, since events cannot be kept: {_message(error)}"
    if delivery.key:
        pinned = getattr(delivery, "fingerprint", "")
        delivery.take(_adopt(delivery.host, delivery.key, pinned))
    is_at_class = (delivery.key or "").startswith(_CLASS_KEY)
    if is_at_class:
        _meet(student["id"])
    wanted = (student, notebook, delivery)
    if direct is None or (direct.student, direct.notebook, direct.delivery) != wanted:
        direct = _begin(*wanted)
    if given:
        direct.capture("consent_given", given)
    _watch_tab(direct.turn)
    line = f"on for {student['name']} in {notebook}, "
    line += f"events go to {delivery.host}" if delivery.key else f"events stay in {delivery.path}"
    if is_at_class and "code" in _known(student["id"]):
        line += ". telemetry_code() tells how to see and erase your records there"
    return f"{search.problem} {line}".strip()


def _tell_refusal(
    student: dict[str, str] | None, notebook: str, search: _Search, facts: dict[str, Any]
) -> None:
    """Tell of a refusal where the student has agreed before; of others nobody is told."""
    with suppress(Exception):
        who = _agreed_before(student["id"] if student else None, facts)
        if who:
            _Direct({"id": who, "name": who}, notebook, search.deliver()).capture(
                "consent_declined", facts
            )
            _ends()


def _held_back() -> str:
    """Why nothing may be recorded, whatever is agreed to, in words; "" where it may."""
    rules = _rules()
    if rules["isDeclined"]:
        return "nothing is recorded, as was chosen in the page"
    if rules["isOff"]:
        return "nothing is recorded until the settings can be read"
    return "nothing is recorded, since a pause was taken in the page" if rules["isPaused"] else ""


def _begin(student: dict[str, str], notebook: str, delivery: _Delivery) -> _Direct:
    """End what reports, and begin a session with what was kept for a page that did not report."""
    state = _state()
    handover = _handover(state.reporter)
    if state.reporter:
        state.reporter.end()
    state.reporter = None
    state.student = student
    state.notebook = notebook
    direct = _Direct(student, notebook, delivery)
    if handover:
        kept = [each for of, each in handover.waiting if of in (None, _caller())]
        if kept:
            direct.runs.attempts = handover.runs.attempts
        direct.start(kept[0]["timestamp"] if kept else None)
        direct.take_over(kept, handover._lost)
    else:
        direct.start()
    state.reporter = direct
    _ends()
    _publish(_student_names())
    return direct


def _forget_caller() -> None:
    """Throw away what was kept for the page that asked for this run."""
    handover = _handover(_state().reporter)
    if handover:
        handover.forget(_caller())


def _send_left(host: Any, api_key: Any, certificate: Any) -> None:
    """Send what earlier kernels left here, whoever reports this kernel."""
    place, key, pinned, _ = _destination(host, api_key, certificate, *_read_course())
    if not key:
        return
    for delivery in _state().deliveries:
        if delivery.pid == os.getpid():
            delivery.correct(*_pinned(place, key, pinned))
    left = _adopt(place, key, pinned)
    if left:
        _ends()
        _deliver(place, key, pinned).take(left)


def _switch_off() -> None:
    """Track no more what the kernel itself reports."""
    state = _state()
    state.destination = None
    direct = _direct(state.reporter)
    if direct:
        direct.end()


def _ends() -> None:
    """Have `_at_exit` called when the kernel ends, once for all copies."""
    state = _state()
    if not state.ends:
        state.ends = True
        atexit.register(_at_exit)


def _at_exit() -> None:
    """End the session, and give what waits a moment to be sent; the rest stays written down."""
    state = _state()
    until = time.monotonic() + _LAST_S
    with suppress(Exception):
        direct = _direct(state.reporter)
        if direct and direct.pid == os.getpid():
            direct.end()
    for delivery in state.deliveries:
        with suppress(Exception):
            if delivery.pid == os.getpid():
                delivery.finish(until)
