"""How much a class collector takes in a minute, of a student and of an address."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from threading import Lock
from typing import NamedTuple

STUDENT_RATE = 6_000  # events a minute: fifty times what the busiest of a class brings about
ADDRESS_RATE = 120_000  # a class may be behind one address, and back from an hour without network
_LONGEST_S = 3600.0
_SWEEP_EVERY_S = 60.0


class TooManyError(Exception):
    """So many events are not taken in so short a time; they may be sent again later."""

    def __init__(self, whose: str, wait_s: float) -> None:
        """Say why.

        Args:
            whose: in words that follow "of".
            wait_s: until something is taken again, in seconds.
        """
        super().__init__(
            f"Too many events of {whose} in a minute: nothing of this request was stored,"
            " send it again later."
        )
        self.wait_s = wait_s


class _Bucket(NamedTuple):
    left: float  # events that are taken at once; less than none after a large batch
    at: float


class Buckets:
    """Counts events by name: so many are taken at once, and again in each minute.

    A batch is taken whole as long as there is anything left, however large the batch is: a batch
    that is larger than a minute's events would never be taken otherwise.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Have all full."""
        self.a_minute = a_minute
        self._clock = clock
        self._buckets: dict[Hashable, _Bucket] = {}
        self._swept_at = clock()

    def wait_s(self, name: Hashable) -> float:
        """Give the seconds until something is taken; 0: now."""
        left = self._left(name, self._clock())
        return 0.0 if left > 0 else min((1 - left) * 60 / self.a_minute, _LONGEST_S)

    def take(self, name: Hashable, count: int) -> None:
        """Count so many events."""
        now = self._clock()
        self._sweep(now)
        self._buckets[name] = _Bucket(self._left(name, now) - count, now)

    def _left(self, name: Hashable, now: float) -> float:
        bucket = self._buckets.get(name)
        if bucket is None:
            return float(self.a_minute)
        return min(self.a_minute, bucket.left + (now - bucket.at) * self.a_minute / 60)

    def _sweep(self, now: float) -> None:
        # A full bucket says nothing: without this, names that come once would stay for ever.
        if now - self._swept_at >= _SWEEP_EVERY_S:
            self._swept_at = now
            full = [each for each in self._buckets if self._left(each, now) >= self.a_minute]
            for each in full:
                del self._buckets[each]


class Rates:
    """Lets so many events pass in a minute. Threads may share it.

    A student is counted at each address apart: a name is what a sender says, and whoever sends
    under the name of somebody else must not use up what that one may send.
    """

    def __init__(self, students: Buckets, addresses: Buckets) -> None:
        """Count in these."""
        self._students = students
        self._addresses = addresses
        self._lock = Lock()

    def check(self, address: str, student: str | None = None) -> None:
        """See whether anything of a sender is taken now.

        Args:
            address: that sends.
            student: who sends, where that is known.

        Raises:
            TooManyError: nothing is.
        """
        with self._lock:
            self._check_address(address)
            if student is not None:
                self._check_students(address, [student])

    def charge(self, address: str, count: int, student: str | None = None) -> None:
        """Count what a sender sent in vain as so many events."""
        with self._lock:
            self._addresses.take(address, count)
            if student is not None:
                self._students.take((address, student), count)

    def take(self, address: str, counts: Mapping[str, int]) -> None:
        """Count the events of a request, all or none.

        Args:
            address: that sends them.
            counts: how many there are of each student.

        Raises:
            TooManyError: the events are not taken now.
        """
        with self._lock:
            self._check_address(address)
            self._check_students(address, counts)
            self._addresses.take(address, sum(counts.values()))
            for student, count in counts.items():
                self._students.take((address, student), count)

    def _check_address(self, address: str) -> None:
        wait_s = self._addresses.wait_s(address)
        if wait_s:
            raise TooManyError("one network address", wait_s)

    def _check_students(self, address: str, students: Iterable[str]) -> None:
        waits = (self._students.wait_s((address, student)) for student in students)
        wait_s = max(waits, default=0.0)
        if wait_s:
            raise TooManyError("one student", wait_s)
