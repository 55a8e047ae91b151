"""A cause of errors."""

from __future__ import annotations

from typing import NamedTuple


class Cause(NamedTuple):
    """What is wrong, and code that is wrong in this way.

    Attributes:
        name: of the cause.
        ways: cells, other in names, values and lines.
    """

    name: str
    ways: tuple[str, ...]
