# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The kernel itself reports, to a destination of its own."""

from __future__ import annotations

import functools
import os
import threading
import time
import uuid
from contextlib import suppress
from typing import Any, cast

from .delivery import _ENVELOPE, _Delivery
from .errors import _error
from .events import _BUILT_IN, _BY_CODE
from .request import _app, _iso, _kernel_name
from .rules import _is_permitted, _permitted, _rules
from .run import _Run
from .runs import _Runs
from .secrets import _learn_from
from .shared import _MAX_LABEL, __version__, _Reporter, _state
from .studentcode import _is_code
from .text import _clean, _clean_json, _cut

_TESTS = ("test_passed", "test_failed")
_BURST = 1_000  # tests and events of students' own; as in src/trackers/kernel/kernelevent.ts
_PER_SECOND = 50
_LONGEST_PAUSE_S = 60.0  # that counts as work


class _Direct:
    """A session of one student in one notebook."""

    def __init__(self, student: dict[str, str], notebook: str, delivery: _Delivery) -> None:
        self.student = student
        self.notebook = notebook
        self.delivery = delivery
        self.pid = os.getpid()
        self.runs = _Runs(self._on_run, self._claim)
        self._id = str(uuid.uuid4())
        self._seq = 0
        self._tests: dict[str, int] = {}  # attempts
        self._guard = threading.Lock()
        now = time.monotonic()
        self._room = float(_BURST)  # for events that are no flood
        self._filled = now
        self._dropped = 0
        self._started = now
        self._sign = now  # the moment of the last sign of work
        self._active = 0.0  # seconds
        self._until: Any = None  # the date from which on a page reports
        self._is_away = False
        self._turned = time.time()  # when the student last came to the tab, or left

    def start(self, timestamp: str | None = None) -> None:
        """Begin the session, now or at an earlier moment."""
        app, version = _app()
        started = {"kernel": _kernel_name(), "language": "python", "cell_count": None}
        started.update(app=app, app_version=version, extension_version=__version__)
        if "shown" in self.student:
            started["student_name"] = self.student["shown"]
        self.capture("session_started", started, timestamp=timestamp)
        self.runs.start()

    def take_over(self, kept: list[dict[str, Any]], lost: int) -> None:
        """Report what was kept for a page that told of no student."""
        for each in kept:
            self.capture(each["event"], each["properties"], each["uuid"], each["timestamp"])
        self._dropped = lost

    def _admit(self) -> bool:
        """Take room for an event; events that are a flood find none, and are counted."""
        with self._guard:
            now = time.monotonic()
            self._room = min(_BURST, self._room + (now - self._filled) * _PER_SECOND)
            self._filled = now
            if self._room < 1:
                self._dropped += 1
                return False
            self._room -= 1
            return True

    def _tell_dropped(self) -> None:
        """Say how many events were dropped: a loss is an event too."""
        with self._guard:
            dropped = self._dropped
            self._dropped = 0
        if dropped:
            self.capture("events_dropped", {"count": dropped, "reason": "rate"})

    def capture(
        self, event: str, properties: Any, uid: str | None = None, timestamp: str | None = None
    ) -> None:
        """Report an event; `properties` may be a function that makes them."""
        rules = _rules()
        if not _is_permitted(event, rules):
            return
        if rules["isPseudonym"] and not _is_code(self.student["id"]):
            return  # a page, or the course file, has said so since the session began
        is_from_cell = event not in _BUILT_IN or event in _BY_CODE
        if is_from_cell and uid is None and not self._admit():
            return
        if event in _TESTS:
            attempt = self._tests.get(properties["test"], 0) + 1
            self._tests[properties["test"]] = attempt
            # The test may be told by a copy of an older version, which knows of no cell.
            properties = {"cell_id": None, **properties, "attempt": attempt}
        if event != "cell_executed":  # `_Run.properties` gives clean texts
            properties = functools.partial(_told, event, properties, self.runs.code)
        properties = functools.partial(_let_out, event, properties, rules)
        with self._guard:
            self._seq += 1
            values = (self.student["id"], self.notebook, self._id, self._seq, self._active_ms())
            envelope = dict(zip(_ENVELOPE, values))  # noqa: B905 - no `strict` before 3.10
            wire = {"uuid": uid or str(uuid.uuid4()), "event": event}
            wire.update(distinct_id=self.student["id"], timestamp=timestamp or _iso())
            self.delivery.put({**wire, "properties": envelope}, properties)

    def _on_run(self, run: _Run) -> None:
        self.work(run.ended - run.started)
        self._tell_dropped()
        self.capture("cell_executed", run.properties, run.uuid)
        notice = self.delivery.notice
        if notice:
            self.delivery.notice = ""
            print(f"ipynb-telemetry: {notice}")

    def work(self, took: float = 0.0) -> None:
        """Take a sign of work, or a run that took some seconds up to now.

        The pause before it counts for a minute at most.
        """
        with self._guard:
            self._work(took)

    def _work(self, took: float) -> None:
        now = time.monotonic()
        pause = max(0.0, now - self._sign - took)
        self._active += min(pause, _LONGEST_PAUSE_S) + min(took, now - self._sign)
        self._sign = now

    def _active_ms(self) -> int:
        """Milliseconds of work up to now; of a later moment never fewer."""
        took = self.runs.took
        if took > 0:  # a run is work up to now, whatever becomes of it
            self._work(took)
        pause = min(time.monotonic() - self._sign, _LONGEST_PAUSE_S)
        return round((self._active + pause) * 1000)

    def turn(self, *told: Any, **_: Any) -> None:
        """Hear from a frame whether its tab is hidden, and when; malformed words are ignored."""
        with suppress(Exception):
            is_away, at = told
            is_turn = isinstance(is_away, bool) and is_away is not self._is_away
            if is_turn and _state().reporter is self and self._admit():
                # By our clock: while a cell runs nobody is heard.
                at = max(self._turned, min((at + self.runs.lag) / 1000, time.time()))
                away_ms = round((at - self._turned) * 1000)
                self._is_away = is_away
                self._turned = at
                left = {"reason": "page_hidden"}
                if is_away:
                    self.capture("blur", left, timestamp=_iso(at))
                else:
                    self.capture("focus", {**left, "away_ms": away_ms}, timestamp=_iso(at))

    def hand_over(self, page: dict[str, Any]) -> None:
        """Let a page report what is asked for from the moment on at which it told."""
        self._until = page["since"]

    def _claim(self, header: dict[str, Any]) -> bool:
        """Claim a run, unless a page reports it: then end the session."""
        if self._until is None or header["date"] < self._until:
            return True
        self.end()
        return False

    def end(self) -> None:
        """End the session."""
        self.work(self.runs.took)
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None
        self._tell_dropped()
        took = round((time.monotonic() - self._started) * 1000)
        self.capture("session_ended", {"duration_ms": took})

    def withdraw(self, facts: dict[str, Any] | None) -> int:
        """End the session for good; gives how many events that wait are not sent.

        `facts` say what is withdrawn; of consent that a page had nobody is told here.
        """
        unsent = self.delivery.drop(self.student["id"])
        self.end()
        if facts:
            self.capture("consent_withdrawn", facts)
        return unsent


def _direct(reporter: _Reporter | None) -> _Direct | None:
    """The reporter, of this copy or another, if it is the kernel itself; else None."""
    return cast("_Direct", reporter) if reporter and reporter.student else None


def _let_out(event: str, properties: Any, rules: dict[str, Any]) -> dict[str, Any]:
    """Properties, or those that a function makes, as far as the rules of their moment let them."""
    return _permitted(event, properties() if callable(properties) else properties, rules)


def _told(event: str, properties: dict[str, Any], code: str) -> dict[str, Any]:
    """Properties of a test or of a student's own event, cleaned, on no cell's time.

    Secrets in the code of the cell are known before that code itself is told.
    """
    _learn_from(code)
    if event in _TESTS:
        error = properties["error"]
        error = error and _error(error["name"], error["value"], error["traceback"])
        cell = properties["cell_id"]
        texts = {"test": _cut(properties["test"], _MAX_LABEL)[0], "cell_id": cell and _clean(cell)}
        return {**properties, **texts, "error": error}
    return dict(_clean_json(properties))
