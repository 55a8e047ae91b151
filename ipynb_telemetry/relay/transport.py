"""One POST of a batch to a destination, and whether anything answers there."""

from __future__ import annotations

from collections.abc import Sequence

from ..kernel.post import _post
from ..kernel.sender import _sender
from ..settings.destination import Destination
from ..settings.hubcollector import token_for
from .rules import Answer
from .wire import WaitingEvent, write_batch


def post_batch(
    destination: Destination,
    events: Sequence[WaitingEvent],
    sent_at: str,
    timeout_s: float | None = None,
    *,
    is_historical: bool = False,
) -> Answer:
    """Send one batch, through the proxy of the environment if there is one. The call blocks.

    The collector of a hub gets the token of this server too, which is read from the environment.

    Args:
        destination: where to.
        events: oldest first.
        sent_at: the time of this attempt, as `to_utc` writes it.
        timeout_s: of the whole exchange, in seconds; None: a minute.
        is_historical: whether PostHog is to take the events as a migration of old ones.

    Returns:
        The answer, also when none came.
    """
    token = token_for(destination)
    headers = {
        "Authorization": f"token {token}" if token else "",
        "Telemetry-Sender": _sender(destination.api_key),
    }
    body = write_batch(destination, events, sent_at, is_historical)
    return _post(destination.host, body, timeout_s, destination.fingerprint, headers)


def probe(destination: Destination, timeout_s: float) -> Answer:
    """Find out whether anything answers there, by a batch of nothing and no key. The call blocks.

    Args:
        destination: where to.
        timeout_s: of the whole exchange, in seconds.
    """
    return _post(destination.host, b'{"batch":[]}', timeout_s, destination.fingerprint)
