"""The question of an instructor: about which notebooks, which group, which time."""

from __future__ import annotations

from typing import NamedTuple

from .thresholds import Thresholds


class Question(NamedTuple):
    """Which part of a class is asked about.

    Attributes:
        now_ms: when it is asked, by the server's clock, in milliseconds since 1970.
        notebooks: ids of notebooks; none: all.
        group: the group of the roster; empty: the whole class.
        since_ms, until_ms: the time window, both ends included; None: open at that end.
        is_simulated: whether the simulated class is asked about instead of the real one.
        thresholds: when something is worth saying.
    """

    now_ms: int
    notebooks: tuple[str, ...] = ()
    group: str = ""
    since_ms: int | None = None
    until_ms: int | None = None
    is_simulated: bool = False
    thresholds: Thresholds = Thresholds()

    @property
    def has_window(self) -> bool:
        """Whether a part of the time is asked about."""
        return self.since_ms is not None or self.until_ms is not None

    @property
    def at_ms(self) -> int:
        """The moment that "now" means in the answer: the window's end where that is past."""
        return self.now_ms if self.until_ms is None else min(self.now_ms, self.until_ms)
