"""An event as it is stored, and the text that its times are stored as."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import NamedTuple

_TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"([T ](?P<minute>\d\d:\d\d)(:(?P<second>\d\d)([.,](?P<fraction>\d+))?)?"
    r"(Z|(?P<hours>[+-]\d\d)(:?(?P<minutes>\d\d))?)?)?",
    re.IGNORECASE,
)


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
        ValueError: the text is no such time.
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
    """Whether a text is a time as `to_utc` writes it, as nearly every time that a browser sends."""
    if len(text) != len("YYYY-MM-DDTHH:MM:SS.mmmZ"):
        return False
    try:
        moment = datetime.fromisoformat(text[:-1])
    except ValueError:
        return False
    return f"{moment.isoformat(timespec='milliseconds')}Z" == text


def _format(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
