"""forward: a collector's real file, and a PostHog that takes what it is told to take."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.relay.queue import Claim, RelayQueue
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.store.event import epoch_to_utc
from ipynb_telemetry.store.events import EventStore

from ..support.commandline import CommandLine
from ..support.fakeposthog import ACCEPTED, FakePostHog
from ..support.settingsfiles import install_front_end
from ..support.terminal import on_a_terminal, shown

KEY = "phc_key"
LOG = logging.getLogger("ipynb_telemetry")
OLD, NEW = "2026-03-01T10:00:00.000Z", "2040-03-01T10:00:00.000Z"


def an_event(seq: int, timestamp: str = OLD, student: str = "JOHN_DOE", **more: Any) -> Any:
    return {
        "uuid": f"018f0000-0000-7000-8000-{seq:012}",
        "event": "tried",
        "distinct_id": student,
        "timestamp": timestamp,
        "properties": {"seq": seq, "notebook": "D1", **more},
    }


@pytest.fixture
def fill(path: Path) -> Callable[..., None]:
    def store(*events: Any) -> None:
        store = EventStore(str(path), LOG)
        store.append(check_events([*events]))
        store.close()

    return store


@pytest.fixture
def forward(telemetry: CommandLine, posthog: FakePostHog) -> Callable[..., Any]:
    return lambda *more: telemetry(
        "forward", "--host", posthog.host, "--project-key", KEY, "--per-minute", "9999999", *more
    )


def batches(posthog: FakePostHog) -> list[tuple[bool, list[int]]]:
    """Whether each batch was a historical migration, and the numbers of its events."""
    return [
        (
            request.document.get("historical_migration", False),
            [event["properties"]["seq"] for event in request.document["batch"]],
        )
        for request in posthog.requests
    ]


def test_old_events_go_as_a_migration_and_others_as_they_are(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(an_event(1), an_event(2, NEW), an_event(3))
    outcome = forward()
    assert outcome.status == 0, outcome.err
    assert outcome.out == (
        f"3 events went to {posthog.host}, 2 of them as a historical migration\n"
    )
    assert batches(posthog) == [(True, [1, 3]), (False, [2])]
    assert {each["api_key"] for each in (r.document for r in posthog.requests)} == {KEY}
    assert posthog.accepted == [an_event(1), an_event(3), an_event(2, NEW)]


def test_forty_eight_hours_are_the_limit(
    fill: Callable[..., None],
    forward: Callable[..., Any],
    posthog: FakePostHog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1_772_359_200.0
    monkeypatch.setattr("ipynb_telemetry.cli.commands.forward.time.time", lambda: now)
    hours = 3600
    fill(
        *(
            an_event(seq, epoch_to_utc(now - age))
            for seq, age in enumerate((48 * hours + 1, 48 * hours, 47 * hours))
        )
    )
    forward()
    assert batches(posthog) == [(True, [0]), (False, [1, 2])]


def test_what_went_there_goes_once_and_what_is_new_later(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(an_event(1))
    forward()
    fill(an_event(2))
    outcome = forward("--json")
    assert outcome.document["delivered"] == 1
    assert outcome.document["delivered_before"] == 1
    assert outcome.document["notes"] == ["1 event went there before"]
    assert [seqs for _, seqs in batches(posthog)] == [[1], [2]]
    # Another project lacks all.
    forward("--project-key", "phc_other")
    assert batches(posthog)[-1] == (True, [1, 2])


def test_simulated_students_are_never_sent(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(
        an_event(1, student="ANN_LEE~7"),
        an_event(2, simulated=True),
        an_event(3, simulated="true", code='"simulated"'),
    )
    outcome = forward()
    assert batches(posthog) == [(True, [3])]
    assert "note: 2 events of simulated students left out\n" in outcome.err


def test_a_dry_run_counts_and_sends_nothing(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog, path: Path
) -> None:
    fill(an_event(1), an_event(2, NEW))
    before = path.read_bytes()
    outcome = forward("--dry-run")
    assert outcome.status == 0
    assert outcome.out == (
        f"2 events would go to {posthog.host}, 1 of them as a historical migration\n"
    )
    assert posthog.requests == []
    assert path.read_bytes() == before


def test_only_what_is_asked_for_goes(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(
        an_event(1),
        an_event(2, student="ANN_LEE"),
        an_event(3, student="ANN_LEE", notebook="D2"),
        an_event(4, NEW, student="ANN_LEE", notebook="D2"),
    )
    forward("--student", "ANN_LEE", "--notebook", "D2", "--since", "2030-01-01")
    assert batches(posthog) == [(False, [4])]
    forward("--student", "ANN_LEE")
    assert batches(posthog)[1:] == [(True, [2, 3])]
    forward()
    assert batches(posthog)[2:] == [(True, [1])]
    outcome = forward("--student", "ANN_LE")
    assert outcome.status == 1
    assert "no such student: ANN_LE; there are ANN_LEE" in outcome.err


def test_a_command_that_is_killed_goes_on_where_it_was(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(*(an_event(seq) for seq in range(1000)))
    hang = threading.Event()

    def hang_on_the_third(document: Any) -> Any:
        if len(posthog.accepted) >= 400:
            hang.wait()
        return ACCEPTED

    posthog.answer = hang_on_the_third
    command = [sys.executable, "-m", "ipynb_telemetry", "forward", "--host", posthog.host]
    command += ["--per-minute", "9999999"]
    environment = {**os.environ, "IPYNB_TELEMETRY_PROJECT_KEY": KEY}
    process = subprocess.Popen(command, env=environment)
    posthog.wait_until(lambda: len(posthog.requests) == 3)
    process.send_signal(signal.SIGKILL)
    process.wait()
    posthog.answer = lambda document: ACCEPTED
    outcome = forward()
    hang.set()
    assert outcome.out.startswith("600 events went to ")
    sent = [seq for _, seqs in batches(posthog) for seq in seqs]
    assert sent == [*range(600), *range(400, 1000)]  # the batch under way went twice


def test_an_event_that_is_refused_is_set_aside_and_named(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(*(an_event(seq) for seq in range(20)))

    def refuse_the_eighth(document: Any) -> Any:
        if any(event["properties"]["seq"] == 7 for event in document["batch"]):
            return 400, {}, b"no"
        return ACCEPTED

    posthog.answer = refuse_the_eighth
    outcome = forward()
    assert outcome.status == 1
    assert outcome.out.startswith(f"19 events went to {posthog.host}\n\n")
    row = f"{an_event(7)['uuid']}  tried  JOHN_DOE     {OLD}  400 Bad Request"
    assert row in outcome.out
    assert "forward: 1 event was refused for good and set aside\n" in outcome.err
    assert sorted(event["properties"]["seq"] for event in posthog.accepted) == [
        seq for seq in range(20) if seq != 7
    ]
    # The others are done, and nobody tries this one again unasked.
    posthog.requests.clear()
    outcome = forward()
    assert (outcome.status, posthog.requests) == (0, [])
    assert "1 event refused before; --retry-refused sends such again" in outcome.err
    posthog.answer = lambda document: ACCEPTED
    assert forward("--retry-refused").out.startswith("1 event went to ")
    assert batches(posthog) == [(True, [7])]
    assert forward("--retry-refused").out.startswith("0 events went to ")


def test_an_event_that_is_too_large_is_cut(
    fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(an_event(1, code="x" * 5000), an_event(2))

    def take_little(document: Any) -> Any:
        size = sum(len(event["properties"].get("code", "")) for event in document["batch"])
        return ACCEPTED if size < 2000 else (413, {}, b"")

    posthog.answer = take_little
    assert forward().status == 0
    cut = next(event for event in posthog.accepted if event["properties"]["seq"] == 1)
    assert cut["properties"]["truncated"] is True
    assert 0 < len(cut["properties"]["code"]) < 2000


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((401, {}, b""), "refuses the key: 401 Unauthorized"),
        ((429, {"Retry-After": "3600"}, b""), "takes no events: 429 Too Many Requests"),
        (
            (200, {"Retry-After": "9"}, b"<html>log in</html>"),
            "takes no events: the answer is not PostHog's",
        ),
        (
            (200, {}, b'{"status":1,"quota_limited":["events"]}'),
            "takes no events: the project is over its quota",
        ),
    ],
)
def test_why_nothing_is_taken_is_said_in_words(
    fill: Callable[..., None],
    forward: Callable[..., Any],
    posthog: FakePostHog,
    monkeypatch: pytest.MonkeyPatch,
    answer: Any,
    words: str,
) -> None:
    monkeypatch.setattr("ipynb_telemetry.relay.backfill._PATIENCE_S", 0.0)
    fill(an_event(1), an_event(2))
    posthog.answer = lambda document: answer
    outcome = forward()
    assert outcome.status == 1
    assert (
        f"{posthog.host} {words}. 2 events are still to go: the same command goes on with them"
        in outcome.err
    )
    posthog.answer = lambda document: ACCEPTED
    assert forward().out.startswith("2 events went to ")


def test_a_host_that_nobody_answers_at_is_not_tried_for_long(
    fill: Callable[..., None], telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipynb_telemetry.relay.backfill._PATIENCE_WITH_SILENCE_S", 0.0)
    fill(an_event(1))
    outcome = telemetry("forward", "--host", "http://127.0.0.1:9", "--project-key", KEY)
    assert outcome.status == 1
    assert "http://127.0.0.1:9 takes no events: [Errno" in outcome.err


def test_a_refused_key_never_shows(
    fill: Callable[..., None], telemetry: CommandLine, posthog: FakePostHog
) -> None:
    fill(an_event(1))
    outcome = telemetry("forward", "--host", posthog.host, "--project-key", "phx_secret")
    assert outcome.status == 1
    assert "personal and secret" in outcome.err
    assert "phx_secret" not in outcome.out + outcome.err


def test_host_and_key_are_those_of_the_settings_unless_named(
    fill: Callable[..., None],
    telemetry: CommandLine,
    posthog: FakePostHog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install_front_end(telemetry)
    fill(an_event(1))
    outcome = telemetry("forward")
    assert outcome.status == 2
    assert "where to? Give --host and --project-key, or set host and key" in outcome.err
    telemetry("configure", "--host", posthog.host, "--project-key", KEY)
    outcome = telemetry("forward", "--host", "https://eu.i.posthog.com")
    assert outcome.status == 2
    assert f"the key of your settings is for {posthog.host}" in outcome.err
    assert telemetry("forward").status == 0
    monkeypatch.setenv("IPYNB_TELEMETRY_PROJECT_KEY", "phc_of_the_environment")
    assert telemetry("forward").status == 0
    assert telemetry("forward", "--project-key", "phc_given").status == 0
    keys = [request.document["api_key"] for request in posthog.requests]
    assert keys == [KEY, "phc_of_the_environment", "phc_given"]


def test_what_the_relay_has_delivered_there_is_not_sent_again(
    path: Path, forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    store = EventStore(str(path), LOG)
    queue = RelayQueue(store.database)
    here = Destination(posthog.host, KEY)
    accepted = Answer(200, "200 OK", body=b'{"status":1}')
    for seq, destination in enumerate((Destination("https://elsewhere.example", KEY), here)):
        queue.move(destination)
        queue.add(check_events([an_event(seq)]))
        claim = queue.claim(1.0)
        assert isinstance(claim, Claim)
        queue.settle(claim, accepted, 1.0, 0.5)
    queue.add(check_events([an_event(2)]))
    store.close()
    outcome = forward()
    assert "note: 1 event went there before" in outcome.err
    assert batches(posthog) == [(True, [0, 2])]
    # The relay has nothing left to send.
    assert queue.kept()[:2] == (False, False)
    store.close()


def test_an_event_in_the_place_of_a_deleted_one_is_sent(
    path: Path, fill: Callable[..., None], forward: Callable[..., Any], posthog: FakePostHog
) -> None:
    fill(an_event(1))
    forward()
    store = EventStore(str(path), LOG)
    store.database.use(lambda connection: connection.execute("DELETE FROM events"))
    store.close()
    fill(an_event(2))
    forward()
    assert [seqs for _, seqs in batches(posthog)] == [[1], [2]]


def test_no_file_is_said_and_none_is_made(
    forward: Callable[..., Any], posthog: FakePostHog, path: Path
) -> None:
    outcome = forward()
    assert outcome.status == 1
    assert f"There is no collector's file {path}." in outcome.err
    assert not path.exists()


def test_a_pause_is_said_on_a_terminal(
    fill: Callable[..., None], telemetry: CommandLine, posthog: FakePostHog, path: Path
) -> None:
    fill(*(an_event(seq) for seq in range(10)))

    def busy_at_first(document: Any) -> Any:
        return ACCEPTED if len(posthog.requests) > 1 else (503, {}, b"")

    posthog.answer = busy_at_first
    arguments = ("--host", posthog.host, "--project-key", KEY, "--per-minute", "9999999")
    told = on_a_terminal("forward", *arguments)
    lines = [" ".join(line.split()) for line in shown(told)]
    said = " ".join(lines)
    assert "503 Service Unavailable; trying again in 1 s" in said
    assert f"10 events went to {posthog.host}" in said
    assert "10 of 10 events" in told
