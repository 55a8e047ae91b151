"""The relay's routes: events in that are to be forwarded, and how the forwarding goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..collector.routes import CaptureHandler
from ..collector.validation import check_events
from ..store.handler import TelemetryHandler
from .status import read_status


class RelayHandler(CaptureHandler):
    """Takes events as the collector does, and forwards them to where this server's settings say.

    A page of version 0.1.0 also names a host and a key, and sends an empty batch when they change:
    the names are ignored, and the batch is taken.
    """

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body for forwarding."""
        await self.take()
        self.collector.relay.wake()

    async def store(self, read: Callable[[], Any]) -> None:
        """Store the events, to be forwarded."""

        def add() -> None:
            events = check_events(read(), may_be_none=True, warn=self._warnings.append)
            self.collector.queue.add(events)

        await self.off_loop(add)


class RelayStatusHandler(TelemetryHandler):
    """Tells how forwarding goes, and lets it go on at once."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer with the counts of events, what the trouble is, and times as ISO 8601."""
        self.finish(await self._status())

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Try now, whatever the pause, also what was refused; answer in the same way."""
        await self.off_loop(self.collector.queue.retry)
        self.collector.relay.wake()
        self.finish(await self._status())

    async def _status(self) -> Any:
        now, hindrance = time.time(), self.collector.relay.hindrance
        return await self.outcome(
            self.collector.reader.read(
                lambda snapshot: read_status(snapshot.connection, now, hindrance)
            )
        )


ROUTES = [
    (r"/ipynb-telemetry/relay/batch/?", RelayHandler),
    (r"/ipynb-telemetry/relay/status/?", RelayStatusHandler),
]
