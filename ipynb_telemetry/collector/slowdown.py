"""Wrong keys and codes: who guesses has to wait, ever longer."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

FREE = 3  # a person mistypes
LONGEST_S = 60.0  # whoever shares an address with somebody who guesses waits too
_FORGOTTEN_S = 900.0
_MOST = 10_000  # addresses


class _Failures(NamedTuple):
    times: int
    at: float


class SlowDown:
    """Counts wrong keys, or codes, by address, in memory."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        longest_s: float = LONGEST_S,
        free: int = FREE,
    ) -> None:
        """Know of none.

        Args:
            clock: in seconds.
            longest_s: nobody waits longer.
            free: how many wrong keys of an address cost no pause.
        """
        self._clock = clock
        self._longest_s = longest_s
        self._free = free
        self._known: OrderedDict[str, _Failures] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """Give the seconds until a key of this address is looked at; 0: now."""
        failures = self._recall(address)
        if failures.times <= self._free:
            return 0.0
        pause_s = min(2.0 ** (failures.times - self._free), self._longest_s)
        return max(failures.at + pause_s - self._clock(), 0.0)

    def fail(self, address: str) -> None:
        """Count a wrong key."""
        times = self._recall(address).times + 1
        self._known[address] = _Failures(times, self._clock())
        self._known.move_to_end(address)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)

    def forget(self, address: str) -> None:
        """Begin anew: the key was right."""
        self._known.pop(address, None)

    def _recall(self, address: str) -> _Failures:
        known = self._known.get(address, _Failures(0, 0.0))
        return known if self._clock() - known.at < _FORGOTTEN_S else _Failures(0, 0.0)
