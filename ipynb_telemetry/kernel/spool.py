# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that wait for a destination, in files that outlive the kernel."""

from __future__ import annotations

import json
import os
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

from .account import _APPEND, _folder
from .answer import _Meaning
from .claims import _Claims
from .filelock import _lock
from .pace import _Pace, _settle
from .rules import _rules
from .studentcode import _is_code

_NEEDED = {"uuid", "distinct_id", "timestamp", "properties"}  # parts of an event that can be sent
_MAX_BATCH_TEXT = 1_000_000  # characters
_MAX_WAITING = 10_000  # events


class _Spool:
    """Events that wait for one destination, in a file that this process has locked.

    Lines are only added: the destination with the claims that are left, events, and the uuids of
    those that are `done`. So whatever kills the process, the next one can take the file up. An
    event whose `done` was not written in time is sent again, under the same uuid.
    """

    def __init__(
        self, path: str, host: str, key: str, fingerprint: str = "", file: int = -1
    ) -> None:
        self.path = path
        self.host = host
        self.key = key
        self.fingerprint = fingerprint  # of the only certificate that is trusted; "": as usual
        self.waiting: dict[str, str] = {}  # uuid: JSON, oldest first
        self._named: set[str] = set()  # uuids of those that are under a name, and no code
        self.claims = _Claims()  # of sessions of events that have arrived
        self.pace = _Pace()  # by `time.monotonic()`
        self.is_refused = False  # the key, by the host, or the host, by its certificate
        self._asked_until = 0.0  # of the same clock: the end of a pause that the host asked for
        self._file = file
        self._guard = threading.Lock()

    @classmethod
    def create(cls, host: str, key: str, fingerprint: str = "") -> _Spool:
        """Make a spool; where no file can be had, its events wait in memory."""
        spool = cls("", host, key, fingerprint)
        with suppress(OSError):
            path = os.path.join(_folder(), f"spool-{uuid.uuid4().hex}.jsonl")
            # Before it is locked nobody may take the file for a spool that was left.
            new = path if os.name == "nt" else path + ".new"  # Windows renames no open file
            spool._file = os.open(new, _APPEND, 0o600)
            try:
                _lock(spool._file)
                spool._write_destination()
                if new != path:
                    os.rename(new, path)
                spool.path = path
            except OSError:
                os.close(spool._file)
                spool._file = -1
                os.unlink(new)
        return spool

    @classmethod
    def adopt(cls, path: str, host: str, key: str, fingerprint: str = "") -> _Spool:
        """Take up a spool that a process left, and lock it; OSError while its process lives.

        Its events go where they were to go or, when that was refused, to `host`, under `key`.
        """
        file = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            _lock(file)
            with open(path, encoding="utf-8", errors="replace", newline="\n") as reader:
                lines = reader.read().split("\n")  # `splitlines` would split within texts
        except BaseException:
            os.close(file)
            raise
        spool = cls(path, host, key, fingerprint, file)
        for line in lines:
            with suppress(Exception):  # the last line may have been cut off
                spool._read(line, host, key, fingerprint)
        os.write(file, b"\n")
        return spool

    def _read(self, line: str, host: str, key: str, fingerprint: str) -> None:
        read = json.loads(line)
        if "api_key" in read:
            self.host = read["host"]
            self.key = read["api_key"]
            self.fingerprint = read.get("certificate", "")  # older versions knew of none
            left = read.get("unclaimed", {}).items()
            self.claims.left = {str(session): str(verifier) for session, verifier in left}
        elif read.get("unauthorized"):
            self.host = host
            self.key = key
            self.fingerprint = fingerprint
        for done in read.get("done", ()):
            self.waiting.pop(done, None)
            self._named.discard(done)
        if "event" in read and read.keys() >= _NEEDED and read["properties"] is not None:
            self._keep(read, line)

    def add(self, events: list[dict[str, Any]]) -> list[str]:
        """Write events down; gives back the oldest, as JSON, where too many wait."""
        with self._guard:
            for event in events:
                self._keep(event, json.dumps(event, ensure_ascii=False))
            self._write(*(self.waiting[event["uuid"]] for event in events))
            surplus = len(self.waiting) - _MAX_WAITING
            oldest = list(self.waiting)[: surplus + _MAX_WAITING // 100] if surplus > 0 else []
            lost = [self.waiting[each] for each in oldest]
        self.done(oldest)
        return lost

    def claim(self, host: str, key: str, fingerprint: str, events: list[dict[str, Any]]) -> None:
        """Claim the sessions of events that have arrived at a host, and those that are left."""
        if self.claims.tell(host, key, fingerprint, events):
            with self._guard:
                self._write_destination()  # with what is left now, for the next process

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to be sent."""
        return not self.waiting and not self.claims.left

    def _keep(self, event: dict[str, Any], line: str) -> None:
        self.waiting[event["uuid"]] = line
        if not _is_code(str(event.get("distinct_id", ""))):
            self._named.add(event["uuid"])

    @property
    def may_leave(self) -> bool:
        """Whether events wait that may be sent, now or after a pause."""
        return len(self.waiting) > len(self._held())

    def _held(self) -> set[str]:
        """The uuids of events that stay here for now: where students go by codes no name leaves."""
        return self._named if self._named and _rules()["isPseudonym"] else set()

    def batch(self) -> list[dict[str, Any]]:
        """The oldest events that may be sent, as many as one request takes."""
        batch: list[dict[str, Any]] = []
        size = 0
        held = self._held()
        with self._guard:
            lines = [line for each, line in self.waiting.items() if each not in held]
            for line in lines[: self.pace.max_count]:
                size += len(line)
                if batch and size > _MAX_BATCH_TEXT:
                    break
                batch.append(json.loads(line))
        return batch

    def done(self, uuids: list[str]) -> None:
        """Let events go that have arrived, or were given up."""
        with self._guard:
            for each in uuids:
                self.waiting.pop(each, None)
                self._named.discard(each)
            if uuids:
                self._write({"done": uuids})
            if not self.waiting and self._file >= 0:
                with suppress(OSError):
                    os.ftruncate(self._file, 0)
                self._write_destination()

    def drop(self, student: str) -> int:
        """Let the events of a student go unsent; gives how many there were."""
        with self._guard:
            waiting = list(self.waiting.items())
        theirs = [each for each, line in waiting if json.loads(line)["distinct_id"] == student]
        self.done(theirs)
        return len(theirs)

    @property
    def is_due(self) -> bool:
        """Whether events wait that may be sent now."""
        return self.may_leave and self.pace.not_before <= time.monotonic()

    def settle(self, count: int, verdict: _Meaning, chance: float) -> tuple[str, str | None]:
        """Go on after an attempt with so many events; gives their state, and why it is that."""
        now = time.monotonic()
        # A kernel cuts no event: all that is long was cut when the event was made.
        outcome = _settle(self.pace, count, False, verdict, now, chance)
        self.pace = outcome.pace
        self._asked_until = now + verdict.after_s if verdict.after_s else 0.0
        if verdict.kind == "unauthorized":
            self.refuse()
        return outcome.state, outcome.reason

    def refuse(self) -> None:
        """Keep the events for another destination, which a later call or kernel may know."""
        if not self.is_refused:
            self.is_refused = True
            with self._guard:
                self._write({"unauthorized": True})

    def hurry(self) -> None:
        """Wait no longer than the host asked for, or until the destination is corrected."""
        if not self.is_refused:
            self.claims.not_before = 0.0
            not_before = min(self.pace.not_before, self._asked_until)
            self.pace = self.pace._replace(not_before=not_before)

    def correct(self, host: str = "", key: str = "", fingerprint: str = "") -> None:
        """Send again, to another destination where one is given."""
        with self._guard:
            self.host = host or self.host
            self.key = key or self.key
            self.fingerprint = fingerprint if host else self.fingerprint
            self.is_refused = False
            self.pace = self.pace._replace(not_before=0.0)
            self._write_destination()

    def close(self) -> None:
        """Leave the events that wait to the next process."""
        with self._guard, suppress(OSError):
            file = self._file
            self._file = -1
            if file >= 0:
                os.close(file)  # first: Windows deletes no open file
                if self.is_empty:
                    os.unlink(self.path)

    def _write_destination(self) -> None:
        told: dict[str, Any] = {"host": self.host, "api_key": self.key}
        if self.fingerprint:
            told["certificate"] = self.fingerprint
        if self.claims.left:
            told["unclaimed"] = self.claims.left
        self._write(told)

    def _write(self, *lines: Any) -> None:
        text = "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
        )
        if self._file >= 0:
            with suppress(OSError):  # the disk is full: the events still wait in memory
                os.write(self._file, text.encode("utf-8", "replace"))
