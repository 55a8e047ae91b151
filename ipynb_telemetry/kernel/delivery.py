# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Delivery: one thread writes events down, another sends them; no cell waits for either."""

from __future__ import annotations

import json
import logging
import os
import random
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from .errors import _message
from .posthog import _PostHog
from .shared import _MAX_LABEL, _state
from .spool import _APPEND, _LONGEST_S, _MAX_BATCH, _folder, _Spool

_ENVELOPE = ("student_id", "notebook", "session_id", "seq")
_GATHER_S = 0.5  # in which one request gathers many events


class _Delivery:
    """Takes events, and keeps them until the destination has said that it has them."""

    def __init__(self, host: str, key: str | None, installs: bool) -> None:
        self.host = host
        self.key = key  # None: events stay in the file `path`
        self.path = ""
        self.installs = installs  # the posthog package, where it is missing
        self.pid = os.getpid()
        self.notice = ""  # to be shown once, where the student looks
        self._told: set[str] = set()  # notices so far
        self._events: SimpleQueue[Any] = SimpleQueue()
        self._due = threading.Event()  # something may have to be sent
        self._hurry = threading.Event()  # the kernel ends
        self._posthog = _PostHog()
        self._spools: list[_Spool] = []  # this delivery's own, then those that were left
        threads = [self._write]
        if key is not None:
            self._spools = [_Spool.create(host, key)]
            threads.append(self._send)
        else:
            try:
                folder = _folder()
            except OSError:
                folder = tempfile.mkdtemp(prefix="ipynb-telemetry-")
            self.path = os.path.join(folder, "events.jsonl")
        for run in threads:
            threading.Thread(target=run, name="ipynb-telemetry", daemon=True).start()
        self._due.set()

    def put(self, event: dict[str, Any], properties: Any) -> None:
        """Take an event; `properties` may be a function, which is called on no cell's time."""
        self._events.put((event, properties))

    def finish(self, until: float) -> None:
        """Send the events that wait, until a moment of `time.monotonic()` at the latest."""
        written = threading.Event()
        self._events.put((written, None))
        written.wait(max(0.0, until - time.monotonic()))
        self._hurry.set()
        self._due.set()
        while self._is_busy() and time.monotonic() < until:
            time.sleep(0.005)
        for spool in self._spools:
            spool.close()

    def _is_busy(self) -> bool:
        now = time.monotonic()
        return any(spool.waiting and spool.next_at <= now for spool in self._spools)

    @property
    def is_refused(self) -> bool:
        """Whether the host refuses the key."""
        return bool(self._spools) and self._spools[0].is_refused

    def correct(self, host: str, key: str) -> None:
        """Send what was refused to another project; from now on this is its delivery."""
        if self.is_refused:
            self.host = host
            self.key = key
        for spool in self._spools:
            if spool.is_refused:
                self._told.clear()
                spool.correct(host, key)
        self._due.set()

    def take(self, spools: list[_Spool]) -> None:
        """Send the events of these spools, too; each goes where it was meant to go."""
        self._spools += spools
        self._due.set()

    def _write(self) -> None:
        """Write events down for ever, as many at a time as there are."""
        while True:
            taken = [self._events.get()]
            with suppress(Empty):
                while len(taken) < 1_000:
                    taken.append(self._events.get_nowait())
            ready: list[dict[str, Any]] = []
            for event, properties in taken:
                if isinstance(event, threading.Event):
                    self._store(ready)
                    ready = []
                    event.set()
                    continue
                with suppress(Exception):
                    made = properties() if callable(properties) else properties
                    ready.append({**event, "properties": {**made, **event["properties"]}})
            self._store(ready)

    def _store(self, events: list[dict[str, Any]]) -> None:
        with suppress(Exception):
            if self._spools:
                self._lose(self._spools[0].add(events) if events else [])
                self._due.set()
            elif events:
                _append(self.path, *events)

    def _lose(self, lines: list[str]) -> None:
        """Say how many events of each session were given up: a loss is an event too."""
        lost = [json.loads(line) for line in lines]
        for session in {event["properties"]["session_id"] for event in lost}:
            given = [e for e in lost if e["properties"]["session_id"] == session]
            seqs = [event["properties"]["seq"] for event in given]
            told = {"count": len(given), "reason": "storage"}
            told.update(first_seq=min(seqs), last_seq=max(seqs))
            envelope = {key: given[-1]["properties"][key] for key in _ENVELOPE}
            event = {**given[-1], "event": "events_dropped", "uuid": str(uuid.uuid4())}
            self._spools[0].add([{**event, "properties": {**told, **envelope}}])

    def _send(self) -> None:
        """Send for ever the events that are due."""
        thread = threading.get_ident()
        # Words of urllib3 about its own attempts would be shown in the student's cell.
        logging.getLogger("urllib3.connectionpool").addFilter(lambda said: said.thread != thread)
        while True:
            with suppress(Exception):  # an import takes time: before the first event is due
                self._posthog.load(self.installs)
            now = time.monotonic()
            spool = next((s for s in self._spools if s.waiting and s.next_at <= now), None)
            if spool is None:
                pauses = [s.next_at - now for s in self._spools if s.waiting]
                self._due.wait(min(pauses) if pauses else None)
                self._hurry.wait(_GATHER_S)
                self._due.clear()
                continue
            key = spool.key
            try:
                self._post(spool)
            except Exception as error:  # noqa: BLE001 - of posthog, requests, the disk
                if spool.key == key:  # else the spool was corrected meanwhile
                    self._settle(spool, error)
            if spool is not self._spools[0] and not spool.waiting:
                self._spools.remove(spool)
                spool.close()

    def _post(self, spool: _Spool) -> None:
        batch = spool.batch()
        self._posthog.post(spool.host, spool.key, batch)
        if spool.is_refused:  # a captive portal refused, say, and is gone
            spool.correct()
        spool.done([event["uuid"] for event in batch])
        spool.failures = 0
        spool.most = min(2 * spool.most, _MAX_BATCH)

    def _settle(self, spool: _Spool, error: Exception) -> None:
        """Decide what a failure means.

        The rules are those of src/delivery/sending/verdict.ts, less three: a kernel cuts no event,
        makes no batch smaller for a slow connection, and pauses between no two refused events.
        """
        status = getattr(error, "status", None)
        if status in (401, 403):
            spool.refuse()
            self._tell(
                f"{spool.host} refuses the key ({status}). Events wait here until it is corrected"
            )
        elif isinstance(status, int) and 400 <= status < 500 and status not in (408, 429):
            batch = spool.batch()
            if len(batch) > 1:  # halved until the event that is not wanted stands alone
                spool.most = len(batch) // 2
            else:
                self._set_aside(batch[0], f"{status} {_message(error)[:_MAX_LABEL]}")
                spool.done([batch[0]["uuid"]])
        else:
            if isinstance(error, ImportError):
                self._tell("events wait here until posthog can be imported: pip install posthog")
            asked = getattr(error, "retry_after", None)
            asked = asked if isinstance(asked, (int, float)) else 0
            spool.failures += 1
            pause = min(_LONGEST_S, 2.0 ** (spool.failures - 1)) * random.uniform(0.5, 1)
            spool.next_at = time.monotonic() + max(min(asked, 3600), pause)

    def _set_aside(self, event: dict[str, Any], reason: str) -> None:
        """Keep an event that no host wants; where that cannot be, say that it is lost."""
        try:
            _append(os.path.join(_folder(), "refused.jsonl"), {**event, "reason": reason})
        except OSError:
            with suppress(Exception):  # another program may have left the event
                if event["event"] != "events_dropped":  # a loss of losses would not end
                    self._lose([json.dumps(event)])

    def _tell(self, notice: str) -> None:
        if notice not in self._told:
            self._told.add(notice)
            self.notice = notice


def _append(path: str, *events: dict[str, Any]) -> None:
    lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
    file = os.open(path, _APPEND, 0o600)
    try:
        os.write(file, lines.encode("utf-8", "replace"))
    finally:
        os.close(file)


def _deliver(host: str, key: str | None, installs: bool) -> _Delivery:
    """The delivery of a destination, which may be another copy's."""
    deliveries: list[_Delivery] = _state().deliveries
    for delivery in deliveries:
        if (delivery.host, delivery.key, delivery.pid) == (host, key, os.getpid()):
            return delivery
    deliveries.append(_Delivery(host, key, installs))
    return deliveries[-1]
