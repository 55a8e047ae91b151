# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events of the kernel's own arrive, whatever ends the kernel or stands in the way."""

from __future__ import annotations

import json
import os
import re
import socket
import time
from pathlib import Path

import pytest

from ..support.fakeposthog import ACCEPTED, FakePostHog
from .directkernel import (
    KEY,
    closed_port,
    environment,
    leave,
    names,
    running,
    spools,
    start,
    wait_for,
    waiting,
)


def test_posthog_gets_what_the_browser_would_send_and_nothing_more(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        assert f"events go to {posthog.host}\n" in start(student)
        student.cell("_telemetry_capture('hint_used', {'x': 1})")
        student.cell("_telemetry_capture('hint_used', {'$ip': 1})")
        assert "the property '$ip' is reserved" in student.shown()
        posthog.wait_until(lambda: "hint_used" in names(posthog.accepted))
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    (hint,) = (event for event in posthog.accepted if event["event"] == "hint_used")
    properties = hint["properties"]
    assert hint.keys() == {"uuid", "event", "distinct_id", "timestamp", "properties"}
    assert re.fullmatch(r"[0-9a-f-]{36}", properties.pop("session_id"))
    assert properties.pop("$lib_version")
    assert (hint["distinct_id"], properties) == (
        "ANN_LEE",
        {
            "x": 1,
            "student_id": "ANN_LEE",
            "notebook": "D1",
            "seq": 3,
            "$lib": "posthog-python",
            "$ip": None,
            "$geoip_disable": True,
            "$process_person_profile": True,
        },
    )
    assert spools(tmp_path) == []


def test_what_a_killed_kernel_left_is_sent_once_by_the_next(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running(environment(tmp_path, closed_port())) as student:
        start(student)
        student.cell("'left'", "left")
        (left,) = spools(tmp_path)
        wait_for(lambda: len(waiting(left)) == 3)
        assert left.stat().st_mode & 0o077 == 0
        student.manager.shutdown_kernel(now=True)
        kept = waiting(left)
    # The same destination, which can be reached now.
    left.write_text(left.read_text("utf-8").replace(spool_host(left), posthog.host), "utf-8")
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        posthog.wait_until(lambda: kept.keys() <= {event["uuid"] for event in posthog.accepted})
        wait_for(lambda: not left.exists())
    uuids = [event["uuid"] for event in posthog.accepted]
    assert len(set(uuids)) == len(uuids)
    for event in posthog.accepted:
        if event["uuid"] in kept:
            assert event["timestamp"] == kept[event["uuid"]]["timestamp"]


def spool_host(path: Path) -> str:
    return json.loads(path.read_text("utf-8").splitlines()[0])["host"]


def test_two_kernels_leave_each_others_events_alone(tmp_path: Path, posthog: FakePostHog) -> None:
    posthog.answer = lambda document: (503, {}, b"later")
    env = environment(tmp_path, posthog.host)
    with running(env) as one, running(env) as two:
        start(one)
        wait_for(lambda: len(spools(tmp_path)) == 1)
        start(two)
        wait_for(lambda: len(spools(tmp_path)) == 2)
        wait_for(lambda: all(len(waiting(path)) == 2 for path in spools(tmp_path)))
        posthog.answer = lambda document: ACCEPTED
        posthog.wait_until(lambda: len(posthog.accepted) == 4)
    posthog.wait_until(lambda: names(posthog.accepted).count("session_ended") == 2)
    uuids = [event["uuid"] for event in posthog.accepted]
    assert len(set(uuids)) == len(uuids) == 6
    assert spools(tmp_path) == []


# A request that is waited for is told from a machine that is slow.
PATIENT = """
from posthog import request
post = request.batch_post
request.batch_post = lambda *args, **kwargs: post(*args, **{**kwargs, "timeout": 300})
"""


def test_a_dead_network_slows_neither_cells_nor_the_end(tmp_path: Path) -> None:
    with socket.socket() as silent:  # it takes connections, and never answers
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        host = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with running(environment(tmp_path, host)) as student:
            student.cell(PATIENT)
            start(student)
            (left,) = spools(tmp_path)
            began = time.monotonic()
            for number in range(5):
                student.cell(f"{number}")
            assert time.monotonic() - began < 60
            wait_for(lambda: len(waiting(left)) == 7)
            student.manager.shutdown_wait_time = 120
            began = time.monotonic()
            student.manager.shutdown_kernel()
            assert time.monotonic() - began < 60
        assert names(waiting(left).values())[-1] == "session_ended"


@pytest.mark.parametrize("has_key", [True, False])
def test_where_the_data_directory_cannot_be_written_it_is_tracked_all_the_same(
    tmp_path: Path, posthog: FakePostHog, has_key: bool
) -> None:
    (tmp_path / "data").write_text("no folder", "utf-8")
    env = environment(tmp_path, posthog.host if has_key else None)
    with running({**env, "TMPDIR": str(tmp_path)}) as student:
        line = start(student)
        assert f"on for ANN-LEE in D1, events {'go to' if has_key else 'stay in'} " in line
        if has_key:
            # The client is loaded: it takes longer than the last moment, and nothing is kept.
            posthog.wait_until(lambda: posthog.accepted)
    if has_key:
        posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    else:
        path = Path(line.strip().rpartition("events stay in ")[2])
        assert "session_ended" in path.read_text("utf-8")


def test_what_was_left_is_sent_at_a_later_call_too(tmp_path: Path, posthog: FakePostHog) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        leave(tmp_path, posthog.host)
        student.set_up()
        posthog.wait_until(lambda: "left" in names(posthog.accepted))


def test_what_a_kernel_was_killed_making_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "ipynb-telemetry"
    folder.mkdir(parents=True)
    old, young = folder / "spool-a.jsonl.new", folder / "spool-b.jsonl.new"
    for path in (old, young):
        path.touch()
    os.utime(old, (0, 0))
    with running(environment(tmp_path, closed_port())) as student:
        start(student)
    assert (old.exists(), young.exists()) == (False, True)


def test_of_more_than_can_wait_the_oldest_go_and_it_is_told_how_many(tmp_path: Path) -> None:
    with running(environment(tmp_path, closed_port())) as student:
        start(student)
        student.cell(  # as over hours, not as a flood
            "from ipynb_telemetry import bootstrap\n"
            "bootstrap._BURST = bootstrap._state().reporter._room = 20_000"
        )
        student.cell("for n in range(10_150): _telemetry_capture('one_more')")
        student.cell("_telemetry_capture('the_last')")
        (left,) = spools(tmp_path)
        wait_for(lambda: names(waiting(left).values())[-2:] == ["the_last", "cell_executed"])
        kept = list(waiting(left).values())
    told = [e["properties"] for e in kept if e["event"] == "events_dropped"]
    others = [e["properties"]["seq"] for e in kept if e["event"] != "events_dropped"]
    assert len(kept) <= 10_000
    assert {each["reason"] for each in told} == {"storage"}
    assert told[0]["first_seq"] == 1
    assert sum(each["count"] for each in told) == told[-1]["last_seq"]
    assert others == list(range(told[-1]["last_seq"] + 1, others[-1] + 1))


def test_after_a_restart_of_the_kernel_the_rest_arrives(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running({**environment(tmp_path, posthog.host), "X": KEY}) as student:
        start(student)
        student.cell("'before'", "before")
        posthog.wait_until(lambda: posthog.accepted)
        student.manager.restart_kernel()
        posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    assert names(posthog.accepted).count("cell_executed") == 2
