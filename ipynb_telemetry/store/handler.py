"""What the routes of every room share: the way to the store's thread, and how a failure is told."""

from __future__ import annotations

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
        except StoreUnavailableError as error:
            raise web.HTTPError(503, str(error)) from error

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with one sentence; a traceback or a path is nobody's business."""
        error = kwargs.get("exc_info", (None, None))[1]
        message = self._reason
        if isinstance(error, web.HTTPError) and error.log_message:
            message = error.log_message % error.args
        self.finish({"message": message})
