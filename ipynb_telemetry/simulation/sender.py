"""Sends batches of simulated events, as a page does, and says why none are taken."""

from __future__ import annotations

import gzip
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any, NamedTuple

from ..kernel.answer import _Answer, _judge
from ..kernel.post import _post, _why, _words_for
from ..kernel.request import _iso
from ..settings.destination import Destination
from .servers import Server

_ROUTE = "ipynb-telemetry/"
_TIMEOUT_S = 60.0
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0)
_KEY = "embedded"  # the collector asks for none


class SendError(Exception):
    """Events are not taken, and why, in a sentence."""


class Place(NamedTuple):
    """Where events go.

    Attributes:
        name: for people; it holds no token.
        post: sends the body of a batch, and gives the answer.
        key: of the project.
    """

    name: str
    post: Callable[[bytes], _Answer]
    key: str


def place_of(target: Server | Destination) -> Place:
    """Give the place of a Jupyter server's collector, of a PostHog project or a class collector."""
    if isinstance(target, Destination):
        host, key, fingerprint = target
        return Place(host, lambda body: _post(host, body, fingerprint=fingerprint), key)
    return Place(target.url, lambda body: _ask(target, "batch/", body), _KEY)


def check_server(server: Server) -> None:
    """See whether a server has a collector that lets us in, before anything is done.

    Raises:
        SendError: there is none, or it refuses us.
    """
    answer = _ask(server, "api/events?limit=1")
    if answer.status is None:
        raise SendError(f"the server at {server.url} cannot be reached: {answer.reason}")
    if answer.status in (401, 403):
        raise SendError(
            f"the server at {server.url} lets nobody in without its token:"
            " put it into the environment variable JUPYTER_TOKEN"
        )
    if answer.status != 200:
        raise SendError(
            f"the server at {server.url} has no collector ({answer.reason}):"
            " is ipynb-telemetry installed where it runs?"
        )


class Sender:
    """Sends events to a place.

    Attributes:
        warnings: what the place said of properties that do not fit.
    """

    def __init__(self, place: Place, sleep: Callable[[float], None] = time.sleep) -> None:
        """Send nothing yet."""
        self._place = place
        self._sleep = sleep
        self.warnings: list[str] = []

    def send(self, events: Sequence[dict[str, Any]]) -> None:
        """Send a batch; a place that is busy is asked again.

        Raises:
            SendError: the events are not taken.
        """
        body = {"api_key": self._place.key, "sent_at": _iso(), "batch": list(events)}
        text = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        for pause_s in (*_PAUSES_S, None):
            answer = self._place.post(text)
            meaning = _judge(answer, time.time())
            if meaning.kind == "accepted":
                self._hear(answer.body)
                return
            if meaning.kind == "too_large" and len(events) > 1:
                middle = len(events) // 2
                self.send(events[:middle])
                self.send(events[middle:])
                return
            if meaning.kind != "retry" or pause_s is None:
                raise SendError(f"{self._place.name} does not take the events: {meaning.reason}")
            self._sleep(max(pause_s, meaning.after_s))

    def _hear(self, body: bytes) -> None:
        try:
            told = json.loads(body)
        except ValueError:  # of an answer without a body
            return
        if isinstance(told, dict):
            self.warnings += [str(each) for each in told.get("warnings") or ()]


def _ask(server: Server, route: str, body: bytes | None = None) -> _Answer:
    """Ask a Jupyter server; no redirect is followed, which would be to a login."""
    headers = {"User-Agent": "ipynb-telemetry"}
    if server.token:
        headers["Authorization"] = f"token {server.token}"
    if body is not None:
        headers.update({"Content-Type": "application/json", "Content-Encoding": "gzip"})
        body = gzip.compress(body, 6)
    request = urllib.request.Request(f"{server.url}{_ROUTE}{route}", body, headers)
    opener = urllib.request.build_opener(_NoRedirect())
    try:
        with opener.open(request, timeout=_TIMEOUT_S) as response:
            return _Answer(response.status, _words_for(response.status), body=response.read())
    except urllib.error.HTTPError as error:
        with error:
            wait = error.headers.get("Retry-After")
            return _Answer(error.code, _words_for(error.code), wait, error.read())
    except (OSError, HTTPException, ValueError) as error:
        return _Answer(None, _why(getattr(error, "reason", error)))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Takes a redirect as the answer."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow no redirect."""
