"""Questions of a student's page, passed on to the class collector that this server sends to.

Only a class collector is asked, and only at the address that the settings have: a PostHog has no
such routes, and no code goes there.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.client import HTTPException
from typing import NamedTuple
from urllib.parse import urlencode
from urllib.request import Request

from ..kernel.post import _opener, _Watch, _why
from ..settings.destination import HUB_KEY, Destination
from ..settings.hubcollector import token_for

_TIMEOUT_S = 30.0
_MAX_ANSWER_BYTES = 32 * 1024 * 1024
_MAX_WORDS = 300
_PASSED = {400, 403, 404, 413, 429, 503}
"""Refusals that say something to the person; the others are between this server and that one."""
_LONGEST_PAUSE_S = 3600


class Passed(NamedTuple):
    """An answer to a person.

    Attributes:
        status: of HTTP; 502 where no answer came, or none that can be passed on.
        body: JSON, where the status is 200.
        message: a sentence, else.
        retry_after_s: until the person may ask again, in seconds.
    """

    status: int
    body: bytes = b""
    message: str = ""
    retry_after_s: int | None = None


def ask_class_collector(
    destination: Destination | None,
    method: str,
    what: str,
    arguments: Sequence[tuple[str, str]],
    body: bytes,
    code: str,
    timeout_s: float = _TIMEOUT_S,
) -> Passed:
    """Ask the class collector. The call blocks.

    Args:
        destination: where this server sends; None: nowhere.
        method: of HTTP.
        what: the last two parts of the route's path, such as `me/events`.
        arguments: of the query.
        body: of a POST.
        code: the person's; "": none is needed.
        timeout_s: how long the collector may take.
    """
    if destination is None or not destination.is_class_collector:
        return Passed(404, message="This server sends to no class collector.")
    is_hub = destination.api_key == HUB_KEY
    key = token_for(destination) if is_hub else destination.api_key
    headers = {
        "Authorization": f"{'token' if is_hub else 'Bearer'} {key}" if key else "",
        "Content-Type": "application/json" if method == "POST" else "",
        "User-Agent": "ipynb-telemetry",
        "X-Telemetry-Code": code,
    }
    query = f"?{urlencode(arguments)}" if arguments else ""
    asked = Request(
        f"{destination.host}/ipynb-telemetry/{what}{query}",
        body if method == "POST" else None,
        {name: value for name, value in headers.items() if value},
        method=method,
    )
    watch = _Watch(timeout_s, destination.fingerprint)
    asked.watch = watch  # type: ignore[attr-defined]  # the opener's handlers look there
    try:
        opener = _opener(destination.host.startswith("https:"), bool(destination.fingerprint))
        with watch, opener.open(asked, timeout=timeout_s) as response:
            told = response.read(_MAX_ANSWER_BYTES + 1)
            pause = response.headers.get("Retry-After", "")
            status = int(response.status)
    except (OSError, HTTPException, ValueError) as error:
        return _unreached(_why(getattr(error, "reason", error)))
    if watch.is_over or len(told) > _MAX_ANSWER_BYTES:
        return _unreached("the answer did not end")
    return _read(status, told, pause)


def _read(status: int, told: bytes, pause: str) -> Passed:
    try:
        answer = json.loads(told)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        return _unreached(str(status))
    if status == 200:
        return Passed(200, told)
    if status not in _PASSED:
        return _unreached(str(status))
    retry_after_s = min(int(pause), _LONGEST_PAUSE_S) if pause.isdecimal() else None
    return Passed(status, b"", str(answer.get("message", ""))[:_MAX_WORDS], retry_after_s)


def _unreached(why: str) -> Passed:
    return Passed(502, message=f"Your class's collector gives no answer ({why}). Try again later.")
