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

from ipynb_telemetry.kernel.delivery import _Delivery

from ..support.fakeposthog import ACCEPTED, FakePostHog
from .directkernel import (
    IMPORT,
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
from .frontend import PASSING, TIMEOUT


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
    assert 0 <= properties.pop("active_ms") < 60_000
    assert (hint["distinct_id"], properties) == (
        "ANN_LEE",
        {
            "x": 1,
            "student_id": "ANN_LEE",
            "notebook": "D1",
            "seq": 3,
            "$lib": "ipynb-telemetry",
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
PATIENT = "from ipynb_telemetry import bootstrap\nbootstrap._TIMEOUT_S = 300"


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
        wait_for(lambda: "the_last" in names(waiting(left).values()))
    # The kernel has ended: what it wrote down last is in the file, too.
    kept = list(waiting(left).values())
    told = [e["properties"] for e in kept if e["event"] == "events_dropped"]
    others = [e["properties"]["seq"] for e in kept if e["event"] != "events_dropped"]
    assert len(kept) <= 10_000
    assert {"the_last", "session_ended"} <= set(names(kept))
    assert {each["reason"] for each in told} == {"storage"}
    assert told[0]["first_seq"] == 1
    assert sum(each["count"] for each in told) == told[-1]["last_seq"]
    assert others == list(range(told[-1]["last_seq"] + 1, others[-1] + 1))


def test_what_an_older_kernel_left_and_is_lost_is_told(
    tmp_path: Path, posthog: FakePostHog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    delivery = _Delivery(posthog.host, KEY)
    # Of a version whose events did not tell the time worked.
    *_, line = leave(tmp_path, posthog.host).read_text("utf-8").splitlines()
    newer = json.loads(line)
    newer["properties"].update(session_id="newer", active_ms=7)
    delivery._lose([line, json.dumps(newer)])
    delivery._due.set()
    posthog.wait_until(lambda: len(posthog.accepted) == 2)
    told = {e["properties"]["session_id"]: e["properties"] for e in posthog.accepted}
    assert {id_: (each["last_seq"], each.get("active_ms")) for id_, each in told.items()} == {
        "s": (1, None),
        "newer": (1, 7),
    }


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


def test_after_a_cell_that_ends_the_kernel_a_test_works_and_one_line_says_what_is_missing(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        student.cell("'before'", "before")
        posthog.wait_until(lambda: names(posthog.accepted).count("cell_executed") == 2)
        student.send("import os; os._exit(1)")
        wait_for(lambda: not student.manager.is_alive())
        student.manager.restart_kernel(now=True)
        student.client.wait_for_ready(timeout=TIMEOUT)
        student.cell(f"{IMPORT}{PASSING}test()")
        assert student.reply["status"] == "ok"
        line = "ipynb-telemetry: nothing is tracked, setup_telemetry was not called\n"
        assert student.shown() == f"TEST PASSED: adds up\n{line}"
        student.cell("test()")
        assert student.shown() == "TEST PASSED: adds up\n"
        assert f"events go to {posthog.host}\n" in start(student)
        student.cell("test()")
        assert student.shown() == "TEST PASSED: adds up\n"
        posthog.wait_until(lambda: "test_passed" in names(posthog.accepted))
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    # What PostHog had taken when the kernel went may come again, under the same uuid.
    told = names({event["uuid"]: event for event in posthog.accepted}.values())
    assert (told.count("session_started"), told.count("test_passed")) == (2, 1)
    assert spools(tmp_path) == []


def test_a_kernel_that_ends_in_a_pause_tries_once_more(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda document: (503, {}, b"later")
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        student.cell("from ipynb_telemetry import bootstrap")
        student.cell("(mine,) = bootstrap._state().deliveries[0]._spools")
        # As after a long outage, when the host is there again.
        wait_for(lambda: student.value("mine.pace.failures") > 0)
        student.cell("import math; mine.pace = mine.pace._replace(not_before=math.inf)")
        posthog.answer = lambda document: ACCEPTED
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    assert spools(tmp_path) == []
