# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that wait, in files that outlive the kernel."""

from __future__ import annotations

import json
import os
import re
import threading
import time
import uuid
from contextlib import suppress
from typing import Any

_SPOOL = re.compile(r"spool-\w+\.jsonl")
_NEEDED = {"uuid", "distinct_id", "timestamp", "properties"}  # of an event, to be sent
_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT
_MAX_BATCH, _MAX_WAITING = 100, 10_000  # events
_LONGEST_S = 120.0  # between two attempts


def _folder(makes: bool = True) -> str:
    """Where events wait or, without a key, stay: for the owner only."""
    try:
        from jupyter_core.paths import jupyter_data_dir

        above = jupyter_data_dir()
    except ImportError:
        above = os.environ.get("JUPYTER_DATA_DIR") or os.path.expanduser("~/.local/share/jupyter")
    folder = os.path.join(above, "ipynb-telemetry")
    if makes:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} cannot be written to")
    return folder


def _lock(file: int) -> None:
    """Until the file is closed or the process ends; OSError while another has it."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        import msvcrt

        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]


class _Spool:
    """Events that wait for one destination, in a file that this process has locked.

    Lines are only added: the destination, events, and the uuids of those that are `done`. So
    whatever kills the process, the next one can take the file up. An event whose `done` was not
    written in time is sent again, under the same uuid.
    """

    def __init__(self, path: str, host: str, key: str) -> None:
        self.path, self.host, self.key = path, host, key
        self.waiting: dict[str, str] = {}  # uuid: JSON, oldest first
        self.next_at, self.failures, self.most = 0.0, 0, _MAX_BATCH
        self.is_refused = False
        self._file, self._guard = -1, threading.Lock()

    @classmethod
    def create(cls, host: str, key: str) -> _Spool:
        """A new one; where no file can be had, events wait in memory."""
        spool = cls("", host, key)
        with suppress(OSError):
            path = os.path.join(_folder(), f"spool-{uuid.uuid4().hex}.jsonl")
            # Nobody may take it for one that was left before it is locked.
            new = path if os.name == "nt" else path + ".new"  # which renames no open file
            spool._file = os.open(new, _APPEND, 0o600)
            try:
                _lock(spool._file)
                spool._write({"host": host, "api_key": key})
                if new != path:
                    os.rename(new, path)
                spool.path = path
            except OSError:
                os.close(spool._file)
                spool._file = -1
                os.unlink(new)
        return spool

    @classmethod
    def adopt(cls, path: str, host: str, key: str) -> _Spool:
        """One that a process left, locked from now on; OSError while its process lives.

        It goes where it was to go or, when that key was refused there, to `host` and `key`.
        """
        file = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            _lock(file)
            with open(path, encoding="utf-8", errors="replace", newline="\n") as reader:
                lines = reader.read().split("\n")  # a text may hold the others
        except BaseException:
            os.close(file)
            raise
        spool = cls(path, host, key)
        spool._file = file
        for line in lines:
            with suppress(Exception):  # the last line may have been cut off
                read = json.loads(line)
                if "api_key" in read:
                    spool.host, spool.key = read["host"], read["api_key"]
                elif read.get("unauthorized"):
                    spool.host, spool.key = host, key
                for done in read.get("done", ()):
                    spool.waiting.pop(done, None)
                if "event" in read and read.keys() >= _NEEDED and read["properties"] is not None:
                    spool.waiting[read["uuid"]] = line
        os.write(file, b"\n")
        return spool

    def add(self, events: list[dict[str, Any]]) -> list[str]:
        """Write events down; gives the oldest back where too many wait."""
        with self._guard:
            for event in events:
                self.waiting[event["uuid"]] = json.dumps(event, ensure_ascii=False)
            self._write(*(self.waiting[event["uuid"]] for event in events))
            surplus = len(self.waiting) - _MAX_WAITING
            oldest = list(self.waiting)[: surplus + _MAX_WAITING // 100] if surplus > 0 else []
            lost = [self.waiting[each] for each in oldest]
        self.done(oldest)
        return lost

    def batch(self) -> list[dict[str, Any]]:
        with self._guard:
            size, batch = 0, []
            for line in list(self.waiting.values())[: self.most]:
                size += len(line)
                if batch and size > 1_000_000:
                    break
                batch.append(json.loads(line))
            return batch

    def done(self, uuids: list[str]) -> None:
        with self._guard:
            for each in uuids:
                self.waiting.pop(each, None)
            if uuids:
                self._write({"done": uuids})
            if not self.waiting and self._file >= 0:
                with suppress(OSError):
                    os.ftruncate(self._file, 0)
                self._write({"host": self.host, "api_key": self.key})

    def refuse(self) -> None:
        self.is_refused, self.next_at = True, time.monotonic() + _LONGEST_S
        with self._guard:
            self._write({"unauthorized": True})

    def correct(self, host: str = "", key: str = "") -> None:
        with self._guard:
            self.host, self.key = host or self.host, key or self.key
            self.is_refused, self.next_at = False, 0.0
            self._write({"host": self.host, "api_key": self.key})

    def close(self) -> None:
        """Leave what waits to the next process."""
        with self._guard, suppress(OSError):
            file, self._file = self._file, -1
            if file >= 0:
                os.close(file)  # first: Windows deletes no open file
                if not self.waiting:
                    os.unlink(self.path)

    def _write(self, *lines: Any) -> None:
        text = "".join(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
        )
        if self._file >= 0:
            with suppress(OSError):  # the disk is full: they still wait in memory
                os.write(self._file, text.encode("utf-8", "replace"))


def _adopt(host: str, key: str) -> list[_Spool]:
    """Take up what processes that ended left."""
    spools = []
    with suppress(OSError):
        folder = _folder(makes=False)
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with suppress(OSError):
                if _SPOOL.fullmatch(name):
                    spool = _Spool.adopt(path, host, key)
                    if spool.waiting:
                        spools.append(spool)
                    else:
                        spool.close()
                elif name.endswith(".new") and time.time() - os.path.getmtime(path) > 3600:
                    os.unlink(path)  # its process was killed before it could be used
    return spools
