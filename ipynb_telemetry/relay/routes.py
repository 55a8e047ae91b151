"""The relay's routes: events in that are to be forwarded, and how the forwarding goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..collector.routes import CaptureHandler
from ..collector.validation import check_events
from ..settings.destination import DestinationError, read_destination
from ..store.handler import TelemetryHandler


class RelayHandler(CaptureHandler):
    """Takes events in the same way, and forwards them to PostHog: the body's `host` and key.

    An empty batch only names them: after a correction there may be no next event for a long time.
    """

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body for forwarding; also 400 for a refused host or key."""
        try:
            await self.take()
        except DestinationError as error:
            raise web.HTTPError(400, str(error)) from error
        self.collector.relay.wake()

    async def store(self, read: Callable[[], Any]) -> None:
        """Store the events, and where they are to be forwarded to."""

        def add() -> None:
            document = read()
            destination = read_destination(document)
            self.collector.outbox.add(check_events(document, may_be_none=True), destination)

        await self.off_loop(add)


class RelayStatusHandler(TelemetryHandler):
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


ROUTES = [
    (r"/ipynb-telemetry/relay/batch/?", RelayHandler),
    (r"/ipynb-telemetry/relay/status/?", RelayStatusHandler),
]
