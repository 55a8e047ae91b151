"""The properties that we know, held to their schema: what does not fit it is kept apart.

An event is never refused for a property: a page of another version may know more of it, and of a
refused batch the clients of others send nothing again. Who reads a property finds nothing else in
it than the catalogue says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import fastjsonschema

from ..catalog import ENVELOPE, PROPERTIES

OTHER = "other"
"""The property that holds what is kept apart, by name."""
MAX_NAME_LENGTH = 200  # characters

# Each program reads such a number as the same; JavaScript reads a larger one as its neighbour.
_LARGEST = 2**53 - 1
_FORMATS = {
    "uuid": r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z",
    "date-time": r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d)?([.,]\d+)?([Zz]|[+-]\d\d:?\d\d)?\Z",
}


def fitting(event: str, properties: dict[str, Any], warn: Callable[[str], None]) -> dict[str, Any]:
    """Give the properties of an event, those apart that do not fit.

    Args:
        event: its name. Of an event that is not ours every property fits that has a short name.
        properties: as they came; they are not changed.
        warn: is told of each that does not fit, in words without its value.
    """
    apart: dict[str, Any] = {}
    if properties and max(map(len, properties)) > MAX_NAME_LENGTH:
        apart = {name: it for name, it in properties.items() if len(name) > MAX_NAME_LENGTH}
        properties = {name: it for name, it in properties.items() if name not in apart}
        warn(f"a property has a name of more than {MAX_NAME_LENGTH} characters")
    is_ours = event in PROPERTIES or properties.get("event_type") == event
    while is_ours:
        try:
            _check_for(event if event in PROPERTIES else None)(properties)
            break
        except fastjsonschema.JsonSchemaValueException as error:
            name = error.path[1]
            apart[name] = properties[name]
            properties = {each: it for each, it in properties.items() if each != name}
            warn(error.message.removeprefix("data."))
    if not apart:
        return properties
    there = properties.get(OTHER)
    if there is not None and (not isinstance(there, dict) or there.keys() & apart.keys()):
        there = {OTHER: there}
    return {**properties, OTHER: {**(there or {}), **apart}}


@cache
def _check_for(event: str | None) -> Callable[[dict[str, Any]], Any]:
    """Give what raises for a property of that event that does not fit; None: of the envelope."""
    known = {**ENVELOPE, **(PROPERTIES[event] if event else {})}
    schema = {"type": "object", "properties": {name: _open(it) for name, it in known.items()}}
    check: Callable[[dict[str, Any]], Any] = fastjsonschema.compile(
        schema, formats=_FORMATS, use_default=False
    )
    return check


def _open(schema: dict[str, Any]) -> dict[str, Any]:
    """Give a schema that takes more than is known, also nothing, and numbers that are exact."""
    opened = {
        word: value
        for word, value in schema.items()
        if word not in ("required", "additionalProperties")
    }
    if "properties" in schema:
        opened["properties"] = {name: _open(it) for name, it in schema["properties"].items()}
    if "items" in schema:
        opened["items"] = _open(schema["items"])
    if "anyOf" in schema:
        opened["anyOf"] = [_open(it) for it in schema["anyOf"]]
    kinds = schema.get("type", ())
    if {"number", "integer"} & {*((kinds,) if isinstance(kinds, str) else kinds)}:
        opened = {"minimum": -_LARGEST, "maximum": _LARGEST, **opened}
    return opened
