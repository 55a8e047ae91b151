# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Calls of functions that are not ours, overheard."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any


class _Ears:
    """Listeners to functions of other objects, whose calls go on as they are."""

    def __init__(self) -> None:
        self._listening: list[tuple[Any, str, Any, Any]] = []

    def listen(self, holder: Any, name: str, hear: Callable[..., None]) -> None:
        """Have `hear` called with the arguments of each call of `holder`'s function, after it."""
        found = getattr(holder, name)

        def both(*args: Any, **kwargs: Any) -> Any:
            result = found(*args, **kwargs)
            with suppress(Exception):
                hear(*args, **kwargs)
            return result

        setattr(holder, name, both)
        self._listening.append((holder, name, found, both))

    def close(self) -> None:
        """Put each function back, unless somebody has put another there since."""
        for holder, name, found, both in self._listening:
            if vars(holder).get(name) is both:
                setattr(holder, name, found)
                if getattr(found, "__func__", None) is getattr(type(holder), name, 0):
                    delattr(holder, name)
        self._listening.clear()
