# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The kernel reports: from when, for whom, and until when."""

from __future__ import annotations

import atexit
import os
import re
import time
from contextlib import suppress
from typing import Any

from .delivery import _deliver
from .destination import _destination, _read_course
from .errors import _message
from .frame import _watch_tab
from .pages import _publish, _student_names
from .reporters import _Direct
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


def _send_left(host: Any, api_key: Any) -> None:
    """Send what earlier kernels left here, whoever reports this one."""
    place, key, _ = _destination(host, api_key, *_read_course())
    if not key:
        return
    for delivery in _state().deliveries:
        if delivery.pid == os.getpid():
            delivery.correct(place, key)
    if left := _adopt(place, key):
        _ends()
        _deliver(place, key, installs=True).take(left)


def _switch_off() -> None:
    state = _state()
    state.destination = None
    if state.reporter and state.reporter.student:
        state.reporter.end()


def _ends() -> None:
    if not _state().ends:
        _state().ends = True
        atexit.register(_at_exit)


def _track(
    notebook: str,
    host: Any,
    api_key: Any,
    skip_name_prompt: Any,
    student_name: Any,
    installs: bool = True,
) -> str:
    """Let the kernel itself report from now on; says in a line for whom and where to."""
    state = _state()
    old = state.reporter
    delivery, problem, course = old.delivery if old and old.student else None, "", {}
    is_given = host is not None or api_key is not None
    is_sought = delivery is None or is_given or delivery.is_refused
    if is_sought:
        course, problem = _read_course()
        # Words in a text or in a list.
        state.sources_off = set(re.findall(r"\w+", str(course.get("test_sources_off", ""))))
        place, key, problem = _destination(host, api_key, course, problem)
    if student_name is not None:
        student = _read_student(student_name)
    elif old and old.student:
        student = old.student
    elif skip_name_prompt:
        raise ValueError('skip_name_prompt needs a name, as in student_name="Ann Lee"')
    else:
        where = f"It is sent to PostHog at {place}." if key else _STAYS
        notice = _NOTICE.format(", and when you leave and return" * (_app()[0] == "colab"))
        student = _ask_student(f"{course.get('privacy_notice') or notice} {where}")
        if student is None:
            if old:
                old.forget(_caller())
            return "nothing is tracked, as you chose. Run this cell again to change that"
    state.destination = host, api_key
    if is_sought:
        try:
            if delivery is None or key or (is_given and not problem):  # a typo ends nothing
                if delivery and key and delivery.is_refused:
                    delivery.correct(place, key)
                delivery = _deliver(place, key, installs)
        except Exception as error:  # noqa: BLE001 - no folder to write to, no threads
            return f"nothing is tracked, since events cannot be kept: {_message(error)}"
    delivery.installs |= installs
    if delivery.key:
        delivery.take(_adopt(delivery.host, delivery.key))
    if not (
        old and old.student == student and (old.notebook, old.delivery) == (notebook, delivery)
    ):
        if old:
            old.end()
        state.reporter, state.student, state.notebook = None, student, notebook
        direct = _Direct(student, notebook, delivery)
        handed = [kept for of, kept in getattr(old, "waiting", ()) if of in (None, _caller())]
        if handed:  # of a front end that did not keep its word
            direct.runs.attempts = old.runs.attempts
        direct.start(handed[0]["timestamp"] if handed else None)
        for kept in handed:
            direct.capture(kept["event"], kept["properties"], kept["uuid"], kept["timestamp"])
        direct._dropped = getattr(old, "_lost", 0)
        state.reporter = direct
        _ends()
        _publish(_student_names())
    _watch_tab(state.reporter.turn)
    line = f"on for {student['name']} in {notebook}, "
    line += f"events go to {delivery.host}" if delivery.key else f"events stay in {delivery.path}"
    return f"{problem} {line}".strip()


def _at_exit() -> None:
    """End the session, and give what waits a moment to be sent; the rest stays written down."""
    state, until = _state(), time.monotonic() + _LAST_S
    with suppress(Exception):
        if state.reporter and state.reporter.pid == os.getpid() and state.reporter.student:
            state.reporter.end()
    for delivery in state.deliveries:
        with suppress(Exception):
            if delivery.pid == os.getpid():
                delivery.finish(until)
