"""Events as rows of a table: which columns there are, and what of an event stands in which."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..catalog import ENVELOPE, PROPERTIES

if TYPE_CHECKING:
    from ..store.reading import StoredEvent

# The columns before and behind those of properties.
_FIRST = ("timestamp", "student", "notebook", "event")
_LAST = ("other", "uuid", "received_at", "sent_as", "name")
_TIMES = {"timestamp", "received_at"}
# Properties that a person looks for come first, whichever event has it.
_USEFUL = (
    *("test", "attempt", "success", "error_name", "error_value", "cell_index", "cell_id"),
    *("duration_ms", "summary", "reason", "away_ms", "code", "output"),
)
# Fields of the envelope that have columns of their own; the others are in the columns above.
_NUMBERED = ("session_id", "seq", "active_ms", "simulated", "redacted")
_KINDS = {"string": str, "integer": int, "number": float, "boolean": bool}


def _property_columns() -> dict[str, type]:
    """Columns of every property of every event; a property that is an object has several."""
    described: dict[str, Any] = {}
    for properties in PROPERTIES.values():
        for name, schema in properties.items():
            parts = schema.get("properties", {})
            described.update({f"{name}_{part}": kind for part, kind in parts.items()})
            described.update({} if parts else {name: schema})
    described.update({name: ENVELOPE[name] for name in _NUMBERED})
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
    name: datetime if name in _TIMES else _PROPERTIES.get(name, str)
    for name in dict.fromkeys((*_FIRST, *_USEFUL, *_PROPERTIES, *_LAST))
}
"""The columns by name, in order, with the type of their values, for `exportformats`."""

# The envelope says them already.
_REPEATED = ("distinct_id", "student_id", "notebook", "token")
# The most that a column of whole numbers holds, and the most that one of others holds exactly.
_LARGEST = 2**63
_EXACT = 2**53


def to_row(event: StoredEvent, person: str, name: str = "") -> dict[str, Any]:
    """Give an event's values by column, every column of `COLUMNS`; None where it has none.

    Args:
        event: as it is kept.
        person: whom it is of; the event may have another name.
        name: of the person, by the roster; empty: none is known.
    """
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row.update(
        timestamp=event.timestamp,
        student=person,
        sent_as=event.distinct_id,
        name=name or None,
        notebook=event.notebook,
        event=event.event,
        uuid=event.uuid,
        received_at=event.received_at,
    )
    properties = read_properties(event)
    if isinstance(properties, str):
        row["other"] = properties
        return row
    if not isinstance(properties, dict):
        properties = {"properties": properties}
    apart = properties.pop("other", None)
    for name in _OBJECTS & properties.keys():
        value = properties[name]
        parts = {f"{name}_{part}": it for part, it in value.items()} if _is_object(value) else {}
        if parts and parts.keys() <= _PROPERTIES.keys() and not parts.keys() & properties.keys():
            del properties[name]
            properties.update(parts)
    other = {}
    for name, value in properties.items():
        if name in _PROPERTIES and _fits(value, _PROPERTIES[name]):
            row[name] = value
        elif name not in _REPEATED and value is not None:
            other[name] = value
    # Values that the collector has kept apart stand beside those without a column.
    if _is_object(apart) and not apart.keys() & other.keys():
        other.update(apart)
    elif apart is not None:
        other["other"] = apart
    if other:
        row["other"] = json.dumps(other, ensure_ascii=False)
    return row


def read_properties(event: StoredEvent) -> Any:
    """Give the properties of an event: an object, if the collector stored it.

    What is no JSON is given as the text that it is: somebody else wrote it into the file.
    """
    try:
        return json.loads(event.properties)
    except (ValueError, RecursionError):
        return event.properties


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _fits(value: Any, kind: type) -> bool:
    if kind is float:
        if isinstance(value, int):
            return not isinstance(value, bool) and abs(value) <= _EXACT
        return isinstance(value, float)
    return type(value) is kind and (not isinstance(value, int) or abs(value) < _LARGEST)
