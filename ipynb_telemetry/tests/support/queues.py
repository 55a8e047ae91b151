"""Events for the relay's queue, and claims of them."""

import logging
from typing import Any

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.relay.queue import Claim, RelayQueue
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.relay.status import read_status
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.store.event import Event

LOG = logging.getLogger("ipynb_telemetry")
NOW = 1_772_359_200.0  # 2026-03-01T10:00:00Z
POSTHOG = Destination("https://eu.i.posthog.com", "phc_key")
ACCEPTED = Answer(200, "200 OK", body=b'{"status":1}')
DOWN = Answer(503, "503 Service Unavailable", "300")


def events(count: int, **fields: Any) -> list[Event]:
    return check_events(
        [
            {"event": "tried", "distinct_id": "JOHN_DOE", "properties": {"seq": seq}, **fields}
            for seq in range(count)
        ]
    )


def claim(queue: RelayQueue, now: float = NOW) -> Claim:
    claim = queue.claim(now)
    assert isinstance(claim, Claim)
    return claim


def uuids(claim: Claim) -> list[str]:
    return [event.uuid for event in claim.events]


def status_of(queue: RelayQueue, now: float = NOW, hindrance: str | None = None) -> dict[str, Any]:
    """Read how forwarding goes, in the thread that the queue was used in."""
    return queue.database.use(lambda connection: read_status(connection, now, hindrance))


def counts(queue: RelayQueue) -> tuple[int, int]:
    status = status_of(queue)
    return status["waiting"], status["set_aside"]
