"""A signal that a student may need an instructor."""

from __future__ import annotations

from typing import NamedTuple

MINUTE_MS = 60_000


class Signal(NamedTuple):
    """A signal of a student.

    Attributes:
        student, notebook: whose, in which notebook.
        number: of the exercise; None: the signal is about none.
        signal: `S1` to `S6`.
        reason: the sentence.
        since_ms: when it began; `last_ms`: the student's last event; by the server's clock.
    """

    student: str
    notebook: str
    number: int | None
    signal: str
    reason: str
    since_ms: int
    last_ms: int
