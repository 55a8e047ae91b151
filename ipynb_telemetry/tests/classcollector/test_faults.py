"""Faults in class: a real class collector, and the Jupyter server of a student's laptop."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.classcollector.rates import ADDRESS_RATE, STUDENT_RATE, Buckets, Rates
from ipynb_telemetry.store.event import epoch_to_utc
from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.classserver import ClassServer
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.relayed import is_idle
from ipynb_telemetry.tests.support.selfsigned import SelfSigned
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S, REPOSITORY, Server
from ipynb_telemetry.tests.support.storedevents import raw_event


def happenings(first: int, last: int) -> list[dict[str, Any]]:
    """What a student does, by number: 2 KB each."""
    return [
        {
            "uuid": f"018f0000-0000-7000-8000-{seq:012}",
            "event": "tried",
            "distinct_id": "JOHN_DOE",
            "timestamp": f"2026-03-01T10:{seq // 60 % 60:02}:{seq % 60:02}.000Z",
            "properties": {"seq": seq, "notebook": "D1", "code": "x = 1\n" * 330},
        }
        for seq in range(first, last)
    ]


def numbers(database: Path) -> list[int]:
    """The numbers of the events in a class's file."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT properties FROM events ORDER BY id").fetchall()
    return sorted(json.loads(properties)["seq"] for (properties,) in rows)


class Laptop:
    """A student's Jupyter server that relays to a class collector."""

    def __init__(self, lab: Lab, start: Callable[..., Server]) -> None:
        self._lab = lab
        self._start = start
        self._server: Server | None = None

    def join(self, collector: ClassProcess, key: str = "") -> None:
        """Have the settings that the command `join` writes; the key is the one told at first."""
        self._lab.save(
            host=collector.url,
            projectKey=key or collector.class_key,
            certificate=collector.told["fingerprint"],
            relay=True,
        )
        self._server = self._server or self._start(self._lab)

    def work(self, first: int, last: int) -> None:
        self.server.relay(happenings(first, last))

    @property
    def server(self) -> Server:
        assert self._server is not None
        return self._server

    def settled(self) -> None:
        """Wait until nothing waits, without the pauses between attempts."""

        def is_done(status: Any) -> bool:
            if not is_idle(status):
                self.server.fetch("ipynb-telemetry/relay/status", {})
            return is_idle(status)

        assert self.server.relay_status_where(is_done)["set_aside"] == 0

    def told(self, words: str) -> Any:
        """Wait until the student is told something, and give what is told."""
        return self.server.relay_status_where(lambda status: words in (status["problem"] or ""))


@pytest.fixture
def laptop(lab: Lab, start: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> Laptop:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return Laptop(lab, start)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="Linux alone limits another process")
def test_a_full_disk_refuses_and_keeps_nobody_from_sending_later(
    laptop: Laptop, collect: Callable[..., ClassProcess]
) -> None:
    collector = collect()
    laptop.join(collector)
    laptop.work(0, 50)
    laptop.settled()
    # From now on no file of the collector can grow beyond so much.
    files = collector.database.parent.glob(f"{collector.database.name}*")
    largest = max(file.stat().st_size for file in files)
    usual = resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE)
    limits = (largest + 300_000, usual[1])
    resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, limits)
    laptop.work(50, 1050)
    laptop.told("503 Service Unavailable")
    assert collector.post(happenings(2000, 2200)) == 503
    stored = numbers(collector.database)
    assert len(stored) < 1050
    assert not set(stored) & {*range(2000, 2200)}  # refused as a whole

    resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, usual)
    laptop.settled()
    assert numbers(collector.database) == [*range(1050)]


def test_another_certificate_gets_nothing_until_the_laptop_joins_again(
    laptop: Laptop, collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    def open_with(certificate: SelfSigned, *more: str) -> ClassProcess:
        files = [str(each) for each in certificate.files]
        return collect("--certfile", files[0], "--keyfile", files[1], *more)

    collector = open_with(SelfSigned(tmp_path / "first"))
    port = collector.url.rpartition(":")[2]
    laptop.join(collector)
    laptop.work(0, 10)
    laptop.settled()
    collector.end()

    collector = open_with(SelfSigned(tmp_path / "second"), "--port", port)
    laptop.work(10, 20)
    laptop.told("certificate")
    assert numbers(collector.database) == [*range(10)]

    laptop.join(collector)
    laptop.settled()
    assert numbers(collector.database) == [*range(20)]


def rotate(collector: ClassProcess, grace_min: float) -> str:
    """Put another key in force while the collector runs, as an instructor does, and give it."""
    command = [sys.executable, "-m", "ipynb_telemetry", "collect", "--class", "cs1", "--json"]
    command += ["--database", str(collector.database)]
    command += ["--rotate-key", "--grace", str(grace_min)]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    ran = subprocess.run(command, check=True, capture_output=True, env=environment)
    return str(json.loads(ran.stdout)["class_key"])


def wait_until_answered(collector: ClassProcess, key: str, status: int) -> None:
    """Wait until the collector has taken notice of a change of its keys."""
    deadline = time.monotonic() + PATIENCE_S
    while collector.post([], key) != status:
        assert time.monotonic() < deadline


def test_a_key_that_is_rotated_during_class_costs_no_event(
    laptop: Laptop, collect: Callable[..., ClassProcess]
) -> None:
    collector = collect()
    first = collector.class_key
    laptop.join(collector)
    laptop.work(0, 10)
    laptop.settled()

    # Whoever has not joined again is heard as long as the key before is.
    second = rotate(collector, 60)
    wait_until_answered(collector, second, 200)
    laptop.work(10, 20)
    laptop.settled()
    laptop.join(collector, second)
    laptop.work(20, 30)
    laptop.settled()

    third = rotate(collector, 0)
    wait_until_answered(collector, second, 401)
    laptop.work(30, 40)
    laptop.told("401 Unauthorized")
    laptop.work(40, 50)
    assert numbers(collector.database) == [*range(30)]
    laptop.join(collector, third)
    laptop.settled()
    assert numbers(collector.database) == [*range(50)]
    assert len({first, second, third}) == 3


def worked(seq: int) -> dict[str, Any]:
    properties = {"seq": seq, "notebook": "D1", "session_id": "morning"}
    return raw_event(seq, properties=properties)


async def test_a_clock_that_is_set_back_costs_no_event_and_no_login(
    cs1: ClassServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", cs1.clock)
    monkeypatch.setattr("ipynb_telemetry.store.events.now_utc", lambda: epoch_to_utc(cs1.clock()))
    # What is counted in a minute goes by a clock that nobody sets, in a collector that runs.
    cs1.collector.rates = Rates(Buckets(STUDENT_RATE), Buckets(ADDRESS_RATE))
    browser = await cs1.instructor()
    assert (await cs1.post([worked(1)])).code == 200
    before = json.loads((await browser.fetch("ipynb-telemetry/class/audit")).body)

    cs1.clock.seconds -= 3600
    for seq in range(2, 6):
        assert (await cs1.post([worked(seq)])).code == 200
    events = json.loads((await browser.fetch("ipynb-telemetry/api/events")).body)["events"]
    assert [event["properties"]["seq"] for event in events] == [5, 4, 3, 2, 1]
    # Whoever looks at the class is told of what came since.
    changes = await browser.fetch(f"ipynb-telemetry/class/changes?since={before['rev']}")
    assert changes.code == 200
    audit = json.loads((await browser.fetch("ipynb-telemetry/class/audit")).body)
    assert audit["result"]["line"] == "every event of 1 of 1 sessions is here"
    assert audit["result"]["sessions"][0]["got"] == 5
