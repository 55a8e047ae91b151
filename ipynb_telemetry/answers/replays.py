"""Replays that are kept, so that several answers about a window, and polls, fold it once."""

from __future__ import annotations

import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from .question import Question
from .replay import Replay, Window

MOST = 8
MOST_FACTS = 200_000
"""How many are kept, and how many facts of them all, some 40 MB; the latest one is in any case."""
UNUSED_S = 900
"""After how long a replay that nobody asks for is forgotten, at the next question of a window."""


class Replays:
    """The latest replays of one store. Threads may share them, and read one at a time."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: OrderedDict[Window, tuple[Replay, float]] = OrderedDict()
        self._store: tuple[object, ...] = ()
        self._lock = Lock()
        self._is_stopped = False

    @contextmanager
    def at(self, store: sqlite3.Connection, question: Question) -> Iterator[Replay]:
        """Give the replay of a question's window, with what the store has of it now.

        Args:
            store: within a transaction.
            question: has a window.

        Raises:
            sqlite3.OperationalError: `stop` was called meanwhile.
        """
        with self._lock:
            # Rows that were built again have other ids, and another file has other rows.
            *built, rev = store.execute(
                "SELECT version, builds, (SELECT uuid FROM events ORDER BY id LIMIT 1), rev"
                " FROM facts_state"
            ).fetchone()
            if self._store != tuple(built):
                self._forget(0)
                self._store = tuple(built)
            window = Window.of(question)
            replay, _ = self._kept.pop(window, (None, 0.0))
            replay = replay or Replay(window)
            try:
                replay.catch_up(store, rev, self._go_on)
            except BaseException:
                replay.close()
                raise
            self._kept[window] = replay, time.monotonic()
            self._forget(MOST)
            yield replay

    def stop(self) -> None:
        """Let a fold that goes on end by an error, and every other that would begin."""
        self._is_stopped = True

    def close(self) -> None:
        """Forget all."""
        with self._lock:
            self._forget(0)

    def _go_on(self) -> None:
        if self._is_stopped:
            raise sqlite3.OperationalError("the server stops")

    def _forget(self, most: int) -> None:
        """Forget the earliest until there are so many, and those that are too large or too old."""
        until = time.monotonic() - UNUSED_S
        facts = sum(replay.facts for replay, _ in self._kept.values())
        while self._kept:
            window, (replay, used) = next(iter(self._kept.items()))
            is_latest = len(self._kept) == 1
            is_over = len(self._kept) > most or used < until or facts > MOST_FACTS
            if not is_over or (is_latest and most):
                break
            del self._kept[window]
            facts -= replay.facts
            replay.close()
