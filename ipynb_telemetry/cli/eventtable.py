"""Events as rows of a table: which columns there are, and what of an event stands in which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..store.reading import StoredEvent

# Always the same ones in the same order, so that a script need not ask. What an event has beside
# these, and what is of another type than here, is in `other`, as JSON.
_PROPERTIES: dict[str, type] = {
    "session_id": str,
    "seq": int,
    "cell_id": str,
    "cell_index": int,
    "execution_count": int,
    "attempt": int,
    "success": bool,
    "status": str,
    "error_name": str,
    "error_value": str,
    "error_traceback": str,
    "duration_ms": float,
    "queued_ms": float,
    "code": str,
    "output": str,
    "truncated": bool,
    "test": str,
    "summary": str,
    "peek": int,
    "open_ms": float,
    "reason": str,
    "away_ms": float,
    "length": int,
    "lines": int,
    "kind": str,
    "internal": bool,
    "active_ms": float,
    "kernel": str,
    "language": str,
    "cell_count": int,
    "app": str,
    "app_version": str,
    "extension_version": str,
    "count": int,
    "first_seq": int,
    "last_seq": int,
    "code_preview": str,
}
_ENVELOPE = ("timestamp", "student", "notebook", "event")
_LAST = ("other", "uuid", "received_at")

COLUMNS: dict[str, type] = {
    **dict.fromkeys(_ENVELOPE, str),
    **_PROPERTIES,
    **dict.fromkeys(_LAST, str),
}
"""The columns by name, in order, with the type of their values; a value may also be None."""

# The envelope says them already.
_REPEATED = ("distinct_id", "student_id", "notebook", "token")
_LARGEST = 2**63


def to_row(event: StoredEvent) -> dict[str, Any]:
    """Give an event's values by column, every column of `COLUMNS`; None where it has none."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row.update(
        timestamp=event.timestamp,
        student=event.distinct_id,
        notebook=event.notebook,
        event=event.event,
        uuid=event.uuid,
        received_at=event.received_at,
    )
    properties = json.loads(event.properties)
    error = properties.pop("error", None)
    if isinstance(error, dict) and all(f"error_{name}" in _PROPERTIES for name in error):
        properties.update((f"error_{name}", value) for name, value in error.items())
    elif error is not None:
        properties["error"] = error
    other = {}
    for name, value in properties.items():
        if name in _PROPERTIES and _fits(value, _PROPERTIES[name]):
            row[name] = value
        elif name not in _REPEATED and value is not None:
            other[name] = value
    if other:
        row["other"] = json.dumps(other, ensure_ascii=False)
    return row


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return type(value) is kind and (not isinstance(value, int) or abs(value) < _LARGEST)
