"""The page and the relay go on alike; `verdict.spec.ts` gives the same cases to the page."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest

from ipynb_telemetry.relay.rules import Answer, Pace, judge, settle
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES, WaitingEvent

from ..support.samples import read_samples

DELIVERIES = read_samples("deliveries")
NOW = datetime.fromisoformat(DELIVERIES["now"].replace("Z", "+00:00")).timestamp()
SMALL = WaitingEvent(1, "uuid", "tried", "JOHN_DOE", "time", "{}", MAX_EVENT_BYTES)
CUTTABLE = SMALL._replace(properties=json.dumps({"code": "x" * 1000}))


def answer_of(
    status: int | None, body: str = "", retry_after: str | None = None, is_late: bool = False
) -> Answer:
    reason = "no answer" if status is None else f"{status} Words"
    return Answer(status, reason, retry_after, body.encode(), is_late=is_late)


@pytest.mark.parametrize(
    ("kind", "status"),
    [(kind, status) for kind, statuses in DELIVERIES["statuses"].items() for status in statuses],
)
def test_each_status_has_its_meaning(kind: str, status: int) -> None:
    body = '{"status": 1}' if status < 300 and status != 204 else ""
    assert judge(answer_of(status, body), NOW).kind == kind


@pytest.mark.parametrize("case", DELIVERIES["cases"], ids=lambda case: case["name"])
def test_sending_goes_on_as_in_the_page(case: Any) -> None:
    pace = Pace()
    for attempt in case["attempts"]:
        answer, count, state, pause_s, max_count = attempt[:5]
        batch = [CUTTABLE] if count == "cuttable" else [SMALL] * count
        verdict = judge(answer_of(**DELIVERIES["answers"][answer]), NOW)
        outcome = settle(pace, batch, verdict, NOW, case.get("chance", 1))
        assert (attempt, outcome.state) == (attempt, state)
        assert outcome.reason == (verdict.reason if state == "set_aside" else None)
        assert (outcome.max_bytes is not None) == (count == "cuttable" and state == "waiting")
        pace = outcome.pace
        assert (attempt, max(pace.not_before - NOW, 0)) == (attempt, pause_s)
        assert (attempt, pace.max_count) == (attempt, max_count)
        assert pace.problem == (verdict.reason if pause_s else None)
