"""What the routes of every room share: the way to the store's thread, and how they answer."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from jupyter_server.base.handlers import APIHandler
from jupyter_server.extension.handler import ExtensionHandlerMixin
from tornado import web

from .database import StoreUnavailableError

T = TypeVar("T")


class TelemetryHandler(ExtensionHandlerMixin, APIHandler):
    """A route of this extension. Who may use it, Jupyter's own authorizer says."""

    auth_resource = "ipynb_telemetry"
    # Telemetry is no work: it must not keep an idle server from being culled.
    _track_activity = False
    # Tornado reads the body before it calls anything. In a handler that takes the body as it comes
    # this is False until the end of `prepare`: Tornado calls the method after the body's end.
    is_body_read = True

    def set_default_headers(self) -> None:
        """Let nobody on the way, nor the browser, keep what is told of students."""
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")

    def finish(self, *args: Any, **kwargs: Any) -> Future[Any]:
        """Answer; before the body's end an answer tells that the connection ends with it.

        Tornado closes such a connection without a word. A hub's proxy would give it to the next
        request, whoever's, and that one would fail.
        """
        if not self.is_body_read:
            self.set_header("Connection", "close")
        return super().finish(*args, **kwargs)

    @property
    def collector(self) -> Any:
        """The CollectorParts of the application these routes belong to."""
        return self.extensionapp

    async def off_loop(self, work: Callable[[], T]) -> T:
        """Run `work` in the store's thread and answer its errors with their HTTP status."""
        return await self.outcome(self.collector.off_loop(work))

    async def outcome(self, work: Awaitable[T]) -> T:
        """Wait for `work` and answer its errors with their HTTP status."""
        try:
            return await work
        except StoreUnavailableError as error:
            raise web.HTTPError(503, str(error)) from error

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with one sentence; a traceback or a path is nobody's business."""
        error = kwargs.get("exc_info", (None, None))[1]
        message = self._reason
        if isinstance(error, web.HTTPError) and error.log_message:
            message = error.log_message % error.args
        self.finish({"message": message})
