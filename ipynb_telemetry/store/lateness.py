"""How late the events of a session came: a histogram that is exact in all but its widths.

An event is as late as `received - ts` is above the least of its session, which is how far the
student's clock is behind. That least is only known once all events are there. So counts are kept by
cells of `received - ts` itself: a cell has a power of two of milliseconds, begins at a multiple of
it, and is as wide as its distance from the least, divided by `_PARTS`, allows. A lower least makes
every distance longer, and each cell a part of a wider one: what was counted goes over whole. The
histogram is therefore a function of the events alone, in whatever order they came, and a percentile
is right to a sixteenth, or to 64 ms. There are some dozens of cells, whatever the number of events.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection

_PARTS = 8
_NARROWEST = 6  # a cell of 2**6 = 64 ms
_ENCODER = json.JSONEncoder(separators=(",", ":"))


class Lateness:
    """The histogram of one session."""

    def __init__(self, least: int, text: str) -> None:
        """Go on from where a histogram was.

        Args:
            least: the least of `received - ts` so far, milliseconds; of no meaning without counts.
            text: what `text` gave; empty: there was no event yet.
        """
        self._least = least
        flat: list[int] = json.loads(text) if text else []
        self._counts = dict(zip(flat[::2], flat[1::2], strict=True))

    def add(self, ahead: Collection[int]) -> None:
        """Count events by their `received - ts`, in milliseconds; there is at least one."""
        least = min(ahead)
        if not self._counts or least < self._least:
            before, self._counts, self._least = self._counts, {}, least
            for edge, count in before.items():
                self._count(edge, count)
        # A cell is made of whole cells of the narrowest width.
        for edge, count in Counter([value & -(1 << _NARROWEST) for value in ahead]).items():
            self._count(edge, count)

    @property
    def text(self) -> str:
        """The counts: the lower edge of a cell, how many, and so on, by their edges."""
        if not self._counts:
            return ""
        flat = [number for cell in sorted(self._counts.items()) for number in cell]
        return _ENCODER.encode(flat)

    @property
    def p95_ms(self) -> int:
        """The lateness that 95 % of the events do not exceed, in milliseconds; 0 without any."""
        if not self._counts:
            return 0
        left = sum(self._counts.values()) // 20
        edges = sorted(self._counts, reverse=True)
        latest = 0
        # From the latest on, past the twentieth that may be later.
        while left >= (count := self._counts[edges[latest]]):
            left -= count
            latest += 1
        edge = edges[latest]
        if edge <= self._least:
            return 0  # the cell that the least itself is in
        return edge + (1 << self._level(edge)) // 2 - self._least

    def _count(self, ahead: int, count: int) -> None:
        edge = ahead & -(1 << self._level(ahead))
        self._counts[edge] = self._counts.get(edge, 0) + count

    def _level(self, ahead: int) -> int:
        """Give the width of the cell that this value is in, as a power of two."""
        level = ((ahead - self._least) // _PARTS).bit_length() - 1
        if level <= _NARROWEST:
            return _NARROWEST
        # It is the lower edge whose distance counts, so that it alone names the cell.
        while level > _NARROWEST and ((ahead & -(1 << level)) - self._least) >> level < _PARTS:
            level -= 1
        return level
