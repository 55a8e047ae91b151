"""Events as rows of a table: which columns there are, and what of an event stands in which."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..catalog import ENVELOPE, PROPERTIES

if TYPE_CHECKING:
    from ..store.reading import StoredEvent

# The columns before and behind those of properties.
_FIRST = ("timestamp", "student", "notebook", "event")
_LAST = ("other", "uuid", "received_at")
# Fields of the envelope that have columns of their own; the others are in the columns above.
_NUMBERED = ("session_id", "seq")
_KINDS = {"string": str, "integer": int, "number": float, "boolean": bool}


def _property_columns() -> dict[str, type]:
    """Columns of every property of every event; a property that is an object has several."""
    described = {name: ENVELOPE[name] for name in _NUMBERED}
    for properties in PROPERTIES.values():
        for name, schema in properties.items():
            parts = schema.get("properties", {})
            described.update({f"{name}_{part}": kind for part, kind in parts.items()})
            described.update({} if parts else {name: schema})
    kinds = {name: _kind(schema) for name, schema in described.items()}
    return {name: kind for name, kind in kinds.items() if kind is not None}


def _kind(schema: Mapping[str, Any]) -> type | None:
    """The type of a column; None where a value is a list, which `other` has as JSON."""
    kinds = schema.get("anyOf", [schema])[0]["type"]
    return _KINDS.get(kinds if isinstance(kinds, str) else kinds[0])


# Always the same columns in the same order, so that a script need not ask. Properties that have no
# column, and values of another type than their column, are in `other`, as JSON.
_PROPERTIES = _property_columns()
_OBJECTS = {
    name
    for properties in PROPERTIES.values()
    for name, schema in properties.items()
    if "properties" in schema
}
COLUMNS: dict[str, type] = {
    **dict.fromkeys(_FIRST, str),
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
    for name in _OBJECTS & properties.keys():
        parts = properties[name]
        if isinstance(parts, dict) and all(f"{name}_{part}" in _PROPERTIES for part in parts):
            del properties[name]
            properties.update((f"{name}_{part}", value) for part, value in parts.items())
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
