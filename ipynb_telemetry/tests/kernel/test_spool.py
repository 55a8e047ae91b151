# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that wait, in files, without a kernel."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.kernel.adoption import _adopt
from ipynb_telemetry.kernel.answer import _Answer, _judge, _Meaning
from ipynb_telemetry.kernel.spool import _Spool

from ..support.samples import read_samples
from .directkernel import KEY

HOST = "http://127.0.0.1:9"


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
    spool = _Spool.create(HOST, KEY)
    spool.add([event])
    spool.close()
    adopted = _Spool.adopt(spool.path, HOST, KEY)
    assert adopted.batch() == [event]
    adopted.close()


@pytest.mark.parametrize("broken", ["ipynb_telemetry.kernel.spool._lock", "os.rename"])
def test_where_no_file_can_be_locked_none_is_left(
    kept: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(broken, fail)
    spool = _Spool.create(HOST, KEY)
    spool.add([an_event()])
    assert spool.batch() == [an_event()]
    spool.close()
    assert list(kept.iterdir()) == []


def test_a_spool_that_is_gone_already_is_closed_all_the_same(kept: Path) -> None:
    spool = _Spool.create(HOST, KEY)
    file = spool._file
    (path,) = kept.iterdir()
    path.unlink()
    spool.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


def events(count: int) -> list[dict[str, Any]]:
    return [{**an_event(n=n), "uuid": f"u{n}"} for n in range(count)]


def uuids(spool: _Spool) -> list[str]:
    return [event["uuid"] for event in spool.batch()]


def adopt(path: str, host: str = "http://other", key: str = "other") -> _Spool:
    """The spool as the next process finds it."""
    return _Spool.adopt(path, host, key)


def test_events_wait_in_their_order_for_the_next_process_until_they_are_done(kept: Path) -> None:
    spool = _Spool.create(HOST, KEY)
    assert spool.add(events(3)) == []
    spool.done(["u1"])
    spool.close()
    (path,) = kept.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    next_one = adopt(spool.path)
    assert (next_one.host, next_one.key) == (HOST, KEY)
    assert uuids(next_one) == ["u0", "u2"]
    next_one.done(["u0", "u2"])
    next_one.close()
    assert list(kept.iterdir()) == []


def test_the_file_does_not_grow_when_all_has_arrived(kept: Path) -> None:
    spool = _Spool.create(HOST, KEY)
    (path,) = kept.iterdir()
    size = path.stat().st_size
    for _ in range(3):
        spool.add(events(5))
        spool.done(uuids(spool))
        assert path.stat().st_size == size
    spool.close()


@pytest.mark.usefixtures("kept")
def test_a_line_that_was_cut_off_costs_no_other() -> None:
    spool = _Spool.create(HOST, KEY)
    spool.add(events(2))
    spool.close()
    with Path(spool.path).open("a") as file:
        file.write('{"uuid": "u2", "ev')
    adopted = adopt(spool.path)
    adopted.add(events(4)[3:])
    adopted.close()
    adopted = adopt(spool.path)
    assert uuids(adopted) == ["u0", "u1", "u3"]
    adopted.close()


@pytest.mark.usefixtures("kept")
def test_a_key_that_was_refused_is_replaced_in_the_next_process() -> None:
    spool = _Spool.create(HOST, KEY)
    spool.add(events(1))
    assert spool.settle(1, _Meaning("unauthorized", "401"), 1) == ("waiting", None)
    assert spool.is_refused
    assert 100 < spool.pace.not_before - time.monotonic() <= 120
    spool.close()
    adopted = adopt(spool.path, "http://right", "phc_right")
    assert (adopted.host, adopted.key) == ("http://right", "phc_right")
    adopted.close()


@pytest.mark.usefixtures("kept")
def test_the_certificate_stays_for_the_next_process() -> None:
    spool = _Spool.create(HOST, KEY, "ab" * 32)
    spool.add(events(1))
    spool.close()
    adopted = adopt(spool.path)
    assert adopted.fingerprint == "ab" * 32
    adopted.correct()
    assert adopted.fingerprint == "ab" * 32
    adopted.correct(HOST, KEY, "cd" * 32)
    adopted.close()
    assert adopt(spool.path).fingerprint == "cd" * 32


@pytest.mark.usefixtures("kept")
def test_a_key_that_is_corrected_stays_for_the_next_process() -> None:
    spool = _Spool.create(HOST, KEY)
    spool.add(events(1))
    spool.settle(1, _Meaning("unauthorized", "401"), 1)
    spool.correct(key="phc_right")
    assert (spool.is_refused, spool.pace.not_before) == (False, 0.0)
    spool.close()
    adopted = adopt(spool.path)
    assert (adopted.host, adopted.key) == (HOST, "phc_right")
    adopted.close()


@pytest.mark.usefixtures("kept")
def test_a_batch_is_bounded_in_number_and_size() -> None:
    spool = _Spool.create(HOST, KEY)
    spool.add(events(250))
    assert len(spool.batch()) == 200
    spool.settle(15, _Meaning("rejected", "400"), 1)
    assert uuids(spool) == [f"u{n}" for n in range(7)]
    spool.done([f"u{n}" for n in range(250)])
    large = [{**event, "properties": {"text": "x" * 700_000}} for event in events(3)]
    spool.add(large)
    assert uuids(spool) == ["u0"]
    spool.close()


@pytest.mark.usefixtures("kept")
def test_of_more_than_may_wait_the_oldest_are_given_back() -> None:
    spool = _Spool.create(HOST, KEY)
    assert spool.add(events(10_000)) == []
    lost = spool.add([{**an_event(), "uuid": "newest"}])
    assert len(lost) == 101
    assert '"u0"' in lost[0]
    assert uuids(spool)[0] == "u101"
    spool.close()


@pytest.mark.usefixtures("kept")
def test_a_spool_of_a_living_process_is_its_own(kept: Path) -> None:
    code = "from ipynb_telemetry.kernel.spool import _Spool; s = _Spool.create('http://h', 'phc_k')"
    code += "; s.add([{'uuid': 'u', 'event': 'e'}]); print(s.path, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    ) as other:
        assert other.stdout
        path = other.stdout.readline().strip()
        assert _adopt(HOST, KEY) == []
        with pytest.raises(OSError, match="temporarily unavailable"):
            adopt(path)
        other.kill()
    assert _adopt(HOST, KEY) == []  # the event lacks what is needed to send it
    assert list(kept.iterdir()) == []


def test_what_was_left_is_taken_up_and_what_was_never_used_is_cleared_away(kept: Path) -> None:
    spool = _Spool.create(HOST, KEY)
    spool.add(events(1))
    spool.close()
    old = kept / "spool-old.jsonl.new"
    young = kept / "spool-young.jsonl.new"
    for path in (old, young, kept / "events.jsonl"):
        path.touch()
    os.utime(old, (0, 0))
    (taken,) = _adopt(HOST, KEY)
    assert taken.path == spool.path
    taken.close()
    assert {path.name for path in kept.iterdir()} == {
        *(Path(spool.path).name, "spool-young.jsonl.new", "events.jsonl"),
    }


DELIVERIES = read_samples("deliveries")
NOW = datetime.fromisoformat(DELIVERIES["now"].replace("Z", "+00:00")).timestamp()


@pytest.mark.parametrize("case", DELIVERIES["cases"], ids=lambda case: case["name"])
def test_sending_goes_on_as_in_the_page(case: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    spool = _Spool("", HOST, KEY)
    for answer, count, state, pause_s, max_count, *_ in case["attempts"]:
        told = DELIVERIES["answers"][answer]
        body = told.get("body", "").encode()
        is_late = told.get("is_late", False)
        heard = _Answer(told["status"], "why", told.get("retry_after"), body, is_late=is_late)
        if count == "cuttable":  # a kernel cuts no event
            return
        outcome = spool.settle(count, _judge(heard, NOW), case.get("chance", 1))
        assert (answer, outcome[0]) == (answer, state)
        assert (answer, max(spool.pace.not_before - 1_000, 0)) == (answer, pause_s)
        assert (answer, spool.pace.max_count) == (answer, max_count)


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("meaning", "pause_s"),
    [
        (_Meaning("retry", "503"), 0),
        (_Meaning("retry", "429", 30), 30),
        (_Meaning("unauthorized", "401"), 120),
    ],
)
def test_a_kernel_that_ends_waits_for_no_pause_of_its_own(
    meaning: _Meaning, pause_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 1_000.0)
    spool = _Spool("", HOST, KEY)
    for _ in range(5):
        spool.settle(1, meaning, 1)
    assert spool.pace.not_before >= 1_016
    spool.hurry()
    assert max(spool.pace.not_before - 1_000, 0) == pause_s
