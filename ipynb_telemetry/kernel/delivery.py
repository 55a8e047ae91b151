# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Delivery: one thread writes events down, another sends them; no cell waits for either."""

from __future__ import annotations

import json
import os
import random
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from .account import _APPEND, _folder
from .answer import _judge, _Meaning
from .batch import _body
from .post import _NOT_PINNED, _UNTRUSTED, _load_for_posts, _post
from .secrets import _count_secrets
from .sender import _sender
from .shared import _state
from .spool import _Spool

_ENVELOPE = ("student_id", "notebook", "session_id", "seq", "active_ms")
_WRITTEN_S = 2.0  # within which events that were taken are written down
_GATHER_S = 0.5  # in which one request gathers many events


class _Delivery:
    """Takes events, and keeps them until the destination has said that it has them."""

    def __init__(self, host: str, key: str | None, fingerprint: str = "") -> None:
        self.host = host
        self.key = key  # None: events stay in the file `path`
        self.fingerprint = fingerprint  # of the only certificate that is trusted; "": as usual
        self.path = ""
        self.pid = os.getpid()
        self.notice = ""  # to be shown once, where the student looks
        self._told: set[str] = set()  # notices so far
        self._events: SimpleQueue[Any] = SimpleQueue()
        self._due = threading.Event()  # something may have to be sent
        self._hurry = threading.Event()  # the kernel ends
        self._spools: list[_Spool] = []  # this delivery's own, then those that were left
        threads = [self._write]
        if key is not None:
            _load_for_posts()
            self._spools = [_Spool.create(host, key, fingerprint)]
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
        for spool in self._spools:
            spool.hurry()
        self._hurry.set()
        self._due.set()
        while any(s.is_due or s.claims.is_due for s in self._spools) and time.monotonic() < until:
            time.sleep(0.005)
        for spool in self._spools:
            spool.close()

    def drop(self, student: str) -> int:
        """Send nothing more of a student that waits here; gives how much that was."""
        written = threading.Event()
        self._events.put((written, None))
        written.wait(_WRITTEN_S)
        return sum(spool.drop(student) for spool in self._spools)

    @property
    def is_refused(self) -> bool:
        """Whether the host refuses the key, or shows another certificate than is trusted."""
        return bool(self._spools) and self._spools[0].is_refused

    def correct(self, host: str, key: str, fingerprint: str = "") -> None:
        """Send what was refused to another project; from now on this is its delivery."""
        if self.is_refused:
            self.host = host
            self.key = key
            self.fingerprint = fingerprint
        for spool in self._spools:
            if spool.is_refused:
                self._told.clear()
                spool.correct(host, key, fingerprint)
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
                    redacted = _count_secrets(made)
                    if redacted:
                        ready[-1]["properties"]["redacted"] = redacted
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
            last = given[-1]["properties"]
            envelope = {key: last[key] for key in _ENVELOPE if key in last}  # of an older version
            event = {**given[-1], "event": "events_dropped", "uuid": str(uuid.uuid4())}
            self._spools[0].add([{**event, "properties": {**told, **envelope}}])

    def _send(self) -> None:
        """Send for ever the events that are due."""
        while True:
            spool = next((s for s in self._spools if s.is_due or s.claims.is_due), None)
            if spool is None:
                dues = [s.pace.not_before for s in self._spools if s.may_leave]
                dues += [s.claims.not_before for s in self._spools if s.claims.left]
                pauses = [due - time.monotonic() for due in dues]
                self._due.wait(max(0.0, min(pauses)) if pauses else None)
                self._hurry.wait(_GATHER_S)
                self._due.clear()
                continue
            if spool.is_due:
                self._post(spool)
            else:
                with suppress(Exception):
                    spool.claim(spool.host, spool.key, spool.fingerprint, [])
            if spool is not self._spools[0] and spool.is_empty:
                self._spools.remove(spool)
                spool.close()

    def _post(self, spool: _Spool) -> None:
        """Send one batch, and go on as the answer says."""
        host = spool.host
        key = spool.key
        pinned = spool.fingerprint
        batch = spool.batch()
        if not batch:
            return  # the rules have changed meanwhile
        try:
            headers = {"Telemetry-Sender": _sender(key)}
            answer = _post(host, _body(key, batch), fingerprint=pinned, headers=headers)
            verdict = _judge(answer, time.time())
        except Exception as error:  # noqa: BLE001 - a fault of ours or Python's costs no event
            verdict = _Meaning("retry", type(error).__name__)
        is_as_sent = (spool.host, spool.key, spool.fingerprint) == (host, key, pinned)
        if not is_as_sent and verdict.kind != "accepted":
            return  # the spool was corrected meanwhile
        if verdict.kind == "unauthorized":
            words = verdict.reason.partition(" ")[0]
            self._tell(f"{host} refuses the key ({words}). Events wait here until it is corrected")
        elif verdict.reason == _NOT_PINNED:
            spool.refuse()
            words = "shows another certificate than the one that is trusted here. Nothing was sent"
            self._tell(f"{host} {words}, and events wait here until that is corrected")
        elif verdict.reason == _UNTRUSTED:
            self._tell(f"the certificate of {host} is not trusted here. Events wait until it is")
        elif (
            spool.is_refused and verdict.kind == "accepted"
        ):  # a captive portal refused, say, and is gone
            spool.correct()
        if verdict.kind == "accepted":
            # Before the events are let go: a kernel that ends waits for those.
            with suppress(Exception):
                spool.claim(host, key, pinned, batch)
        state, reason = spool.settle(len(batch), verdict, random.random())
        if state == "set_aside":
            self._set_aside(batch[0], reason or "")
        if state != "waiting":
            spool.done([event["uuid"] for event in batch])

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


def _deliver(host: str, key: str | None, fingerprint: str = "") -> _Delivery:
    """The delivery of a destination, which may be another copy's."""
    deliveries: list[_Delivery] = _state().deliveries
    wanted = (host, key, fingerprint, os.getpid())
    for delivery in deliveries:
        pinned = getattr(delivery, "fingerprint", "")  # a copy of an older version pins none
        if (delivery.host, delivery.key, pinned, delivery.pid) == wanted:
            return delivery
    deliveries.append(_Delivery(host, key, fingerprint))
    return deliveries[-1]
