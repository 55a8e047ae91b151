# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The destination of events: what the call, the environment and the course file say of it."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from .address import _CLASS_KEY, _HOST, _read_fingerprint, _read_host, _read_key


class _Destination(NamedTuple):
    """Where events go; `key` is None when nothing is to be sent.

    `fingerprint` is that of the only certificate that is trusted; "": those of the environment.
    """

    host: str
    key: Any
    fingerprint: str
    problem: str  # in words; "": there is none


def _destination(
    host: Any, api_key: Any, certificate: Any, course: dict[str, Any], problem: str
) -> _Destination:
    """Put a destination together from what the call says, the environment and the course file."""
    key = api_key or os.environ.get("IPYNB_TELEMETRY_API_KEY") or course.get("api_key")
    fingerprint = certificate or _certificate(host, course)
    host = host or os.environ.get("IPYNB_TELEMETRY_HOST")
    # A file that does not count, or cannot be read, may name another host.
    if not key or (problem and not course and not host):
        return _Destination("", None, "", problem)
    try:
        what = "host"
        place = _read_host(_text_of(host or course.get("host") or _HOST))
        what = "key"
        key_read = _read_key(_text_of(key))
        what = "certificate"
        pinned = _read_fingerprint(_text_of(fingerprint), place)
        return _Destination(place, key_read, pinned, problem)
    except ValueError as error:
        whose = "Class collector's" if _text_of(key).startswith(_CLASS_KEY) else "PostHog"
        told = f"{problem} {whose} {what} refused: {error}.".strip()
        return _Destination("", None, "", told)


def _certificate(host: Any, course: dict[str, Any]) -> Any:
    """The certificate that the place which names the host, or one before that place, names.

    A place that comes later means another host's.
    """
    named = "" if host else os.environ.get("IPYNB_TELEMETRY_CERTIFICATE") or ""
    if not (named or host or os.environ.get("IPYNB_TELEMETRY_HOST")):
        named = course.get("certificate") or ""
    return named


def _text_of(value: Any) -> str:
    """The value if it is a text, else a text that is refused as a host and as a key."""
    return value if isinstance(value, str) else "\0"
