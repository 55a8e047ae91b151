"""A JSON document in, checked events out: what an event must have before it is stored."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone
from typing import Any, NamedTuple

from . import strictjson
from .body import BodyError

MAX_DISTINCT_ID_LENGTH = 200  # characters, as PostHog cuts it

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"([T ](?P<minute>\d\d:\d\d)(:(?P<second>\d\d)([.,](?P<fraction>\d+))?)?"
    r"(Z|(?P<hours>[+-]\d\d)(:?(?P<minutes>\d\d))?)?)?",
    re.IGNORECASE,
)
# Text that SQLite cannot hold (lone surrogates) or would end early (NUL).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Event(NamedTuple):
    """A checked event.

    Attributes:
        uuid: lower case, with hyphens.
        event: its name.
        distinct_id: who, 1 to 200 characters.
        notebook: the notebook's id from the properties, if any.
        timestamp: when it happened, as `to_utc` writes it.
        properties: a JSON object, as text.
    """

    uuid: str
    event: str
    distinct_id: str
    notebook: str | None
    timestamp: str
    properties: str


def check_events(document: Any, *, may_be_none: bool = False) -> list[Event]:
    """Give the events of a document: `{"batch": [...]}`, a list, or one event.

    Args:
        document: the body.
        may_be_none: whether there may be no event in it.

    Raises:
        BodyError: one of them, named by its index, cannot be taken; so none is.
    """
    raw_events = _raw_events(document)
    if not raw_events and not may_be_none:
        raise BodyError("The batch is empty.")
    now = now_utc()
    return [_check_event(raw, f"batch[{index}]", now) for index, raw in enumerate(raw_events)]


def now_utc() -> str:
    """The present time, as `to_utc` writes it."""
    return _format(datetime.now(timezone.utc))


def epoch_to_utc(seconds: float) -> str:
    """Write a time given in seconds since 1970 as `to_utc` does."""
    return _format(datetime.fromtimestamp(seconds, timezone.utc))


def to_utc(text: str) -> str:
    """Rewrite an ISO 8601 time as `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that text order is time order.

    A time without an offset is UTC, a day without a time its first moment; what is finer than
    a millisecond is cut.

    Raises:
        ValueError: it is no such time.
    """
    if _is_utc(text):
        return text
    match = _TIMESTAMP.fullmatch(text.strip())
    if match is None:
        raise ValueError("not an ISO 8601 time")
    part = match.groupdict(default="")
    # Python 3.10 reads neither "Z" nor a fraction that has not three or six digits.
    iso = (
        f"{part['day']}T{part['minute'] or '00:00'}:{part['second'] or '00'}"
        f".{part['fraction'][:3]:0<3}{part['hours'] or '+00'}:{part['minutes'] or '00'}"
    )
    try:
        return _format(datetime.fromisoformat(iso).astimezone(timezone.utc))
    except OverflowError as error:
        raise ValueError("not between the years 1 and 9999") from error


def _is_utc(text: str) -> bool:
    """Whether that is how `to_utc` writes it: what the browser sends, and most of all there is."""
    if len(text) != len("YYYY-MM-DDTHH:MM:SS.mmmZ"):
        return False
    try:
        moment = datetime.fromisoformat(text[:-1])
    except ValueError:
        return False
    return f"{moment.isoformat(timespec='milliseconds')}Z" == text


def _format(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _raw_events(document: Any) -> list[Any]:
    if isinstance(document, dict) and "batch" not in document and "event" in document:
        return [document]
    events = document.get("batch") if isinstance(document, dict) else document
    if not isinstance(events, list):
        raise BodyError('Expected an event, a list of events, or an object with a list "batch".')
    return events


def _check_event(raw: Any, place: str, now: str) -> Event:
    if not isinstance(raw, dict):
        raise BodyError(f"{place} is not an object.")
    name = raw.get("event")
    if not isinstance(name, str) or not name.strip():
        raise BodyError(f"{place} has no event name.")
    properties = raw.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise BodyError(f"{place} has properties that are not an object.")
    notebook = properties.get("notebook")
    try:
        return Event(
            uuid=_uuid(raw.get("uuid"), place),
            event=_storable(name),
            distinct_id=_distinct_id(raw, properties, place),
            notebook=_storable(notebook) if isinstance(notebook, str) else None,
            timestamp=_timestamp(raw.get("timestamp"), place, now),
            properties=strictjson.write_quickly(properties),
        )
    except OverflowError as error:
        raise BodyError(f"{place} has a number that is out of range.") from error


def _uuid(value: Any, place: str) -> str:
    if value is None:
        return str(uuid.uuid4())
    if not isinstance(value, str) or not _UUID.fullmatch(text := value.lower()):
        raise BodyError(f"{place} has an invalid uuid.")
    return text


def _distinct_id(raw: dict[str, Any], properties: dict[str, Any], place: str) -> str:
    given = (raw.get("distinct_id"), properties.get("distinct_id"), properties.get("$distinct_id"))
    who = next((value for value in given if value is not None), "")
    text = who if isinstance(who, str) else strictjson.write(who)
    text = _storable(text)[:MAX_DISTINCT_ID_LENGTH]
    if not text.strip():
        raise BodyError(f"{place} has no distinct_id.")
    return text


def _timestamp(value: Any, place: str, now: str) -> str:
    if value is None:
        return now
    try:
        if isinstance(value, str):
            return to_utc(value)
    except ValueError:
        pass
    raise BodyError(f"{place} has a timestamp that is not an ISO 8601 time.")


def _storable(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return _UNSTORABLE.sub("\ufffd", text)
