"""A JSON document in, checked events out: what an event must have before it is stored."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

from ..store.event import Event, now_utc, to_utc
from . import strictjson
from .schema import fitting

MAX_DISTINCT_ID_LENGTH = 200  # characters, as PostHog cuts it

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Text that SQLite cannot hold (lone surrogates) or would end early (NUL).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class EventError(ValueError):
    """An event that cannot be stored, and why, in a sentence for its sender."""


def _say_nothing(warning: str) -> None:
    pass


def check_events(
    document: Any, *, may_be_none: bool = False, warn: Callable[[str], None] = _say_nothing
) -> list[Event]:
    """Give the events of a document: `{"batch": [...]}`, a list, or one event.

    Args:
        document: the body.
        may_be_none: whether there may be no event in the document.
        warn: is told, in a sentence, of each property that is kept apart since it does not fit
            what is known of it.

    Raises:
        EventError: an event, named by its index, cannot be taken, so that none is.
    """
    raw_events = _raw_events(document)
    if not raw_events and not may_be_none:
        raise EventError("The batch is empty.")
    now = now_utc()
    return [_check_event(raw, f"batch[{index}]", now, warn) for index, raw in enumerate(raw_events)]


def _raw_events(document: Any) -> list[Any]:
    if isinstance(document, dict) and "batch" not in document and "event" in document:
        return [document]
    events = document.get("batch") if isinstance(document, dict) else document
    if not isinstance(events, list):
        raise EventError('Expected an event, a list of events, or an object with a list "batch".')
    return events


def _check_event(raw: Any, place: str, now: str, warn: Callable[[str], None]) -> Event:
    if not isinstance(raw, dict):
        raise EventError(f"{place} is not an object.")
    name = raw.get("event")
    if not isinstance(name, str) or not name.strip():
        raise EventError(f"{place} has no event name.")
    properties = raw.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise EventError(f"{place} has properties that are not an object.")
    distinct_id = _distinct_id(raw, properties, place)
    properties = fitting(
        name, properties, lambda why: warn(f"{place} is kept, but {why}: see its property other.")
    )
    notebook = properties.get("notebook")
    try:
        return Event(
            uuid=_uuid(raw.get("uuid"), place),
            event=_storable(name),
            distinct_id=distinct_id,
            notebook=_storable(notebook) if isinstance(notebook, str) else None,
            timestamp=_timestamp(raw.get("timestamp"), place, now),
            properties=strictjson.write_quickly(properties),
        )
    except OverflowError as error:
        raise EventError(f"{place} has a number that is out of range.") from error


def _uuid(value: Any, place: str) -> str:
    if value is None:
        return str(uuid.uuid4())
    if not isinstance(value, str) or not _UUID.fullmatch(text := value.lower()):
        raise EventError(f"{place} has an invalid uuid.")
    return text


def _distinct_id(raw: dict[str, Any], properties: dict[str, Any], place: str) -> str:
    given = (raw.get("distinct_id"), properties.get("distinct_id"), properties.get("$distinct_id"))
    who = next((value for value in given if value is not None), "")
    try:
        text = who if isinstance(who, str) else strictjson.write(who)
    except OverflowError as error:
        raise EventError(f"{place} has a number that is out of range.") from error
    text = _storable(text)[:MAX_DISTINCT_ID_LENGTH]
    if not text.strip():
        raise EventError(f"{place} has no distinct_id.")
    return text


def _timestamp(value: Any, place: str, now: str) -> str:
    if value is None:
        return now
    try:
        if isinstance(value, str):
            return to_utc(value)
    except ValueError:
        pass
    raise EventError(f"{place} has a timestamp that is not an ISO 8601 time.")


def _storable(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)
