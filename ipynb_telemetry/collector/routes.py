"""The collector's route: HTTP in; what a body brings is checked and stored off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..store.handler import TelemetryHandler
from .body import BodyError, read_body
from .validation import EventError, check_events


@web.stream_request_body
class CaptureHandler(TelemetryHandler):
    """Takes events the way PostHog does.

    The body is streamed: a stranger's body is never read, a body that is too large is never kept,
    and Tornado does not parse a large form on the event loop.
    XSRF: a page sends the token as a header, or as `_xsrf` in the query where it cannot.
    """

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty body."""
        super().initialize(*args, **kwargs)
        self._body = bytearray()
        self._size = 0

    async def prepare(self) -> None:  # type: ignore[override]  # as that of APIHandler
        """Refuse strangers, and make ready for the body."""
        await super().prepare()
        if self._finished or self.request.method != "POST":
            return
        if not self.current_user:
            raise web.HTTPError(403)
        announced = self.request.headers.get("Content-Length", "")
        if announced.isdecimal():
            # A body that is too large is read to its end, and dropped on the way: a browser
            # that finds the connection closed while it sends never sees the 413.
            connection: Any = self.request.connection  # HTTP/1, which alone has such a limit
            connection.set_max_body_size(max(int(announced), self._limit))

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, unless it is too large already."""
        self._size += len(chunk)
        if self._size <= self._limit:
            self._body += chunk
        else:
            self._body.clear()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body: 200; or none of them: 400, 413 or 503."""
        await self.take()

    async def take(self) -> None:
        """Store the events of the body, and answer."""
        limit = self._limit
        if self._size > limit:
            raise web.HTTPError(413, f"The body is larger than {limit} bytes.")
        compression = self.get_query_argument("compression", "")

        try:
            await self.store(lambda: read_body(self._body, limit, compression))
        except BodyError as error:
            raise web.HTTPError(error.status, str(error)) from error
        except EventError as error:
            raise web.HTTPError(400, str(error)) from error
        self.finish({"status": 1})

    async def store(self, read: Callable[[], Any]) -> None:
        """Store what is in the document that `read` gives, which is called off the event loop."""
        await self.outcome(self.collector.intake.add(lambda: check_events(read())))

    @property
    def _limit(self) -> int:
        limits: list[int] = [self.collector.max_body_size, self.serverapp.max_body_size]
        return min(limits)


ROUTES = [(r"/ipynb-telemetry/(?:batch|e|i/v0/e)/?", CaptureHandler)]
