"""Which sender sent events of which student: without a hub, names are claims."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable
from sqlite3 import Connection

HEADER = "Telemetry-Sender"
"""The header in which a student's server or kernel tells a random id of itself."""

_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
_WRITTEN_AGAIN_MS = 60_000
_MOST = 10_000  # pairs in memory

Write = Callable[[Connection], None]


def read_sender(text: str | None) -> str | None:
    """Give the id in a header; None: there is none of the form that ours have."""
    return text if text and _ID.fullmatch(text) else None


class Senders:
    """Knows which pairs were written a moment ago: a write for each batch would be too many."""

    def __init__(self) -> None:
        """Know of none."""
        self._written: OrderedDict[tuple[str, str], int] = OrderedDict()

    def news(self, sender: str, students: Iterable[str], now_ms: int) -> Write | None:
        """Give what writes the pairs that are due within a transaction; None: none are."""
        due = [
            (sender, student)
            for student in dict.fromkeys(students)
            if now_ms - self._written.get((sender, student), 0) >= _WRITTEN_AGAIN_MS
        ]
        if not due:
            return None
        for pair in due:
            self._written[pair] = now_ms
            self._written.move_to_end(pair)
        while len(self._written) > _MOST:
            self._written.popitem(last=False)

        def write(connection: Connection) -> None:
            connection.executemany(
                # Of an erased student no event was stored, and nothing is to be known.
                "INSERT INTO sender SELECT ?1, ?2, ?3, ?4"
                " WHERE EXISTS (SELECT 1 FROM events WHERE distinct_id = ?2)"
                " ON CONFLICT (sender, student) DO UPDATE SET last_ms = excluded.last_ms",
                ((*pair, now_ms, now_ms) for pair in due),
            )

        return write
