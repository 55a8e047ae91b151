# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events of forked children, which leave by the process that they were forked from.

A child has neither the parent's Comms nor its threads. What a child tells goes through a socket
that is made just before the first fork, and only where events are reported at all.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from .imports import _module
from .shared import _state

_MAX_TOLD = 1 << 20  # bytes of an event
_CHILD_PATIENCE_S = 1.0  # of a child whose parent is busy


class _Forks:
    """The socket between this process and all that are forked from it, and who listens there."""

    def __init__(self, hear: Callable[[list[Any], int], None]) -> None:
        """`hear` is called in a thread, with what a child told and how much was lost before."""
        self.pid = os.getpid()
        self._hear = hear
        self._numbers: dict[int, int] = {}  # by child: of what was heard last
        self._child = (0, 0)  # the child that this is, and the number of what it told last
        socket = _module("socket")
        self._in, self._out = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._out.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_TOLD)
        self._out.settimeout(_CHILD_PATIENCE_S)
        threading.Thread(target=self._listen, name="ipynb-telemetry", daemon=True).start()

    def tell(self, told: list[Any]) -> None:
        """Tell the parent; what cannot be told is missing in the numbers, and so is counted."""
        pid = os.getpid()
        number = self._child[1] + 1 if self._child[0] == pid else 1
        self._child = (pid, number)
        for content in (told, None):  # None: too large, or the parent is too busy
            with suppress(OSError):
                line = json.dumps([pid, number, content], ensure_ascii=False)
                self._out.send(line.encode("utf-8", "replace"))
                return

    def _listen(self) -> None:
        while True:
            with suppress(Exception):
                pid, number, told = json.loads(self._in.recv(_MAX_TOLD))
                lost = number - self._numbers.get(pid, 0) - (told is not None)
                self._numbers[pid] = number
                self._hear(told, lost)


def _watch_forks(hear: Callable[[list[Any], int], None]) -> None:
    """Be ready for forks, once however many copies there are."""
    state = _state()

    def before() -> None:
        with suppress(Exception):
            if state.forks is None and (state.comms or state.reporter):
                state.forks = _Forks(hear)

    if not state.watches_forks and hasattr(os, "register_at_fork"):
        state.watches_forks = True
        os.register_at_fork(before=before)
