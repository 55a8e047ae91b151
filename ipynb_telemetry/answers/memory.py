"""Readings of a notebook, kept while nothing of the notebook changes.

In a course one notebook is at work, and the others are as they were. So a question about all of
them costs little more than one about the notebook at work.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

_MOST = 200  # readings, of a few megabytes at most each

T = TypeVar("T")


class Memory:
    """Readings by what was read; of each the latest one. Threads may share a memory."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._kept: OrderedDict[Hashable, tuple[Hashable, Any]] = OrderedDict()
        self._lock = Lock()

    def recall(self, what: Hashable, stamp: Hashable, read: Callable[[], T]) -> T:
        """Give a reading, which nobody may change.

        Args:
            what: is read.
            stamp: another one says that what is read has changed.
            read: reads it.
        """
        with self._lock:
            kept = self._kept.get(what)
            if kept is not None and kept[0] == stamp:
                self._kept.move_to_end(what)
                found: T = kept[1]
                return found
        found = read()
        with self._lock:
            self._kept[what] = (stamp, found)
            self._kept.move_to_end(what)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return found
