# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""PostHog's contract with its libraries: a kernel's delivery passes the cases that a page's does.

`scripts/sdkcontract.mjs` tries the same cases, under the same names, with the page's delivery. The
pauses themselves are held by `conformance/rules/deliveries.json`.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.kernel.delivery import _Delivery
from ipynb_telemetry.kernel.direct import _Direct
from ipynb_telemetry.kernel.shared import __version__

from ..support.fakeposthog import ACCEPTED, Answer, FakePostHog, Request
from .directkernel import KEY, names, wait_for
from .frontend import ANN

SCRIPT = Path(__file__).parents[3] / "scripts" / "sdkcontract.mjs"
# What a program may ask of the page's delivery, and nobody can ask of a kernel's.
NOT_ASKED = {
    "max_retries_respected": "a kernel tries as long as it lives, and then the next one does",
    "non_utc_event_timestamp_is_converted_to_utc": "a kernel makes each timestamp itself, in UTC",
}
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
UTC = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
PROPERTIES = {"text": "hello", "number": 42, "yes": True, "no": None}


class Stage:
    """A delivery, the PostHog that it sends to, and pauses that are noted and cut short."""

    def __init__(self, posthog: FakePostHog, *answers: int | Answer) -> None:
        self.posthog = posthog
        self.pauses: list[float] = []
        left = iter(answers)

        def answer(_: Any) -> Answer:
            told = next(left, ACCEPTED)
            return (told, {}, b'{"error": "by the test"}') if isinstance(told, int) else told

        posthog.answer = answer
        self.delivery = _Delivery(posthog.host, KEY)
        (self.spool,) = self.delivery._spools

    def capture(self, count: int = 1, **properties: Any) -> list[dict[str, Any]]:
        """Capture so many events, and give those of the first request."""
        self.spool.pace = self.spool.pace._replace(not_before=math.inf)  # until all are there
        direct = _Direct(ANN, "D1", self.delivery)
        for number in range(count):
            direct.capture(f"test_event_{number}", properties)
        wait_for(lambda: len(self.spool.waiting) == count)
        self.spool.pace = self.spool.pace._replace(not_before=0.0)
        self.delivery._due.set()
        return self.events(1)

    def requests(self, count: int) -> list[Request]:
        """The requests, when so many have come."""
        while len(self.posthog.requests) < count:
            seen = len(self.posthog.requests)
            if seen:
                wait_for(lambda: self.spool.pace.not_before)
                self.pauses.append(self.spool.pace.not_before - time.monotonic())
                self.spool.pace = self.spool.pace._replace(not_before=0.0)
                self.delivery._due.set()
            self.posthog.wait_until(partial(self._has_come, seen + 1))
        return self.posthog.requests

    def _has_come(self, number: int) -> bool:
        return len(self.posthog.requests) >= number

    def events(self, request: int) -> list[dict[str, Any]]:
        """The events of the request with that number, from 1 on."""
        events: list[dict[str, Any]] = self.requests(request)[request - 1].document["batch"]
        return events

    def rests(self) -> None:
        """Nothing is due any more, and what has been answered is settled."""
        wait_for(lambda: not self.spool.is_due)


Opens = Callable[..., Stage]


@pytest.fixture
def opens(posthog: FakePostHog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opens]:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    stages: list[Stage] = []

    def opens(*answers: int | Answer) -> Stage:
        stages.append(Stage(posthog, *answers))
        return stages[-1]

    yield opens
    for stage in stages:
        stage.delivery.finish(time.monotonic() + 10)


def one(opens: Opens, **properties: Any) -> dict[str, Any]:
    """The one event of the one request."""
    (event,) = opens().capture(**properties)
    return event


def request_of(opens: Opens, count: int) -> Request:
    stage = opens()
    stage.capture(count)
    stage.rests()
    (request,) = stage.posthog.requests
    return request


def event_has_required_fields(opens: Opens) -> None:
    event = one(opens)
    assert (event["event"], event["distinct_id"]) == ("test_event_0", ANN["id"])


def event_has_uuid(opens: Opens) -> None:
    assert re.fullmatch(UUID, one(opens)["uuid"])


def event_has_lib_properties(opens: Opens) -> None:
    properties = one(opens)["properties"]
    assert (properties["$lib"], properties["$lib_version"]) == ("ipynb-telemetry", __version__)


def distinct_id_is_string(opens: Opens) -> None:
    assert one(opens)["distinct_id"] == "ANN_LEE"


def token_is_present(opens: Opens) -> None:
    assert request_of(opens, 1).document["api_key"] == KEY


