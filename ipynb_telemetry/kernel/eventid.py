# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The ids of events: a page sends what waits in the order of these."""

from __future__ import annotations

import os
import time
import uuid

from .shared import _state

_TICKS = 4096  # in a millisecond: what the twelve bits behind the milliseconds of a UUID count


def _uuid7() -> str:
    """A UUID of version 7 that sorts behind all before it, also within a millisecond.

    Its random bytes no test replaces, unlike those of `uuid.uuid4`.
    """
    state = _state()
    with state.guard:
        # The clock may be coarse, or set back.
        state.tick = max(state.tick + 1, time.time_ns() * _TICKS // 1_000_000)
        stamp, rest = divmod(state.tick, _TICKS)
    chance = int.from_bytes(os.urandom(8), "big") & ~(0x3 << 62)
    return str(uuid.UUID(int=stamp << 80 | 0x7 << 76 | rest << 64 | 0x2 << 62 | chance))
