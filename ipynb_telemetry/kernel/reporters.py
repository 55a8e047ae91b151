# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Who reports: the kernel itself, or the front end once it has told a student."""

from __future__ import annotations

import functools
import os
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

from .delivery import _ENVELOPE, _Delivery
from .errors import _error
from .events import _BUILT_IN, _BY_CODE
from .pages import _say
from .request import _app, _caller, _iso, _kernel_name
from .run import _Run
from .runs import _Runs
from .shared import _MAX_LABEL, __version__, _state
from .text import _clean_json, _cut

_TESTS = ("test_passed", "test_failed")
_BURST, _PER_SECOND = 1_000, 50  # tests and events of one's own; as src/trackers/kernelevent.ts


def _told(event: str, properties: dict[str, Any]) -> dict[str, Any]:
    """What is sent of a test or of an event of one's own; takes its time."""
    if event in _TESTS:
        error = properties["error"]
        error = error and _error(error["name"], error["value"], error["traceback"])
        return {**properties, "test": _cut(properties["test"], _MAX_LABEL)[0], "error": error}
    return _clean_json(properties)


class _Direct:
    """A session of one student in one notebook that the kernel itself reports."""

    def __init__(self, student: dict[str, str], notebook: str, delivery: _Delivery) -> None:
        self.student, self.notebook, self.delivery = student, notebook, delivery
        self.pid, self._id, self._seq = os.getpid(), str(uuid.uuid4()), 0
        self._tests: dict[str, int] = {}
        self._guard = threading.Lock()
        self._room, self._filled, self._dropped = float(_BURST), time.monotonic(), 0
        self._started = self._sign = time.monotonic()
        self._active = 0.0
        self._until: Any = None
        self._is_away, self._turned = False, time.time()
        self.runs = _Runs(self._on_run, self._is_ours)

    def start(self, timestamp: str | None = None) -> None:
        app, version = _app()
        started = {"kernel": _kernel_name(), "language": "python", "cell_count": None}
        started.update(app=app, app_version=version, extension_version=__version__)
        self.capture("session_started", started, timestamp=timestamp)
        self.runs.start()

    def _may_pass(self) -> bool:
        """Whether it is no flood; what of one is dropped is counted."""
        with self._guard:
            now = time.monotonic()
            self._room = min(_BURST, self._room + (now - self._filled) * _PER_SECOND)
            self._filled = now
            may = self._room >= 1
            self._room -= may
            self._dropped += not may
        return may

    def _tell_dropped(self) -> None:
        """A loss is an event too."""
        with self._guard:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            self.capture("events_dropped", {"count": dropped, "reason": "rate"})

    def capture(
        self, event: str, properties: Any, uid: str | None = None, timestamp: str | None = None
    ) -> None:
        is_from_cell = event not in _BUILT_IN or event in _BY_CODE
        if is_from_cell and uid is None and not self._may_pass():
            return
        if event in _TESTS:
            name = properties["test"]
            attempt = self._tests[name] = self._tests.get(name, 0) + 1
            properties = {**properties, "attempt": attempt}
        if event != "cell_executed":  # whose texts are clean already, or will be
            properties = functools.partial(_told, event, properties)
        with self._guard:
            self._seq += 1
            envelope = (self.student["id"], self.notebook, self._id, self._seq)
            wire = {"uuid": uid or str(uuid.uuid4()), "event": event}
            wire.update(distinct_id=self.student["id"], timestamp=timestamp or _iso())
            self.delivery.put({**wire, "properties": dict(zip(_ENVELOPE, envelope))}, properties)  # noqa: B905

    def _on_run(self, run: _Run) -> None:
        self._tell_dropped()
        self.work(run.ended - run.started)
        self.capture("cell_executed", run.properties, run.uuid)
        if self.delivery.notice:
            notice, self.delivery.notice = self.delivery.notice, ""
            print(f"ipynb-telemetry: {notice}")

    def work(self, took: float = 0.0) -> None:
        """A sign of work: a pause before it counts for a minute at most."""
        now = time.monotonic()
        pause = max(0.0, now - self._sign - took)
        self._active += min(pause, 60.0) + min(took, now - self._sign)
        self._sign = now

    def turn(self, *told: Any, **_: Any) -> None:
        """A frame says whether its tab is hidden, and when; what is malformed is ignored."""
        with suppress(Exception):
            is_away, at = told
            is_turn = isinstance(is_away, bool) and is_away is not self._is_away
            if is_turn and _state().reporter is self and self._may_pass():
                # By our clock: while a cell runs nobody is heard.
                at = max(self._turned, min((at + self.runs.lag) / 1000, time.time()))
                left = {"reason": "page_hidden"}
                back = {**left, "away_ms": round((at - self._turned) * 1000)}
                self._is_away, self._turned = is_away, at
                event = ("blur", left) if is_away else ("focus", back)
                self.capture(*event, timestamp=_iso(at))

    def hand_over(self, page: dict[str, Any]) -> None:
        """A front end reports what was asked for since it has told."""
        self._until = page["since"]

    def _is_ours(self, header: dict[str, Any]) -> bool:
        if self._until is None or header["date"] < self._until:
            return True
        self.end()
        return False

    def end(self) -> None:
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None
        self._tell_dropped()
        self.work()
        took = round((time.monotonic() - self._started) * 1000)
        self.capture(
            "session_ended", {"duration_ms": took, "active_ms": round(self._active * 1000)}
        )


