"""A request's body as it comes: bounded, and read off the event loop."""

from __future__ import annotations

from typing import Any

from tornado import web

from ..store.handler import TelemetryHandler
from .body import BodyError, read_body

_WITH_BODY = ("POST", "PUT")


@web.stream_request_body
class BodyHandler(TelemetryHandler):
    """Takes a body.

    The body is streamed: a stranger's body and a body that is too large are never kept, and Tornado
    does not parse a large form on the event loop.
    XSRF: a page sends the token as a header, or as `_xsrf` in the query where it cannot.
    """

    is_body_read = False

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty body."""
        super().initialize(*args, **kwargs)
        self._body = bytearray()
        self._size = 0
        self._unpacked_size = 0
        self._refusal: web.HTTPError | None = None
        announced = self.request.headers.get("Content-Length", "")
        self._announced = int(announced) if announced.isdecimal() else None

    async def prepare(self) -> None:  # type: ignore[override]  # as that of APIHandler
        """Refuse strangers, and make ready for the body.

        A body that is refused is read to its end and dropped on the way: who finds the connection
        closed while sending never sees the answer. A stranger who announces more than anybody may
        send, or announces nothing, is answered at once, and so is who only asks.
        """
        has_body = self.request.method in _WITH_BODY
        try:
            await super().prepare()
            if has_body and not self.current_user and not self._finished:
                raise web.HTTPError(403)
        except web.HTTPError as refusal:
            if not has_body or not 0 < (self._announced or 0) <= self._limit:
                raise
            self.refuse(refusal)
        self.is_body_read = True  # before any method is called
        if self._refusal is None and has_body and self._announced is not None:
            connection: Any = self.request.connection  # HTTP/1, which alone has such a limit
            connection.set_max_body_size(max(self._announced, self._limit))

    def refuse(self, refusal: web.HTTPError) -> None:
        """Drop the body, read it to its end, and answer then; to be called before the end."""
        self._refusal = refusal
        self.current_user = None  # for whom no method does anything
        self._body.clear()

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

    def check_size(self) -> None:
        """Refuse a body that was too large to be kept."""
        if self._size > self._limit:
            raise web.HTTPError(413, f"The body is larger than {self._limit} bytes.")

    def read_document(self, compression: str = "") -> Any:
        """Read what the body holds, off the event loop.

        Raises:
            BodyError: the body cannot be taken.
        """
        return read_body(self._body, self._limit, compression, self._count_unpacked)

    def _count_unpacked(self, size: int) -> None:
        self._unpacked_size += size

    @property
    def _limit(self) -> int:
        limit: int = self.collector.body_limit
        return limit


def refused(error: BodyError) -> web.HTTPError:
    """Give the answer to a body that cannot be taken."""
    return web.HTTPError(error.status, str(error))
