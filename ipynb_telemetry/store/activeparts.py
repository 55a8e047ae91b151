"""Active time at an item in parts, each since a test of the session last passed for the first time.

The exercise that an item belongs to is known only when an answer is asked for. The parts say, then,
how much of the item's active time came after any test of its exercise had passed.

The parts are a text, `since_ms:active_ms` after `since_ms:active_ms`, the earliest first. Of more
than `MOST` the earliest become one part, which began when the first of them did.
"""

from __future__ import annotations

from collections.abc import Iterable

MOST = 20


def with_active(parts: str, since_ms: int, active_ms: int) -> str:
    """Add active time to the part that began then, the latest or a new one."""
    if not active_ms:
        return parts
    before, _, last = parts.rpartition(" ")
    begun, _, active = last.partition(":")
    if begun == str(since_ms):
        return f"{before} {begun}:{int(active) + active_ms}".lstrip()
    return _bounded(f"{parts} {since_ms}:{active_ms}".lstrip())


def joined(several: Iterable[str]) -> str:
    """Put the parts of several sessions together, the earliest session first."""
    return _bounded(" ".join(filter(None, several)))


def active_since(parts: str, since_ms: int) -> int:
    """Give the active time of the parts that began then or later, in milliseconds."""
    return sum(active for begun, active in _read(parts) if begun >= since_ms)


def _bounded(parts: str) -> str:
    over = parts.count(" ") + 1 - MOST
    if over <= 0:
        return parts
    found = _read(parts)
    earliest = sum(active for _, active in found[: over + 1])
    rest = [(found[0][0], earliest), *found[over + 1 :]]
    return " ".join(f"{begun}:{active}" for begun, active in rest)


def _read(parts: str) -> list[tuple[int, int]]:
    found = []
    for part in parts.split():
        begun, _, active = part.partition(":")
        found.append((int(begun), int(active)))
    return found
