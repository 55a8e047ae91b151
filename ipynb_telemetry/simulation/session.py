"""A student's session: its time, and what each event has beside its properties."""

from __future__ import annotations

import random
import uuid
from typing import Any, NamedTuple

from ..kernel.batch import _ADDED, _LIBRARY
from ..kernel.request import _iso

_LONGEST_PAUSE_S = 60.0  # a longer pause counts as so much work, as in activityclock.ts


class Played(NamedTuple):
    """An event of a simulated class.

    Attributes:
        at_ms: when it happens, in milliseconds since the lesson began.
        arrives_ms: when it is sent, in milliseconds since the lesson began.
        event: as it goes over the wire: `uuid`, `event`, `distinct_id`, `timestamp`, `properties`.
    """

    at_ms: int
    arrives_ms: int
    event: dict[str, Any]


class Session:
    """A student in a notebook, from ready to closed. Its clock goes on as it is told."""

    def __init__(self, student: str, notebook: str, begins_ms: int, seed: object) -> None:
        """Begin at the beginning of the lesson.

        Args:
            student: the id.
            notebook: the id.
            begins_ms: when the lesson begins, in milliseconds since 1970.
            seed: of the uuids.
        """
        self._student = student
        self._notebook = notebook
        self._begins_ms = begins_ms
        self._ids = random.Random(f"ids {seed} {begins_ms}")
        self._id = str(uuid.UUID(int=self._ids.getrandbits(128), version=4))
        self._active_s = 0.0
        self._opened_s: float | None = None
        self.at_s = 0.0
        self.events: list[Played] = []

    @property
    def took_ms(self) -> int:
        """How long the session has lasted."""
        return round((self.at_s - (self._opened_s or 0.0)) * 1000)

    def work(self, seconds: float) -> None:
        """Let time pass in which the student types, scrolls, reads."""
        self.at_s += seconds
        self._active_s += seconds

    def rest(self, seconds: float) -> None:
        """Let time pass without any sign of work."""
        self.at_s += seconds
        self._active_s += min(seconds, _LONGEST_PAUSE_S)

    def say(self, event: str, **properties: Any) -> None:
        """Tell of an event that happens now."""
        if self._opened_s is None:
            self._opened_s = self.at_s
            self._active_s = 0.0
        at_ms = round(self.at_s * 1000)
        stamp = self._begins_ms + at_ms
        envelope = {
            "student_id": self._student,
            "notebook": self._notebook,
            "session_id": self._id,
            "seq": len(self.events) + 1,
            "active_ms": round(self._active_s * 1000),
            "simulated": True,
        }
        told = {
            "uuid": self.uuid7(stamp),
            "event": event,
            "distinct_id": self._student,
            "timestamp": _iso(stamp / 1000),
            "properties": {**properties, **envelope, **_LIBRARY, **_ADDED},
        }
        self.events.append(Played(at_ms, at_ms, told))

    def uuid7(self, stamp_ms: int) -> str:
        """Give a UUID in the order of time."""
        rest = self._ids.getrandbits(80) & ~(0xF << 76) & ~(0x3 << 62)
        return str(uuid.UUID(int=stamp_ms << 80 | 0x7 << 76 | 0x2 << 62 | rest))
