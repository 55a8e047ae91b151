# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""One POST of a batch, by Python's own modules, for kernels and for the relay."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from .answer import _Answer
from .imports import _module

_TIMEOUT_S = 60.0  # of a whole exchange
_MAX_ANSWER_BYTES = 64 * 1024
_OPENERS: dict[Any, Any] = {}  # the last one, which serves as long as the proxies are the same
_LATE = _Answer(None, "timed out", is_late=True)
_UNTRUSTED = "the certificate is not trusted"
_NOT_PINNED = "another certificate is shown than the one in the settings"
# Modules that an exchange asks for, then those that Python loads in the midst of an exchange.
_FOR_POSTS = (
    *("gzip", "http.client", "urllib.request", "email.utils", "http"),
    *("email.parser", "encodings.idna", "encodings.punycode", "calendar", "socket", "ssl"),
    "hashlib",
)


def _load_for_posts() -> None:
    """Load what posts need, so that the thread which sends imports nothing."""
    for name in _FOR_POSTS:
        with suppress(ImportError):  # a Python may have no ssl
            _module(name)


class _PinError(OSError):
    """Who answers holds another certificate than the one that is trusted."""


class _Watch:
    """Connections of one exchange, the time that it may take, and the certificate that it wants."""

    def __init__(self, seconds: float, fingerprint: str = "") -> None:
        self.seconds = seconds
        self.fingerprint = fingerprint
        self.is_over = False
        self._connections: list[Any] = []
        self._sockets: list[Any] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.name = "ipynb-telemetry"
        self._timer.daemon = True

    def __enter__(self) -> _Watch:
        # A Python 3.12 that ends starts no thread: each wait by itself is still bounded then.
        with suppress(RuntimeError):
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        """Wake whoever waits for one of the sockets, however slowly something comes."""
        self.is_over = True
        socket = _module("socket")
        for each in [*(connection.sock for connection in self._connections), *self._sockets]:
            with suppress(Exception):
                # The method of a TLS socket ends TLS first: the exchange would go on in clear.
                socket.socket.shutdown(each, socket.SHUT_RDWR)

    def connection(self, kind: Any) -> Any:
        """The class `kind` of http.client, whose connections are watched."""

        def make(*args: Any, **kwargs: Any) -> Any:
            made = kind(*args, **kwargs)
            connect = made.connect

            def watched() -> None:
                connect()
                self._sockets.append(made.sock)
                if self.fingerprint:  # before the first byte of the request
                    self._check(made.sock)

            made.connect = watched
            self._connections.append(made)
            return made

        return make

    def _check(self, socket: Any) -> None:
        """Refuse a connection whose other end has not shown the certificate that is wanted."""
        shown = hasattr(socket, "getpeercert") and socket.getpeercert(binary_form=True)
        if _module("hashlib").sha256(shown or b"").hexdigest() != self.fingerprint:
            raise _PinError


def _opener(is_secure: bool, is_pinned: bool) -> Any:
    """Give the opener of requests: by the environment's proxy, with every answer as it is.

    Plain http goes past a proxy, which would read along: it is for this computer, or for the
    network of a hub.
    No redirect is followed: a POST would become a GET, whose 200 says nothing of events. Of a
    pinned one no certificate is checked but by the `watch` of a request.
    """
    request = _module("urllib.request")
    proxies = request.getproxies() if is_secure else {}
    place = (is_secure, is_pinned, *sorted(proxies.items()))
    opener = _OPENERS.get(place)
    if opener is None:
        opener = request.OpenerDirector()
        opener.add_handler(request.ProxyHandler(proxies))
        for handler in _handlers(is_secure, is_pinned):
            opener.add_handler(handler)
        _OPENERS.clear()
        _OPENERS[place] = opener
    return opener


