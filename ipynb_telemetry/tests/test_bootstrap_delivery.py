# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""What the kernel reports by itself arrives, whatever ends the kernel or stands in the way."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.bootstrap import _Spool

from .directkernel import ANN, KEY, Student, environment, running, spools
from .support.fakeposthog import ACCEPTED, FakePostHog


def closed_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def start(student: Student) -> str:
    student.stdin = False
    return student.set_up()


def waiting(path: Path) -> dict[str, dict[str, Any]]:
    """The events in a spool file that were not acknowledged."""
    events: dict[str, dict[str, Any]] = {}
    for line in path.read_text("utf-8").splitlines():
        read = json.loads(line or "{}")
        if "event" in read:
            events[read["uuid"]] = read
        for uuid in read.get("done", ()):
            events.pop(uuid, None)
    return events


def wait_for(condition: Any, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "what was waited for did not come"
        time.sleep(0.02)


def leave(folder: Path, host: str, *lines: str) -> Path:
    """A spool as a kernel leaves it, with these lines and one event."""
    path = folder / "data" / "ipynb-telemetry" / "spool-left.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    envelope = {"student_id": "ANN_LEE", "notebook": "D1", "session_id": "s", "seq": 1}
    event = {"uuid": "11111111-1111-4111-8111-111111111111", "event": "left"}
    event.update(distinct_id="ANN_LEE", timestamp="2026-01-01T00:00:00.000Z", properties=envelope)
    all_lines = [json.dumps({"host": host, "api_key": KEY}), *lines, json.dumps(event)]
    path.write_text("\n".join(all_lines) + "\n", "utf-8")
    return path


def names(events: Any) -> list[str]:
    return [event["event"] for event in events]


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
        # What is found neither in the call nor elsewhere changes nothing, ...
        assert f"on for ANN-LEE in D2, events go to {posthog.host}\n" in student.set_up("", "D2")
        posthog.answer = lambda document: ACCEPTED
        student.cell("bootstrap = __import__('ipynb_telemetry.bootstrap').bootstrap")
        student.cell("(mine,) = bootstrap._state().deliveries[0]._spools")
        student.cell("mine.next_at = 0.0; bootstrap._state().deliveries[0]._due.set()")
        posthog.wait_until(lambda: posthog.accepted)
        wait_for(lambda: "unauthorized" not in spool.read_text("utf-8"))
        # ... nor does a key from elsewhere, once the first is taken.
        (tmp_path / "ipynb-telemetry.toml").write_text("api_key = 'phc_other'", "utf-8")
        student.set_up("", "D3")
        student.cell("'last'", "last")
    posthog.wait_until(lambda: names(posthog.accepted).count("session_ended") == 3)
    assert {request.document["api_key"] for request in posthog.requests} == {KEY}


def test_what_was_left_is_sent_at_a_later_call_too(tmp_path: Path, posthog: FakePostHog) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        leave(tmp_path, posthog.host)
        student.set_up()
        posthog.wait_until(lambda: "left" in names(posthog.accepted))


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
    answers = iter([(status, {}, b"later")])
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
    whole = {"uuid": "u", "event": "cut", "distinct_id": "X", "timestamp": "2026-01-01T00:00:00Z"}
    whole["properties"] = {}
    cut = {name: value for name, value in whole.items() if name != part}
    left = leave(tmp_path, posthog.host, "[]", "5", "null", '{"event":', json.dumps(cut))
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        posthog.wait_until(lambda: "left" in names(posthog.accepted))
        wait_for(lambda: not left.exists())
    assert "cut" not in names(posthog.accepted)


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


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of spools that are made here, without a kernel."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data" / "ipynb-telemetry"


def an_event(**properties: Any) -> dict[str, Any]:
    event = {"uuid": "u", "event": "left", "distinct_id": "X", "timestamp": "2026-01-01T00:00:00Z"}
    return {**event, "properties": properties}


@pytest.mark.usefixtures("kept")
def test_an_event_may_hold_what_python_takes_for_the_end_of_a_line() -> None:
    event = an_event(text="\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r\n")
    spool = _Spool.create("http://127.0.0.1:9", KEY)
    spool.add([event])
    spool.close()
    adopted = _Spool.adopt(spool.path, "http://127.0.0.1:9", KEY)
    assert adopted.batch() == [event]
    adopted.close()


@pytest.mark.parametrize("broken", ["ipynb_telemetry.bootstrap._lock", "os.rename"])
def test_where_no_file_can_be_locked_none_is_left(
    kept: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(broken, fail)
    spool = _Spool.create("http://127.0.0.1:9", KEY)
    spool.add([an_event()])
    assert spool.batch() == [an_event()]
    spool.close()
    assert list(kept.iterdir()) == []


def test_a_spool_that_is_gone_already_is_closed_all_the_same(kept: Path) -> None:
    spool = _Spool.create("http://127.0.0.1:9", KEY)
    file = spool._file
    (path,) = kept.iterdir()
    path.unlink()
    spool.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


# Nothing is found under that name as long as this file is not there.
MISSING = """
import os, sys
class Missing:
    def find_spec(self, name, *_):
        if name.split(".")[0] == "posthog" and not os.path.exists({installed!r}):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
sys.executable = {python!r}
"""


def without_posthog(student: Student, folder: Path, pip: str) -> None:
    python = folder / "python"
    python.write_text(f"#!/bin/sh\n{pip}\n", "utf-8")
    python.chmod(0o755)
    installed = str(folder / "installed")
    student.cell(MISSING.format(installed=installed, python=str(python)))


def test_a_missing_client_is_told_of_and_the_events_wait(tmp_path: Path) -> None:
    with running(environment(tmp_path, closed_port())) as student:
        without_posthog(student, tmp_path, "exit 1")
        shown = start(student)
        (left,) = spools(tmp_path)
        wait_for(lambda: len(waiting(left)) == 2)
        until = time.monotonic() + 60
        while "wait here until posthog can be imported: pip install posthog" not in shown:
            assert time.monotonic() < until, shown
            student.cell("1")
            shown += student.shown()


def test_a_client_that_is_being_installed_is_waited_for_by_no_cell(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    gate = tmp_path / "open"
    with running(environment(tmp_path, posthog.host)) as student:
        without_posthog(
            student,
            tmp_path,
            f'while ! [ -e "{gate}" ]; do sleep 0.05; done; touch "{tmp_path}/installed"',
        )
        assert f"events go to {posthog.host}\n" in start(student)
        student.cell("'meanwhile'", "meanwhile")
        (left,) = spools(tmp_path)
        wait_for(lambda: len(waiting(left)) == 3)
        gate.touch()
        posthog.wait_until(lambda: len(posthog.accepted) == 3)


def test_a_later_call_may_install_what_a_page_that_has_gone_may_not(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        without_posthog(
            student, tmp_path, f'echo >> "{tmp_path}/tries"; touch "{tmp_path}/installed"'
        )
        student.cell(
            "from ipynb_telemetry.bootstrap import *; from ipynb_telemetry import bootstrap"
        )
        student.cell("bootstrap._track('D1', None, None, True, 'Ann Lee', installs=False)")
        wait_for(lambda: spools(tmp_path) and waiting(spools(tmp_path)[0]))
        assert not (tmp_path / "tries").exists()
        student.set_up()
        posthog.wait_until(lambda: posthog.accepted)
        assert (tmp_path / "tries").read_text("utf-8") == "\n"


def test_an_index_that_never_answers_does_not_hold_up_the_call(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        own = {"PIP_INDEX_URL": index, "PIP_CONFIG_FILE": os.devnull}
        with running({**environment(tmp_path, closed_port()), **own}) as student:
            without_posthog(student, tmp_path, f'exec "{sys.executable}" "$@" --timeout 100')
            began = time.monotonic()
            assert "events go to" in start(student)
            assert time.monotonic() - began < 60  # a hundred and more, were it waited for


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