class _Handover:
    """Keeps what happens until a page, which said that it is here, has told a student.

    Each page gets what it asked for. Where one goes before it told, nobody has agreed to it.
    """

    def __init__(self) -> None:
        self.pid, self.student = os.getpid(), None
        self.pages: dict[str, dict[str, Any] | None] = {}  # by session; None until it has told
        self.waiting: list[tuple[Any, dict[str, Any]]] = []
        self._lost = 0
        self.runs = _Runs(self._on_run, self._is_ours)

    def expect(self, page: str) -> None:
        self.pages[page] = None
        self.runs.start()

    def _is_ours(self, header: dict[str, Any]) -> bool:
        page = self.pages.get(header["session"])
        if page and not header["date"] < page["since"]:
            self.forget(header["session"])
            return False
        return header["session"] in self.pages

    def _on_run(self, run: _Run) -> None:
        self._keep(run.page, "cell_executed", run.properties(), run.uuid)

    def capture(self, event: str, properties: Any) -> None:
        page = _caller()
        if page is None or page in self.pages:
            self._keep(page, event, properties)

    def _keep(self, page: Any, event: str, properties: Any, uid: str | None = None) -> None:
        kept = {"event": event, "properties": properties, "uuid": uid or str(uuid.uuid4())}
        self.waiting.append((page, {**kept, "timestamp": _iso(), "buffered": True}))
        self._lost += len(self.waiting) > 1_000
        del self.waiting[:-1_000]
        self._flush()

    def hand_over(self, page: dict[str, Any]) -> None:
        told = page["session"]
        if not self.pages.get(told):
            self.pages[told] = page
            self.waiting = [(of or told, kept) for of, kept in self.waiting]
            self._flush()
            if self._lost:
                lost, self._lost = self._lost, 0
                self._keep(told, "events_dropped", {"count": lost, "reason": "rate"})

    def forget(self, page: str) -> None:
        """It reports by itself, or has gone."""
        self.pages.pop(page, None)
        self.waiting = [(of, kept) for of, kept in self.waiting if of != page]
        if not self.pages:
            self.end()

    def _flush(self) -> None:
        waiting, self.waiting = self.waiting, []
        for of, kept in waiting:
            page = self.pages.get(of)
            if page:
                _say(page["comm"], kept)
            else:
                self.waiting.append((of, kept))

    def end(self) -> None:
        self.runs.stop()
        if _state().reporter is self:
            _state().reporter = None
