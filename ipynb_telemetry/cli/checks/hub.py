"""Whether the class collector of the hub takes what this server sends, for which none is stored."""

from __future__ import annotations

import time
from collections.abc import Iterator

from ...relay.rules import judge
from ...relay.transport import post_batch
from ...settings.hubcollector import VARIABLE, AddressError, read_hub_collector
from ...store.event import now_utc
from . import Finding
from .host import SUBJECT, TIMEOUT_S, words_of

_RESTART = (
    "Stop the server in the Hub Control Panel and start it again. If that changes nothing, the"
    " account is in no group of the course: whoever runs the hub can change that."
)


def has_collector() -> bool:
    """Whether the environment says anything of a class collector of the hub."""
    try:
        return read_hub_collector() is not None
    except AddressError:
        return True


def hub_collector(is_tried: bool) -> Iterator[Finding]:
    """Send a batch of nothing, with the token of this server, and tell what came of it.

    Args:
        is_tried: whether the network may be used.
    """
    try:
        collector = read_hub_collector()
    except AddressError as error:
        advice = f"Whoever runs the hub corrects {VARIABLE} in jupyterhub_config.py."
        yield Finding("bad", SUBJECT, f"{VARIABLE} {error}: events stay on this server", advice)
        return
    assert collector is not None
    where = f"{collector.host}, the class collector of this hub,"
    if not is_tried:
        yield Finding("note", SUBJECT, f"{where} was not tried")
        return
    answer = post_batch(collector, [], now_utc(), TIMEOUT_S)
    if answer.status is None:
        advice = "Whoever runs the hub can see whether that service runs."
        yield Finding("bad", SUBJECT, f"{where} cannot be reached: {answer.reason}", advice)
        return
    verdict = judge(answer, time.time())
    if verdict.kind == "accepted":
        yield Finding("ok", SUBJECT, f"{where} takes what this server sends")
        return
    words = words_of(answer)
    reason = f"{verdict.reason}: {words}" if words else verdict.reason
    yield Finding("bad", SUBJECT, f"{where} takes nothing from this server: {reason}", _RESTART)
