# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The posthog package: missing, installed, or taking its time."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

from ..support.fakeposthog import FakePostHog
from .directkernel import (
    Student,
    closed_port,
    environment,
    running,
    spools,
    start,
    wait_for,
    waiting,
)

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
