# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The look at what no page has acknowledged: when no cell runs, and less and less often."""

from __future__ import annotations

import importlib
import time
from contextlib import suppress
from typing import Any

from .leftbehind import _TRIES, _give_left, _leave_behind
from .pages import _open_comms
from .shared import _shell, _state
from .unheard import _PAUSE_S, _look_later, _repeat

_RAREST_S = 300.0


def _take_loop() -> None:
    """Know the loop that this kernel is in when no cell runs; some kernels have none."""
    with suppress(Exception):
        state = _state()
        state.look = _look
        state.loop = importlib.import_module("asyncio").get_running_loop()


def _look() -> None:
    """Send again what is due, unless cells run one behind the other, and acknowledgements wait."""
    with suppress(Exception):
        state = _state()
        state.watches = False
        count = getattr(_shell(), "execution_count", 0)
        is_quiet = count == state.count
        state.count = count
        waits = [page for page in _open_comms() if page.get("unheard")]
        with state.guard:
            for page in waits if is_quiet else ():
                _look_at(page)
        pauses = [page["due"] - time.monotonic() for page in _open_comms() if page.get("unheard")]
        if pauses:
            # A clock that a cell had stopped may put what is due years ahead.
            _look_later(max(0.1, min(*pauses, _RAREST_S)) if is_quiet else _PAUSE_S)


def _look_at(page: dict[str, Any]) -> None:
    """Send again what a page leaves unheard; after some tries another page is to have that."""
    if page["due"] > time.monotonic():
        return
    others = [each for each in _open_comms() if each is not page and each.get("of") == page["of"]]
    heirs = [other for other in others if other["tracked"] and other["acknowledges"]]
    if page["tries"] >= _TRIES and heirs:
        _leave_behind(page)
        _give_left(heirs[-1])
        return
    _repeat(page)
    page["tries"] += 1
    page["due"] = time.monotonic() + min(_RAREST_S, _PAUSE_S * 2.0 ** page["tries"])
