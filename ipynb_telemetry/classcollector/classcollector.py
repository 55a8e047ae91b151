"""A collector for a class: the parts of every collector, and what a class needs besides."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Any

from ..collectorparts import CollectorParts
from ..settings.destination import Destination
from ..store.events import EventStore
from .door import Door
from .forwarding import Fixed, ForwardingStore
from .keyring import KeyRing, now_ms
from .rates import Rates
from .senders import Senders

MAX_BODY_SIZE = 20 * 1024 * 1024
"""The largest body of a request, in bytes, as PostHog takes it."""


class ClassCollector(CollectorParts):
    """The class collector, as its handlers find it in `collector`.

    Attributes:
        class_name: of the class, for people.
        url: by which others reach the collector, without a slash at the end.
        door: tells who may send and who may read.
        rates: bounds what is sent in a minute.
        key_ring: the keys of the class.
        senders: who sent lately.
        waiting_bytes: of the bodies in memory.
        waiting_of: these bytes by the student who sends, where that is known, or else by address.
        requests: the handlers that are at work on events.
    """

    is_of_class = True
    door: Door

    def __init__(
        self,
        *,
        class_name: str,
        url: str,
        path: str,
        database_path: str,
        rates: Rates,
        make_door: Callable[[KeyRing], Door],
        forwards_to: Destination | None = None,
        retention_days: int = 0,
        clock_ms: Callable[[], int] = now_ms,
    ) -> None:
        """Open nothing yet.

        Args:
            class_name: of the class.
            url: by which others reach the collector, without a slash at the end.
            path: where it lies, with a slash at the beginning and the end.
            database_path: the class's file.
            rates: bounds what is sent in a minute.
            make_door: makes the door, which may let in by the keys.
            retention_days: how long events are kept, in days; 0: until somebody deletes them.
            clock_ms: of keys and sessions, in milliseconds since 1970.
            forwards_to: where events go on to, as they come; None: nowhere.
        """
        self.class_name = class_name
        self.url = url
        self.base_url = path
        self.database_path = database_path
        self.log = logging.getLogger("ipynb_telemetry")
        self.server_settings = Fixed(forwards_to)
        self._forwards = forwards_to is not None
        self.max_body_size = MAX_BODY_SIZE
        self.retention_days = retention_days
        self.static_url_prefix = f"{path}static/ipynb_telemetry/"
        self.rates = rates
        self.senders = Senders()
        self.waiting_bytes = 0
        self.waiting_of: Counter[str] = Counter()
        self.requests: set[Any] = set()
        self.key_ring = KeyRing(self, clock_ms)
        self.door = make_door(self.key_ring)

    @cached_property
    def store(self) -> EventStore:
        """The store, which has events forwarded if they are to be."""
        kind = ForwardingStore if self._forwards else EventStore
        return kind(self.database_path, self.log)

    def elsewhere(self) -> None:
        """Tell that events come here, also those that are forwarded."""

    def forward_soon(self) -> None:
        """Let what was stored go on, if it is to; to be called on the event loop."""
        if self._forwards:
            self.relay.wake()

    def begin(self) -> None:
        """Go on with what was left to do, and look after the keys."""
        super().begin()
        self.key_ring.start()

    async def end(self) -> None:
        """Finish what was accepted, and close the file."""
        await self.key_ring.stop()
        await super().end()
