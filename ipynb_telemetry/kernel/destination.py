# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Where events go: what the call, the environment and the course file say of it."""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from typing import Any, NamedTuple

from .address import _CLASS_KEY, _HOST, _read_fingerprint, _read_host, _read_key
from .errors import _message
from .imports import _module
from .shared import _MAX_LABEL, _shell


def _course_file() -> dict[str, Any]:
    """Read the `ipynb-telemetry.toml` beside the notebook, or the nearest above it."""
    names = _shell().user_ns
    paths = (names.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME"))
    folders = [os.path.dirname(path) for path in paths if path and os.path.isabs(path)]
    for folder in [*folders, *(names.get("_dh") or [])[:1], os.getcwd()]:
        for above in _with_those_above(os.path.abspath(folder)):
            path = os.path.join(above, "ipynb-telemetry.toml")
            if os.path.isfile(path):
                with open(path, encoding="utf-8-sig") as file:
                    return _read_toml(file.read())
    return {}


def _with_those_above(folder: str) -> list[str]:
    """A folder and all that it is in, the nearest first."""
    above = os.path.dirname(folder)
    return [folder] if above == folder else [folder, *_with_those_above(above)]


def _read_toml(text: str) -> dict[str, Any]:
    """Read TOML; where Python has no reader for it, texts and lists before any table."""
    for reader in ("tomllib", "tomli"):  # in Python since 3.11; perhaps installed
        with suppress(ImportError):
            return dict(_module(reader).loads(text))
    found: dict[str, Any] = {}
    # A value is a text, or a list, which is left as it is written.
    value = r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|\[[^][]*\]'
    line = rf"\s*(?:(\w+)\s*=\s*({value})\s*)?(?:#.*)?"
    for number, read in enumerate(text.splitlines(), 1):
        if read.lstrip().startswith("["):
            break  # tables are not ours
        match = re.fullmatch(line, read)
        if not match:
            raise ValueError(f'line {number} is not of the form host = "https://\u2026"')
        if match[1]:
            found[match[1]] = json.loads(match[2]) if match[2][0] == '"' else match[2].strip("'")
    return found


def _read_course() -> tuple[dict[str, Any], str]:
    """The course file, and in words what is wrong with it."""
    try:
        return _course_file(), ""
    except Exception as error:  # noqa: BLE001 - whatever the file holds
        return {}, f"ipynb-telemetry.toml cannot be read: {_message(error)[:_MAX_LABEL]}."


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
    if not key or (problem and not host):  # the file that cannot be read may name another host
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
