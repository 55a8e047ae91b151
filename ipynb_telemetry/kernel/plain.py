# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Values of any kind as plain JSON."""

from __future__ import annotations

import decimal
import math
import numbers
from collections.abc import Mapping, Sequence, Set
from typing import Any

_MAX_BYTES = 65_536  # of a custom event's properties as UTF-8 JSON


def _plain(value: Any, budget: list[int], depth: int = 0) -> Any:
    """`value` as plain JSON of at most `budget` parts.

    Any exception where the value cannot be plain JSON: code of its own may run here.
    """
    budget[0] -= 1
    if budget[0] < 0 or depth > 20:
        raise ValueError("too large, or it contains itself")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, numbers.Integral):
        whole = int(value)
        return whole if abs(whole) < 2**53 else str(whole)  # exact in JavaScript too
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return float(value) if math.isfinite(value) else None
    for convert in ("__fspath__", "isoformat", "tolist"):  # paths; dates and times; numpy
        if hasattr(value, convert) and getattr(value, "nbytes", 0) <= _MAX_BYTES:
            return _plain(getattr(value, convert)(), budget, depth + 1)
    if isinstance(value, Mapping):
        keys = [str(_plain(key, budget, depth + 1)) for key in value]
        if len(set(keys)) < len(keys):
            raise ValueError("two of its keys are the same as text")
        return dict(zip(keys, _plain(list(value.values()), budget, depth)))  # noqa: B905 - 3.9
    if isinstance(value, (Sequence, Set)) and not isinstance(value, (bytes, bytearray)):
        items = [_plain(item, budget, depth + 1) for item in value]
        return sorted(items, key=repr) if isinstance(value, Set) else items
    raise TypeError(f"{type(value).__name__} does not fit into JSON")
