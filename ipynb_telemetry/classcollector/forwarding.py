"""Live forwarding: what comes to a class collector goes on to a PostHog, when that takes it."""

from __future__ import annotations

from collections.abc import Sequence

from ..relay.queue import RelayQueue
from ..settings.destination import Destination
from ..settings.inforce import InForce
from ..store.event import Event
from ..store.events import EventStore
from ..store.simulated import is_simulated


class ForwardingStore(EventStore):
    """Keeps events, and has those of real students forwarded."""

    def append(self, events: Sequence[Event]) -> int:
        """Store events as any store does, and let them wait for the relay in the same commit."""
        return RelayQueue(self.database).add(events, _is_real)


class Fixed:
    """Tells the relay of a class collector where to send, which is said when it starts."""

    def __init__(self, destination: Destination | None) -> None:
        """Take the destination; None: nothing is forwarded."""
        self._in_force = InForce(
            destination, None if destination else "this class collector forwards nothing"
        )

    def read(self) -> InForce:
        """Give what is in force."""
        return self._in_force


def _is_real(event: Event) -> bool:
    return not is_simulated(event.distinct_id, event.properties)
