# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that a destination refuses, or cannot take now."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..support.fakeposthog import ACCEPTED, FakePostHog
from .directkernel import (
    ANN,
    KEY,
    environment,
    leave,
    names,
    running,
    spools,
    start,
    wait_for,
    waiting,
)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_there_is_told_of_once_and_may_be_corrected(
    tmp_path: Path, posthog: FakePostHog, status: int
) -> None:
    posthog.answer = lambda document: (
        ACCEPTED if document["api_key"] == "phc_right" else (status, {}, b"no")
    )
    shown = ""
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        (left,) = spools(tmp_path)
        wait_for(lambda: "unauthorized" in left.read_text("utf-8"))
        for _ in range(3):
            student.cell("1")
            shown += student.shown()
        assert shown.count(f"refuses the key ({status})") == 1
    kept = waiting(left)
    env = {**environment(tmp_path, posthog.host), "IPYNB_TELEMETRY_API_KEY": "phc_right"}
    with running(env) as student:
        start(student)
        posthog.wait_until(lambda: kept.keys() <= {event["uuid"] for event in posthog.accepted})
    assert not left.exists()


def test_a_key_that_was_refused_is_corrected_in_the_same_kernel(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda document: (
        ACCEPTED if document["api_key"] == "phc_right" else (401, {}, b"no")
    )
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        (left,) = spools(tmp_path)
        wait_for(lambda: "unauthorized" in left.read_text("utf-8"))
        kept = waiting(left)
        assert f"events go to {posthog.host}\n" in student.set_up("api_key='phc_right'")
        posthog.wait_until(lambda: kept.keys() <= {event["uuid"] for event in posthog.accepted})
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    assert names(posthog.accepted).count("session_started") == 1
    assert spools(tmp_path) == []


def test_a_key_that_was_refused_for_a_while_stays_the_one(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda document: (403, {}, b"log in to this network first")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up(f"{ANN}, host={posthog.host!r}, api_key={KEY!r}")
        (spool,) = spools(tmp_path)
        wait_for(lambda: "unauthorized" in spool.read_text("utf-8"))
        # A key that is found neither in the call nor elsewhere changes nothing, ...
        assert f"on for ANN-LEE in D2, events go to {posthog.host}\n" in student.set_up("", "D2")
        posthog.answer = lambda document: ACCEPTED
        student.cell("bootstrap = __import__('ipynb_telemetry.bootstrap').bootstrap")
        student.cell("(mine,) = bootstrap._state().deliveries[0]._spools")
        student.cell("mine.pace = mine.pace._replace(not_before=0.0)")
        student.cell("bootstrap._state().deliveries[0]._due.set()")
        posthog.wait_until(lambda: posthog.accepted)
        wait_for(lambda: "unauthorized" not in spool.read_text("utf-8"))
        # ... nor does a key from elsewhere, once the first is taken.
        (tmp_path / "ipynb-telemetry.toml").write_text("api_key = 'phc_other'", "utf-8")
        student.set_up("", "D3")
        student.cell("'last'", "last")
    posthog.wait_until(lambda: names(posthog.accepted).count("session_ended") == 3)
    assert {request.document["api_key"] for request in posthog.requests} == {KEY}


def test_one_event_that_is_refused_is_set_aside_and_the_others_arrive(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    def answer(document: Any) -> Any:
        return (400, {}, b"bad") if "poison" in names(document["batch"]) else ACCEPTED

    posthog.answer = answer
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        student.cell("_telemetry_capture('poison'); _telemetry_capture('fine')")
        refused = tmp_path / "data" / "ipynb-telemetry" / "refused.jsonl"
        wait_for(refused.exists)
        posthog.wait_until(lambda: "fine" in names(posthog.accepted))
    (aside,) = (json.loads(line) for line in refused.read_text("utf-8").splitlines())
    assert (aside["event"], aside["reason"][:3]) == ("poison", "400")
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    assert spools(tmp_path) == []


def test_one_that_is_refused_and_cannot_be_set_aside_is_told_of(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    def answer(document: Any) -> Any:
        return (400, {}, b"bad") if "poison" in names(document["batch"]) else ACCEPTED

    posthog.answer = answer
    (tmp_path / "data" / "ipynb-telemetry" / "refused.jsonl").mkdir(parents=True)
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        student.cell("_telemetry_capture('poison'); _telemetry_capture('fine')")
        posthog.wait_until(lambda: "fine" in names(posthog.accepted))
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    (dropped,) = (e for e in posthog.accepted if e["event"] == "events_dropped")
    told = dropped["properties"]
    assert "reason" not in dropped
    assert (told["count"], told["reason"]) == (1, "storage")
    assert told["first_seq"] == told["last_seq"] == 3
    assert spools(tmp_path) == []


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_is_not_taken_now_is_sent_again_the_same(
    tmp_path: Path, posthog: FakePostHog, status: int
) -> None:
    answers: Iterator[Any] = iter([(status, {}, b"later")])
    posthog.answer = lambda document: next(answers, ACCEPTED)
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        posthog.wait_until(lambda: posthog.accepted)
        first = posthog.requests[0].document["batch"]
        assert first == posthog.requests[1].document["batch"][: len(first)]


@pytest.mark.parametrize("part", ["uuid", "distinct_id", "timestamp", "properties"])
def test_a_line_that_is_no_event_holds_up_none(
    tmp_path: Path, posthog: FakePostHog, part: str
) -> None:
    whole: dict[str, Any] = {"uuid": "u", "event": "cut", "distinct_id": "X", "properties": {}}
    whole["timestamp"] = "2026-01-01T00:00:00Z"
    cut = {name: value for name, value in whole.items() if name != part}
    left = leave(tmp_path, posthog.host, "[]", "5", "null", '{"event":', json.dumps(cut))
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        posthog.wait_until(lambda: "left" in names(posthog.accepted))
        wait_for(lambda: not left.exists())
    assert "cut" not in names(posthog.accepted)
