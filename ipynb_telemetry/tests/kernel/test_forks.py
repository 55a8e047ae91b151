# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events of forked children arrive, or are counted as dropped."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.kernel.forks import _Forks

from ..support.fakeposthog import FakePostHog
from .directkernel import environment, names, running, start
from .frontend import FrontEnd

QUIET = "import warnings; warnings.simplefilter('ignore')  # of threads in a process that forks\n"
POOL = f"""{QUIET}
import multiprocessing, os, threading
def work(number):
    _telemetry_capture("forked", {{"number": number}})
    return os.getpid()
def fork():
    child = os.fork()
    if child == 0:
        work(7)
        os._exit(0)
    os.waitpid(child, 0)
with multiprocessing.get_context("fork").Pool(2) as pool:
    pids = pool.map(work, range(7))
thread = threading.Thread(target=fork)
thread.start()
thread.join()
assert os.getpid() not in pids
"""


def test_a_page_hears_of_children(page: FrontEnd) -> None:
    heard = page.events(POOL)
    assert page.reply["status"] == "ok"
    while len(heard) < 8:  # a child's last word may come after the cell's
        message = page.client.get_iopub_msg(timeout=60)
        if message["msg_type"] == "comm_msg":
            told = message["content"]["data"]
            heard.append((told["event"], told["properties"]))
    assert sorted(properties["number"] for _, properties in heard) == list(range(8))


def test_children_of_a_kernel_that_reports_are_heard(tmp_path: Path, posthog: FakePostHog) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        start(student)
        student.cell(POOL)
        assert student.reply["status"] == "ok"
        posthog.wait_until(lambda: names(posthog.accepted).count("forked") == 8)
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    numbers = [e["properties"]["seq"] for e in posthog.accepted]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))


@pytest.fixture
def heard() -> list[Any]:
    return []


def test_what_is_too_large_or_never_came_is_counted(heard: list[Any]) -> None:
    came = threading.Condition()

    def hear(told: Any, lost: int) -> None:
        with came:
            heard.append((told, lost))
            came.notify()

    forks = _Forks(hear)
    forks.tell(["x" * 5_000_000])
    forks.tell(["first"])
    forks._child = (os.getpid(), 9)  # as if seven could not be told
    forks.tell(["second"])
    with came:
        assert came.wait_for(lambda: len(heard) == 3, 60)
    assert heard == [(None, 1), (["first"], 0), (["second"], 7)]
