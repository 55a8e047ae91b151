"""How many connections a class collector holds: fewer than the system gives, and nobody has all."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

_WANTED = 16_384  # connections, where the system gives so many
_ELSEWHERE = 448  # on Windows, whose `select` takes 512 sockets
_RESERVE = 64  # file descriptors for the class's file, the log, and what goes on to a PostHog


def most_connections() -> int:
    """Have the system give as many file descriptors as are wanted; give how many connections fit.

    Shells usually allow 1,024, and macOS 256: less than a class that is back after a break.
    """
    try:
        import resource
    except ImportError:
        return _ELSEWHERE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < _WANTED + _RESERVE:
        wanted = _WANTED + _RESERVE
        if hard != resource.RLIM_INFINITY:
            wanted = min(wanted, hard)
        with suppress(OSError, ValueError):  # some systems have a limit of their own
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    given = _WANTED if soft == resource.RLIM_INFINITY else min(soft - _RESERVE, _WANTED)
    return max(given, 1)


class BoundedServer(HTTPServer):
    """A server that closes connections beyond a number at once, of all and of one address.

    Without a bound the system refuses the next one, again and again, and the server does nothing
    but ask. Our clients keep what they could not send.
    """

    def initialize(  # type: ignore[override]  # two arguments more
        self, *args: Any, most: int, most_of_one: int, **kwargs: Any
    ) -> None:
        """Hold no connection.

        Args:
            args: as of HTTPServer.
            most: connections at one time.
            most_of_one: connections at one time of one address.
            kwargs: as of HTTPServer.
        """
        super().initialize(*args, **kwargs)
        self._most = most
        self._most_of_one = most_of_one
        self._held: Counter[str] = Counter()

    def handle_stream(self, stream: IOStream, address: Any) -> None:
        """Serve a connection, or close it."""
        who = str(address[0])
        if self._held.total() >= self._most or self._held[who] >= self._most_of_one:
            stream.close()
            return
        self._held[who] += 1
        super().handle_stream(stream, address)

    def on_close(self, server_conn: Any) -> None:
        """Count a connection no longer."""
        super().on_close(server_conn)
        who = str(server_conn.context.address[0])
        self._held[who] -= 1
        if not self._held[who]:
            del self._held[who]
