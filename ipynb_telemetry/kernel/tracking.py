# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The kernel reports: from when, for whom, where to, and until when."""

from __future__ import annotations

import atexit
import os
import re
import time
from contextlib import suppress
from typing import Any

from .address import _CLASS_KEY
from .delivery import _deliver, _Delivery
from .destination import _destination, _read_course
from .direct import _Direct, _direct
from .errors import _message
from .frame import _watch_tab
from .handover import _handover
from .pages import _publish, _student_names
from .request import _app, _caller
from .shared import _state
from .spool import _adopt
from .student import _ask_student, _read_student

_LAST_S = 2.0  # to send what waits, when the kernel ends
_NOTICE = (
    "Your course records what you do in this notebook: which cells you run with their code and "
    "output, and test results{}. Your instructor uses it to help you."
)
_STAYS = "It stays in a file where this kernel runs."


class _Search:
    """Where events are to go, as the call, the environment and the course file say."""

    def __init__(
        self, host: Any, api_key: Any, certificate: Any, delivery: _Delivery | None
    ) -> None:
        """`delivery` is in use; no other is looked for unless the call or its state asks for it."""
        self._delivery = delivery
        self._is_given = any(each is not None for each in (host, api_key, certificate))
        self._is_needed = delivery is None or self._is_given or delivery.is_refused
        self.course: dict[str, Any] = {}
        self.place = ""
        self.key: str | None = None
        self.fingerprint = ""
        self.problem = ""
        if self._is_needed:
            self.course, problem = _read_course()
            # The names in a text, or in a list that was read or left as it is written.
            off = re.findall(r"\w+", str(self.course.get("test_sources_off", "")))
            _state().sources_off = set(off)
            self.place, self.key, self.fingerprint, self.problem = _destination(
                host, api_key, certificate, self.course, problem
            )

    def deliver(self) -> _Delivery:
        """The delivery from now on; any exception where events cannot be kept."""
        old = self._delivery
        is_named = self.key or (self._is_given and not self.problem)  # a typo ends no delivery
        if old and not (self._is_needed and is_named):
            return old
        if old and self.key and old.is_refused:
            old.correct(*_pinned(self.place, self.key, self.fingerprint))
        return _deliver(self.place, self.key, self.fingerprint)


def _pinned(host: str, key: str, fingerprint: str) -> tuple[str, ...]:
    """The arguments of another copy's method, which may be of a version that pins nothing."""
    return (host, key, fingerprint) if fingerprint else (host, key)


def _track(
    notebook: str,
    host: Any,
    api_key: Any,
    skip_name_prompt: Any,
    student_name: Any,
    certificate: Any = None,
) -> str:
    """Let the kernel itself report from now on; says in a line for whom and where to."""
    state = _state()
    direct = _direct(state.reporter)
    search = _Search(host, api_key, certificate, direct.delivery if direct else None)
    if student_name is not None:
        student = _read_student(student_name)
    elif direct:
        student = direct.student
    elif skip_name_prompt:
        raise ValueError('skip_name_prompt needs a name, as in student_name="Ann Lee"')
    else:
        agreed = _ask_student(_notice(search))
        if agreed is None:
            _forget_caller()
            return "nothing is tracked, as you chose. Run this cell again to change that"
        student = agreed
    state.destination = (host, api_key)
    state.certificate = certificate
    try:
        delivery = search.deliver()
    except Exception as error:  # noqa: BLE001 - no folder to write to, no threads
        return f"nothing is tracked, since events cannot be kept: {_message(error)}"
    if delivery.key:
        pinned = getattr(delivery, "fingerprint", "")
        delivery.take(_adopt(delivery.host, delivery.key, pinned))
    wanted = (student, notebook, delivery)
    if direct is None or (direct.student, direct.notebook, direct.delivery) != wanted:
        direct = _begin(*wanted)
    _watch_tab(direct.turn)
    line = f"on for {student['name']} in {notebook}, "
    line += f"events go to {delivery.host}" if delivery.key else f"events stay in {delivery.path}"
    return f"{search.problem} {line}".strip()


def _notice(search: _Search) -> str:
    """Words that students read before they are asked for their name."""
    receiver = "your class's collector" if (search.key or "").startswith(_CLASS_KEY) else "PostHog"
    where = f"It is sent to {receiver} at {search.place}." if search.key else _STAYS
    notice = _NOTICE.format(", and when you leave and return" * (_app()[0] == "colab"))
    return f"{search.course.get('privacy_notice') or notice} {where}"


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
