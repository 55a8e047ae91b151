"""Ranges of the numbers that a session's events have."""

from __future__ import annotations

from collections.abc import Iterable


def apart(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give ranges of numbers, both ends included, as ranges apart from one another, in order."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        elif first <= last:
            found.append((first, last))
    return found
