"""The collector's routes: HTTP in, HTTP out; the work is done in the store's thread."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web

from .body import BodyError, read_body
from .database import StoreUnavailableError
from .destination import read_destination
from .event import check_events, to_utc
from .store import Page, Position, Query

MAX_PAGE = 1000  # events

T = TypeVar("T")


class _CollectorHandler(ExtensionHandlerMixin, APIHandler):
    auth_resource = "ipynb_telemetry"
    # Telemetry is no work: it must not keep an idle server from being culled.
    _track_activity = False

    @property
    def collector(self) -> Any:
        """The IpynbTelemetryApp these routes belong to."""
        return self.extensionapp

    async def off_loop(self, work: Callable[[], T]) -> T:
        """Run `work` in the store's thread and answer its errors with their HTTP status."""
        return await self.outcome(self.collector.off_loop(work))

    async def outcome(self, work: Awaitable[T]) -> T:
        """Wait for `work` and answer its errors with their HTTP status."""
        try:
            return await work
        except BodyError as error:
            raise web.HTTPError(error.status, str(error)) from error
        except StoreUnavailableError as error:
            raise web.HTTPError(503, str(error)) from error

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with one sentence; a traceback or a path is nobody's business."""
        error = kwargs.get("exc_info", (None, None))[1]
        message = self._reason
        if isinstance(error, web.HTTPError) and error.log_message:
            message = error.log_message % error.args
        self.finish({"message": message})


@web.stream_request_body
class CaptureHandler(_CollectorHandler):
    """Takes events the way PostHog does.

    The body is streamed: a stranger's is never read, one that is too large is never kept, and
    Tornado does not parse a large form on the event loop.
    XSRF: a page sends the token as a header, or as `_xsrf` in the query where it cannot.
    """

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Begin with an empty body."""
        super().initialize(*args, **kwargs)
        self._body = bytearray()
        self._size = 0

    async def prepare(self) -> None:
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
            self.request.connection.set_max_body_size(max(int(announced), self._limit))

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
        """Store every event of the body: 200, or 400, 413 or 503 and none of them is stored."""
        limit = self._limit
        if self._size > limit:
            raise web.HTTPError(413, f"The body is larger than {limit} bytes.")
        compression = self.get_query_argument("compression", "")

        await self._store(lambda: read_body(self._body, limit, compression))
        self.finish({"status": 1})

    async def _store(self, read: Callable[[], Any]) -> None:
        """Store what is in the document that `read` gives, which is called off the event loop."""
        await self.outcome(self.collector.intake.add(lambda: check_events(read())))

    @property
    def _limit(self) -> int:
        return min(self.collector.max_body_size, self.serverapp.max_body_size)


class RelayHandler(CaptureHandler):
    """Takes events in the same way, and forwards them to PostHog: the body's `host` and key.

    An empty batch only names them: after a correction there may be no next event for a long time.
    """

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body for forwarding; also 400 for a refused host or key."""
        await super().post()
        self.collector.relay.wake()

    async def _store(self, read: Callable[[], Any]) -> None:
        def add() -> None:
            document = read()
            destination = read_destination(document)
            self.collector.outbox.add(check_events(document, may_be_none=True), destination)

        await self.off_loop(add)


class RelayStatusHandler(_CollectorHandler):
    """Tells how forwarding goes, and lets it go on at once."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer with the counts of events, what the trouble is, and times as ISO 8601."""
        self.finish(await self.off_loop(self._status))

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Try now, whatever the pause, also what was refused; answer in the same way."""
        await self.off_loop(self.collector.outbox.retry)
        self.collector.relay.wake()
        self.finish(await self.off_loop(self._status))

    def _status(self) -> Any:
        return self.collector.outbox.status(time.time())


class EventsHandler(_CollectorHandler):
    """Gives stored events back, newest first, page by page."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"events": [...], "next": cursor or null}`; 400 for a bad argument."""
        query = Query(
            student=self._argument("student"),
            notebook=self._argument("notebook"),
            type=self._argument("type"),
            since=self._argument("since", to_utc),
            after=self._argument("cursor", _read_cursor),
            limit=self._argument("limit", _read_limit) or Query().limit,
        )
        self.finish(await self.off_loop(lambda: _write_page(self.collector.store.page(query))))

    def _argument(self, name: str, read: Callable[[str], Any] = str) -> Any:
        text = self.get_query_argument(name, "", strip=False)
        try:
            return read(text) if text else None
        except ValueError as error:
            raise web.HTTPError(400, f"The argument {name!r} is not valid.") from error


def _read_limit(text: str) -> int:
    limit = int(text)
    if not 1 <= limit <= MAX_PAGE:
        raise ValueError(f"not from 1 to {MAX_PAGE}")
    return limit


def _read_cursor(text: str) -> Position:
    timestamp, _, row = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
    if not 0 < int(row) < 2**63:
        raise ValueError("not a row id")
    return Position(to_utc(timestamp), int(row))


def _write_cursor(position: Position) -> str:
    return base64.urlsafe_b64encode(f"{position.timestamp} {position.id}".encode()).decode()


def _write_page(page: Page) -> str:
    # Event by event, so that the event loop gets its turn between them.
    events = ",".join(json.dumps(event) for event in page.events)
    cursor = _write_cursor(page.next) if page.next else None
    return f'{{"events":[{events}],"next":{json.dumps(cursor)}}}'


ROUTES = [
    (r"/ipynb-telemetry/(?:batch|e|i/v0/e)/?", CaptureHandler),
    (r"/ipynb-telemetry/api/events/?", EventsHandler),
    (r"/ipynb-telemetry/relay/batch/?", RelayHandler),
    (r"/ipynb-telemetry/relay/status/?", RelayStatusHandler),
]
