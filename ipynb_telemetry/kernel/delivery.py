# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Delivery: one thread writes events down, another sends them; no cell waits for either."""

from __future__ import annotations

import importlib
import json
import logging
import os
import random
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from typing import Any

from .errors import _message
from .posthog import _ADDED, _install_posthog
from .shared import _MAX_LABEL, _state
from .spool import _APPEND, _LONGEST_S, _MAX_BATCH, _folder, _Spool

_ENVELOPE = ("student_id", "notebook", "session_id", "seq")
_GATHER_S = 0.5  # before what waits is sent


class _Delivery:
    """Takes events, and keeps them until the destination has said that it has them."""

    def __init__(self, host: str, key: str | None, installs: bool) -> None:
        self.host, self.key, self.pid = host, key, os.getpid()
        self.installs, self._tried = installs, False
        self.notice = ""  # to be shown once, where the student looks
        self._told: set[str] = set()
        self._events: SimpleQueue[Any] = SimpleQueue()
        self._due, self._hurry = threading.Event(), threading.Event()
        self._client: Any = None
        self._shaped: list[dict[str, Any]] = []
        self._spools: list[_Spool] = []
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
        """Take an event; `properties` may be what makes them."""
        self._events.put((event, properties))

    def finish(self, until: float) -> None:
        """Send what waits, until that moment of `time.monotonic()` at the latest."""
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
        return bool(self._spools) and self._spools[0].is_refused

    def correct(self, host: str, key: str) -> None:
        """Send what was refused to another project; from now on this is its delivery."""
        if self.is_refused:
            self.host, self.key = host, key
        for spool in self._spools:
            if spool.is_refused:
                self._told.clear()
                spool.correct(host, key)
        self._due.set()

    def take(self, spools: list[_Spool]) -> None:
        """Send these, too; each goes where it was meant to go."""
        self._spools += spools
        self._due.set()

    def _write(self) -> None:
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
                lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
                self._append(self.path, lines)

    def _lose(self, lines: list[str]) -> None:
        """Say how many of each session were given up: a loss is an event too."""
        lost = [json.loads(line) for line in lines]
        for session in {event["properties"]["session_id"] for event in lost}:
            given = [e for e in lost if e["properties"]["session_id"] == session]
            seqs = [event["properties"]["seq"] for event in given]
            told = {"count": len(given), "reason": "storage"}
            told.update(first_seq=min(seqs), last_seq=max(seqs))
            envelope = {key: given[-1]["properties"][key] for key in _ENVELOPE}
            event = {**given[-1], "event": "events_dropped", "uuid": str(uuid.uuid4())}
            self._spools[0].add([{**event, "properties": {**told, **envelope}}])

    def _append(self, path: str, lines: str) -> None:
        file = os.open(path, _APPEND, 0o600)
        try:
            os.write(file, lines.encode("utf-8", "replace"))
        finally:
            os.close(file)

    def _send(self) -> None:
        thread = threading.get_ident()
        # What urllib3 says of its own attempts would be shown in the student's cell.
        logging.getLogger("urllib3.connectionpool").addFilter(lambda said: said.thread != thread)
        while True:
            with suppress(Exception):  # it takes its time: not only when the first event is due
                try:
                    importlib.import_module("posthog")
                except ImportError:
                    if self.installs and not self._tried:
                        self._tried = True
                        _install_posthog()
            now = time.monotonic()
            spool = next((s for s in self._spools if s.waiting and s.next_at <= now), None)
            if spool is None:
                pauses = [s.next_at - now for s in self._spools if s.waiting]
                self._due.wait(min(pauses) if pauses else None)
                self._hurry.wait(_GATHER_S)  # one request for many
                self._due.clear()
                continue
            key = spool.key
            try:
                self._post(spool)
            except Exception as error:  # noqa: BLE001 - of posthog, requests, the disk
                if spool.key == key:  # else it was corrected meanwhile
                    self._settle(spool, error)
            if spool is not self._spools[0] and not spool.waiting:
                self._spools.remove(spool)
                spool.close()

    def _post(self, spool: _Spool) -> None:
        from posthog.request import batch_post

        batch = [self._shape(event) for event in spool.batch()]
        batch_post(spool.key, spool.host, gzip=True, timeout=10, batch=batch)
        if spool.is_refused:  # by a captive portal, say, and no longer
            spool.correct()
        spool.done([event["uuid"] for event in batch])
        spool.failures, spool.most = 0, min(2 * spool.most, _MAX_BATCH)

    def _settle(self, spool: _Spool, error: Exception) -> None:
        """The same rules as in the browser, see src/delivery/dispatcher.ts."""
        status = getattr(error, "status", None)
        asked = getattr(error, "retry_after", None)
        asked = asked if isinstance(asked, (int, float)) else 0
        if status in (401, 403):
            spool.refuse()
            self._tell(
                f"{spool.host} refuses the key ({status}). Events wait here until it is corrected"
            )
        elif isinstance(status, int) and 400 <= status < 500 and status not in (408, 429):
            batch = spool.batch()
            if len(batch) > 1:  # halved until the one that is not wanted stands alone
                spool.most = len(batch) // 2
                return
            refused = {**batch[0], "reason": f"{status} {_message(error)[:_MAX_LABEL]}"}
            try:
                path = os.path.join(_folder(), "refused.jsonl")
                self._append(path, json.dumps(refused, ensure_ascii=False) + "\n")
            except OSError:
                with suppress(Exception):  # an event that another program left
                    if batch[0]["event"] != "events_dropped":  # else it would not end
                        self._lose([json.dumps(batch[0])])
            spool.done([batch[0]["uuid"]])
        else:
            if isinstance(error, ImportError):
                self._tell("events wait here until posthog can be imported: pip install posthog")
            spool.failures += 1
            pause = min(_LONGEST_S, 2.0 ** (spool.failures - 1)) * random.uniform(0.5, 1)
            spool.next_at = time.monotonic() + max(min(asked, 3600), pause)

    def _tell(self, notice: str) -> None:
        if notice not in self._told:
            self._told.add(notice)
            self.notice = notice

    def _shape(self, event: dict[str, Any]) -> dict[str, Any]:
        """What posthog makes of an event, less all that it adds unasked, as in the browser."""
        self._shaped.clear()
        with suppress(Exception):  # one for Python 3.8 or 3.9 has no before_send
            if self._client is None:
                from posthog import Posthog

                # Nothing is sent by it, it only shapes: by `before_send`, which drops the event.
                options = {"sync_mode": True, "before_send": self._shaped.append}
                self._client = Posthog("ipynb-telemetry", host="http://127.0.0.1:9", **options)
            self._client.capture(
                event=event["event"],
                distinct_id=event["distinct_id"],
                properties=event["properties"],
                timestamp=datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")),
                uuid=event["uuid"],
            )
        from posthog.version import VERSION

        added = {"$lib": "posthog-python", "$lib_version": VERSION}
        added = self._shaped[-1]["properties"] if self._shaped else added
        labels = {name: added[name] for name in ("$lib", "$lib_version") if name in added}
        return {**event, "properties": {**event["properties"], **labels, **_ADDED}}


def _deliver(host: str, key: str | None, installs: bool) -> _Delivery:
    """One for each destination."""
    same = [d for d in _state().deliveries if (d.host, d.key, d.pid) == (host, key, os.getpid())]
    if not same:
        same = [_Delivery(host, key, installs)]
        _state().deliveries += same
    return same[0]
