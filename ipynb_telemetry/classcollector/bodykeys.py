"""The key in a body, wherever a client of PostHog puts one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_NAMES = ("api_key", "token")


def keys_in(document: Any) -> list[str]:
    """Give the keys by which the events of a body want to be taken; an empty one where one lacks.

    A key of the whole counts for all, else each event has to have one: posthog-js sends a list of
    events, each with a `token` among its properties.
    """
    own = _key_of(document)
    if own:
        return [own]
    events = document.get("batch") if isinstance(document, dict) else document
    if not isinstance(events, list) or not events:
        events = [document]
    return list(dict.fromkeys(map(_key_of_event, events)))


def without_keys(document: Any, is_key: Any) -> Any:
    """Give a body whose events have no key among their properties, where one may be read."""
    for properties in properties_in(document):
        for name in _NAMES:
            if isinstance(properties.get(name), str) and is_key(properties[name]):
                del properties[name]
    return document


def properties_in(document: Any) -> Iterator[dict[str, Any]]:
    """Give the properties of each event of a body that has any."""
    for _, properties in named_properties_in(document):
        yield properties


def named_properties_in(document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give the name and the properties of each event of a body that has any."""
    events = document
    if isinstance(document, dict):
        events = document.get("batch") if "batch" in document else [document]
    for event in events if isinstance(events, list) else ():
        properties = event.get("properties") if isinstance(event, dict) else None
        if isinstance(properties, dict):
            yield str(event.get("event", "")), properties


def _key_of_event(event: Any) -> str:
    own = _key_of(event)
    return own or (_key_of(event.get("properties")) if isinstance(event, dict) else "")


def _key_of(holder: Any) -> str:
    if not isinstance(holder, dict):
        return ""
    return next((each for each in map(holder.get, _NAMES) if isinstance(each, str) and each), "")
