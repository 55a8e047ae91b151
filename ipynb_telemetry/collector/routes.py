"""The collector's route: HTTP in; what a body brings is checked and stored off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..store.handler import TelemetryHandler
from .body import BodyError, read_body
from .validation import EventError, check_events

MAX_WARNINGS = 10  # in an answer


@web.stream_request_body
class CaptureHandler(TelemetryHandler):
    """Takes events the way PostHog does.

    The body is streamed: a stranger's body and a body that is too large are never kept, and Tornado
    does not parse a large form on the event loop.
    XSRF: a page sends the token as a header, or as `_xsrf` in the query where it cannot.
    """

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty body."""
        super().initialize(*args, **kwargs)
        self._body = bytearray()
        self._size = 0
        self._warnings: list[str] = []
        self._refusal: web.HTTPError | None = None
        announced = self.request.headers.get("Content-Length", "")
        self._announced = int(announced) if announced.isdecimal() else None

    @property
    def is_body_read(self) -> bool:  # type: ignore[override]
        """Whether nothing of the body is left on the connection, as far as its length is told."""
        if "Transfer-Encoding" in self.request.headers:
            return False
        return self._size >= (self._announced or 0)

    async def prepare(self) -> None:  # type: ignore[override]  # as that of APIHandler
        """Refuse strangers, and make ready for the body.

        A body that is refused is read to its end and dropped on the way: who finds the connection
        closed while sending never sees the answer. A stranger who announces more than anybody may
        send, or announces nothing, is answered at once.
        """
        try:
            await super().prepare()
            if self.request.method == "POST" and not self.current_user and not self._finished:
                raise web.HTTPError(403)
        except web.HTTPError as refusal:
            if self.request.method != "POST" or not 0 < (self._announced or 0) <= self._limit:
                raise
            self._refusal = refusal
            self.current_user = None  # for whom `post` does nothing
            return
        if self.request.method == "POST" and self._announced is not None:
            connection: Any = self.request.connection  # HTTP/1, which alone has such a limit
            connection.set_max_body_size(max(self._announced, self._limit))

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, unless it is refused or too large already."""
        self._size += len(chunk)
        if self._refusal is None and self._size <= self._limit:
            self._body += chunk
        else:
            self._body.clear()

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with one sentence, that of `prepare` where the request was refused there."""
        if self._refusal is not None:
            self.set_status(self._refusal.status_code)
            kwargs["exc_info"] = (type(self._refusal), self._refusal, None)
        super().write_error(self.get_status(), **kwargs)

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body: 200; or none of them: 400, 413 or 503.

        The answer has `warnings` where a property was kept apart.
        """
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
        self.collector.folding.soon()
        self.collector.rebuilding.soon()
        if not self._warnings:
            self.finish({"status": 1})
            return
        self.log.warning("%d properties do not fit: %s", len(self._warnings), self._warnings[0])
        self.finish({"status": 1, "warnings": self._warnings[:MAX_WARNINGS]})

    async def store(self, read: Callable[[], Any]) -> None:
        """Store what is in the document that `read` gives, which is called off the event loop."""
        await self.outcome(
            self.collector.intake.add(lambda: check_events(read(), warn=self._warnings.append))
        )

    @property
    def _limit(self) -> int:
        limits: list[int] = [self.collector.max_body_size, self.serverapp.max_body_size]
        return min(limits)


ROUTES = [(r"/ipynb-telemetry/(?:batch|e|i/v0/e)/?", CaptureHandler)]
