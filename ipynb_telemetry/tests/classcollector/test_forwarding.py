"""A class collector that forwards what it gets, as it comes."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.commandline import CommandLine
from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, PATIENCE_S, FakePostHog

KEY = "phc_key"


def happening(seq: int, student: str = "JOHN_DOE", **more: Any) -> dict[str, Any]:
    return {
        "uuid": f"018f0000-0000-7000-8000-{seq:012}",
        "event": "tried",
        "distinct_id": student,
        "timestamp": f"2040-03-01T10:00:00.{seq:03}Z",
        "properties": {"seq": seq, "notebook": "D1", **more},
    }


def wait_for_the_relay(database: Path) -> None:
    """Wait until the collector has taken notice of every answer."""
    deadline = time.monotonic() + PATIENCE_S
    with closing(sqlite3.connect(database)) as connection:
        while connection.execute(
            "SELECT count(*) FROM relay_queue WHERE state <> 'delivered'"
        ).fetchone() != (0,):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_class_goes_on_without_posthog_which_has_everything_in_the_evening(
    collect: Callable[..., ClassProcess],
    posthog: FakePostHog,
    telemetry: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IPYNB_TELEMETRY_PROJECT_KEY", KEY)
    posthog.answer = lambda document: (503, {}, b"")
    collector = collect("--forward-host", posthog.host)
    for seq in range(0, 300, 100):
        assert collector.post([happening(each) for each in range(seq, seq + 100)]) == 200
    posthog.wait_until(lambda: len(posthog.requests) >= 2)
    collector.end(signal.SIGKILL)
    # Whoever closes the laptop is told that PostHog lacks something.
    collector = collect("--forward-host", posthog.host)
    assert collector.end() == 1
    assert f"300 events still wait for {posthog.host} (503 Service Unavailable)" in collector.log

    posthog.answer = lambda document: ACCEPTED
    collector = collect("--forward-host", posthog.host)
    assert collector.post([happening(300), happening(301, "ANN_LEE~7"), happening(1)]) == 200
    posthog.wait_until(lambda: len(posthog.accepted) >= 301)
    assert posthog.accepted == [happening(each) for each in range(301)]
    assert {request.document["api_key"] for request in posthog.requests} == {KEY}
    wait_for_the_relay(collector.database)
    assert collector.end() == 0

    # Nothing is left for the command that sends by hand.
    outcome = telemetry(
        "forward", "--json", "--database", collector.database, "--host", posthog.host
    )
    assert outcome.document["delivered_before"] == 301
    assert outcome.document["simulated"] == 1
    assert len(posthog.accepted) == 301


def test_what_came_before_is_sent_by_hand_and_only_that(
    collect: Callable[..., ClassProcess], posthog: FakePostHog, telemetry: CommandLine
) -> None:
    collector = collect()
    assert collector.post([happening(1)]) == 200
    assert collector.end() == 0
    places = ("--forward-host", posthog.host, "--forward-key", KEY)
    collector = collect(*places)
    assert collector.post([happening(2)]) == 200
    posthog.wait_until(lambda: posthog.accepted)
    wait_for_the_relay(collector.database)
    telemetry(
        *("forward", "--database", collector.database),
        *("--host", posthog.host, "--project-key", KEY),
    )
    assert posthog.accepted == [happening(2), happening(1)]


def test_a_collector_forwards_to_no_class_collector(telemetry: CommandLine, tmp_path: Path) -> None:
    outcome = telemetry(
        *("collect", "--ip", "127.0.0.1", "--port", "0", "--database", tmp_path / "c.sqlite3"),
        *("--forward-host", "http://127.0.0.1:9", "--forward-key", "tcw_0123456789abcdef"),
    )
    assert outcome.status == 2
    assert "forwards to a PostHog project" in outcome.err
    assert not (tmp_path / "c.sqlite3").exists()