def _handlers(is_secure: bool, is_pinned: bool) -> list[Any]:
    """The handlers of requests that have a `watch`; to read the certificates takes time."""
    client = _module("http.client")
    request = _module("urllib.request")

    def as_it_is(_: Any, __: Any, response: Any) -> Any:
        return response

    def plain(handler: Any, asked: Any) -> Any:
        return handler.do_open(asked.watch.connection(client.HTTPConnection), asked)

    def secure(handler: Any, asked: Any) -> Any:
        kind = asked.watch.connection(client.HTTPSConnection)
        return handler.do_open(kind, asked, context=context)

    processor = {"http_response": as_it_is, "https_response": as_it_is}
    handlers = [type("_AsItIs", (request.HTTPErrorProcessor,), processor)()]
    handlers.append(request.UnknownHandler())
    handlers.append(type("_Plain", (request.HTTPHandler,), {"http_open": plain})())
    if is_secure:
        ssl = _module("ssl")
        context = ssl.create_default_context()
        if is_pinned:  # whoever signed it, and whatever name it holds
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        kind = type("_Secure", (request.HTTPSHandler,), {"https_open": secure})
        handlers.append(kind(context=context))
    return handlers


def _request(address: str, body: bytes, headers: Mapping[str, str]) -> Any:
    """A POST of JSON, packed, which says nothing of this machine but what `headers` have."""
    own = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    own["User-Agent"] = "ipynb-telemetry"
    given = {name: value for name, value in headers.items() if value}
    packed = _module("gzip").compress(body)
    return _module("urllib.request").Request(address, packed, {**own, **given})


def _post(
    host: str,
    body: bytes,
    timeout_s: float | None = None,
    fingerprint: str = "",
    headers: Mapping[str, str] | None = None,
    path: str = "batch/",
) -> _Answer:
    """Send one batch. The call blocks.

    Args:
        host: origin and path, without a final slash.
        body: JSON.
        timeout_s: of the whole exchange, in seconds; None: `_TIMEOUT_S`.
        fingerprint: the SHA-256 of the only certificate that is trusted, as 64 small digits, by
            `https` alone; "": those of the environment.
        headers: more headers of the request, by name; a value that is empty is left out.
        path: of the route, below the host.

    Returns:
        The answer, also when none came.
    """
    asked = _request(f"{host}/{path}", body, headers or {})
    watch = _Watch(timeout_s or _TIMEOUT_S, fingerprint)
    asked.watch = watch
    try:
        opener = _opener(host.startswith("https:"), bool(fingerprint))
        with watch, opener.open(asked, timeout=watch.seconds) as response:
            status = response.status
            told = response.read(_MAX_ANSWER_BYTES)
            asked_pause = response.headers.get("Retry-After")
            date = response.headers.get("Date")
        if watch.is_over:  # the answer may have been cut off
            return _LATE
        return _Answer(status, _words_for(status), asked_pause, told, date)
    except (OSError, ImportError, _module("http.client").HTTPException, ValueError) as error:
        cause = getattr(error, "reason", error)  # of a URLError
        is_late = watch.is_over or isinstance(cause, TimeoutError)
        return _LATE if is_late else _Answer(None, _why(cause))


def _words_for(status: int) -> str:
    """A status with the words of its standard, whatever the other end calls it."""
    try:
        return f"{status} {_module('http').HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _why(cause: Any) -> str:
    """Say why no answer came, in words of ours or of the operating system."""
    if isinstance(cause, _module("http.client").RemoteDisconnected):
        return "the connection was closed without an answer"
    if isinstance(cause, _PinError):
        return _NOT_PINNED
    if type(cause).__name__ == "SSLCertVerificationError":
        return _UNTRUSTED
    if isinstance(cause, OSError) and type(cause).__name__.startswith("SSL"):
        return "no secure connection can be made"
    if isinstance(cause, OSError) and cause.errno is not None:
        return f"[Errno {cause.errno}] {cause.strerror}"
    # A proxy that refuses, an answer that is no HTTP, an address that nothing can be sent to.
    return "the host or a proxy before it cannot be spoken to"