def custom_properties_preserved(opens: Opens) -> None:
    assert PROPERTIES.items() <= one(opens, **PROPERTIES)["properties"].items()


def event_has_timestamp(opens: Opens) -> None:
    assert re.fullmatch(UTC, one(opens)["timestamp"])


def is_tried_again(opens: Opens, *answers: int | Answer) -> Stage:
    """The same events, as they were, come until they are taken, and nothing waits then."""
    stage = opens(*answers)
    first = stage.capture(3)
    assert stage.events(len(answers) + 1) == first
    wait_for(lambda: not stage.spool.waiting)
    assert len(stage.posthog.requests) == len(answers) + 1
    return stage


def is_not_tried_again(opens: Opens, status: int) -> None:
    stage = opens(status)
    stage.capture()
    stage.rests()
    wait_for(lambda: stage.spool.is_refused or not stage.spool.waiting)
    assert stage.pauses == []
    assert len(stage.posthog.requests) == 1


def respects_retry_after_header(opens: Opens) -> None:
    stage = is_tried_again(opens, (429, {"Retry-After": "30"}, b"{}"))
    assert 20 < stage.pauses[0] <= 30


def implements_backoff(opens: Opens) -> None:
    stage = is_tried_again(opens, 503, 503, 503, 503, 503, 503, 503)
    # Half of 1, 2, 4 … seconds at the least, less what it took to look.
    assert [pause > 2**number / 4 for number, pause in enumerate(stage.pauses)][3:] == [True] * 4


def unique_uuids(opens: Opens) -> None:
    uuids = [event["uuid"] for event in opens().capture(5)]
    assert len(set(uuids)) == len(uuids) == 5


def sends_gzip_when_enabled(opens: Opens) -> None:
    request = request_of(opens, 1)
    assert (request.headers["Content-Encoding"], request.path) == ("gzip", "/batch/")


def uses_proper_batch_structure(opens: Opens) -> None:
    request = request_of(opens, 1)
    assert (request.headers["Content-Type"], request.path) == ("application/json", "/batch/")
    assert [*request.document] == ["api_key", "sent_at", "batch"]


def flush_with_no_events_sends_nothing(opens: Opens) -> None:
    stage = opens()
    stage.delivery.finish(time.monotonic() + 10)
    assert stage.posthog.requests == []


def multiple_events_batched_together(opens: Opens) -> None:
    batch = request_of(opens, 5).document["batch"]
    assert names(batch) == [f"test_event_{number}" for number in range(5)]


CASES: dict[str, Callable[[Opens], Any]] = {
    case.__name__: case
    for case in (
        *(event_has_required_fields, event_has_uuid, event_has_lib_properties),
        *(distinct_id_is_string, token_is_present, custom_properties_preserved),
        *(event_has_timestamp, respects_retry_after_header, implements_backoff),
        *(sends_gzip_when_enabled, uses_proper_batch_structure),
        *(flush_with_no_events_sends_nothing, multiple_events_batched_together),
    )
}
RETRIED = {
    "retries_on_503": (503, 503),
    **{f"retries_on_{status}": (status,) for status in (408, 500, 502, 504)},
    "preserves_uuid_on_retry": (503,),
    "preserves_uuid_and_timestamp_on_retry": (503, 503),
    "preserves_uuid_and_timestamp_on_batch_retry": (503,),
}
NOT_RETRIED = {f"does_not_retry_on_{status}": status for status in (400, 401, 403, 413)}
UNIQUE = {
    *("generates_unique_uuids", "no_duplicate_events_in_batch"),
    "different_events_have_different_uuids",
}


def test_the_cases_are_those_of_the_page() -> None:
    listed = re.findall(
        r"^  (\w+): \w", SCRIPT.read_text("utf-8").partition("const CASES")[2], re.M
    )
    assert {*CASES, *RETRIED, *NOT_RETRIED, *UNIQUE, *NOT_ASKED} == {*listed}


@pytest.mark.parametrize("case", CASES)
def test_contract(opens: Opens, case: str) -> None:
    CASES[case](opens)


@pytest.mark.parametrize("case", RETRIED)
def test_contract_of_what_is_tried_again(opens: Opens, case: str) -> None:
    is_tried_again(opens, *RETRIED[case])


@pytest.mark.parametrize("case", NOT_RETRIED)
def test_contract_of_what_is_not_tried_again(opens: Opens, case: str) -> None:
    is_not_tried_again(opens, NOT_RETRIED[case])


def test_contract_of_uuids(opens: Opens) -> None:
    assert len(UNIQUE) == 3
    unique_uuids(opens)
