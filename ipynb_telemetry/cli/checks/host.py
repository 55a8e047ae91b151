"""Whether the destination takes an event from here, and what its clock says."""

from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from ...kernel.post import _NOT_PINNED
from ...relay.rules import Answer, judge
from ...relay.transport import post_batch, probe
from ...relay.wire import MAX_EVENT_BYTES, WaitingEvent
from ...settings.destination import Destination
from ...store.event import now_utc
from . import Finding

EVENT = "connection_tested"
DISTINCT_ID = "ipynb-telemetry-test"  # as the page's test event has it
TIMEOUT_S = 15
# So little misleads nobody; PostHog itself forgives 150 s.
CLOCK_TOLERANCE_S = 60
MAX_WORDS_LENGTH = 200  # characters of what a refusal says
SUBJECT = "host"
REJOIN = "Join again with the line that your instructor shows today: jupyter telemetry join …"


def send_test_event(destination: Destination) -> Iterator[Finding]:
    """Send one event, of no student, and tell what came of it and how far the clocks are apart."""
    now = now_utc()
    properties = json.dumps({"$process_person_profile": False, "$geoip_disable": True})
    event = WaitingEvent(0, str(uuid.uuid4()), EVENT, DISTINCT_ID, now, properties, MAX_EVENT_BYTES)
    begun = time.time()
    answer = post_batch(destination, [event], now, TIMEOUT_S)
    ended = time.time()
    yield _judged(destination, answer, (ended - begun) * 1000)
    yield from _clock(answer.date, (begun + ended) / 2)


def try_host(destination: Destination) -> Iterator[Finding]:
    """Find out whether anything answers at the host; nothing is told of anybody."""
    host = destination.host
    begun = time.time()
    answer = probe(destination, TIMEOUT_S)
    ended = time.time()
    if answer.status is None:
        yield _unreachable(destination, answer)
        return
    yield Finding(
        "ok",
        SUBJECT,
        f"{host} answers, in {(ended - begun) * 1000:.0f} ms; --yes sends a test event, which"
        " tries the key too",
    )
    yield from _clock(answer.date, (begun + ended) / 2)


def ad_blocker(host: str, has_relay: bool) -> Iterator[Finding]:
    """Warn of browsers that keep PostHog out, which cannot be seen from here."""
    name = urlsplit(host).hostname or ""
    if not has_relay and (name == "posthog.com" or name.endswith(".posthog.com")):
        yield Finding(
            "note",
            "ad blockers",
            f"many keep browsers from {name}, which shows in the browser only; where students use"
            " one, let the Jupyter server send: jupyter telemetry configure --relay",
        )


def app_of(host: str) -> str:
    """Give the pages of the project, which PostHog's own cloud has beside where events go."""
    return re.sub(r"^(https://(?:us|eu))\.i(\.posthog\.com)$", r"\1\2", host)


def _judged(destination: Destination, answer: Answer, duration_ms: float) -> Finding:
    host = destination.host
    is_class = destination.is_class_collector
    if answer.status is None:
        return _unreachable(destination, answer)
    verdict = judge(answer, time.time())
    if verdict.kind == "accepted" and is_class:
        text = f"{host}, your class's collector, took the event {EVENT} in {duration_ms:.0f} ms"
        return Finding("ok", SUBJECT, text)
    if verdict.kind == "accepted":
        return Finding(
            "ok",
            SUBJECT,
            f"{host} took the event {EVENT} in {duration_ms:.0f} ms. PostHog says so to any key:"
            f" look for {EVENT} at {app_of(host)}, Activity",
        )
    if verdict.kind == "unauthorized" and is_class:
        advice = REJOIN
    elif verdict.kind == "unauthorized":
        advice = "Copy the project key again, and check that the host is its region's."
    elif answer.status == 404 or verdict.reason.startswith("the answer is not"):
        expected = "a class's collector" if is_class else "PostHog"
        advice = f"Check the host: something else than {expected} answers there."
    elif "quota" in verdict.reason:
        advice = "Raise the quota of the PostHog project: it drops what it is sent."
    else:
        advice = "Try again later; students' events wait in their browsers until then."
    words = words_of(answer)
    reason = verdict.reason if verdict.reason.endswith(words) else f"{verdict.reason}: {words}"
    return Finding("bad", SUBJECT, f"{host} did not take the event: {reason}", advice)


def _unreachable(destination: Destination, answer: Answer) -> Finding:
    advice = "Check the address, the network, and HTTPS_PROXY if you need a proxy."
    if answer.reason == _NOT_PINNED:
        advice = REJOIN
    text = f"{destination.host} cannot be reached from here: {answer.reason}"
    return Finding("bad", SUBJECT, text, advice)


def words_of(answer: Answer) -> str:
    """Give what a refusal says: its text, or that of a JSON object; no page, and no debris."""
    if answer.status is None or not 400 <= answer.status < 500:
        return ""
    text = answer.body.decode("utf-8", "ignore")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        told = text
    members = told if isinstance(told, dict) else {}
    for words in (told, *(members.get(name) for name in ("message", "detail", "error"))):
        if isinstance(words, str):
            printable = "".join(sign if sign.isprintable() else " " for sign in words)
            line = " ".join(printable.split())[:MAX_WORDS_LENGTH]
            if line:
                return "" if line[0] in "<{[" else line
    return ""


def _clock(date: str | None, here: float) -> Iterator[Finding]:
    try:
        ahead_s = here - parsedate_to_datetime(date or "").timestamp()
    except (TypeError, ValueError):
        return
    if abs(ahead_s) <= CLOCK_TOLERANCE_S:
        yield Finding("ok", "clock", "agrees with the host's")
    else:
        yield Finding(
            "bad",
            "clock",
            f"is {abs(ahead_s):.0f} s {'ahead of' if ahead_s > 0 else 'behind'} the host's",
            "Set this computer's clock; students' events carry their computers' time.",
        )
