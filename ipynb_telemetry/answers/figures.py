"""Numbers that sum up a class."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import quantiles
from typing import Any


def quartiles(values: Sequence[float], too_few: float = 1) -> dict[str, Any] | None:
    """Give count, median and quartiles of values, in their unit; None: there are too few.

    Quartiles are interpolated between the two nearest values, as spreadsheets do it.
    """
    if not values or len(values) < too_few:
        return None
    if len(values) == 1:
        low = middle = high = float(values[0])
    else:
        low, middle, high = quantiles(values, n=4, method="inclusive")
    return {"n": len(values), "q1": _plain(low), "median": _plain(middle), "q3": _plain(high)}


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share (0 to 1) of the values is; there is at least one value."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def share(part: float, whole: float) -> float:
    """Give a part of a whole, from 0 to 1, rounded for people; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def rounded(value: float | None) -> float | None:
    """Give a number as exact as people read it; None stays."""
    return None if value is None else round(value, 3)


def _plain(value: float) -> float:
    return int(value) if float(value).is_integer() else round(value, 3)
