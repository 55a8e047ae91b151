# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""A kernel sends by TLS, to whom the environment trusts and to nobody else."""

from __future__ import annotations

import ast
import ssl
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest

from ..support.authority import Authority
from ..support.fakeposthog import FakePostHog, fake_posthog
from .directkernel import environment, names, running, spools, start, wait_for, waiting
from .frontend import SOURCE


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "authority")


@pytest.fixture
def secure(authority: Authority) -> Iterator[FakePostHog]:
    with fake_posthog(authority.server()) as posthog:
        yield posthog


def test_events_go_to_a_host_that_the_environment_trusts(
    tmp_path: Path, authority: Authority, secure: FakePostHog
) -> None:
    env = {**environment(tmp_path, secure.host), "SSL_CERT_FILE": str(authority.file)}
    with running(env) as student:
        assert f"events go to {secure.host}\n" in start(student)
        student.cell("'safe'", "safe")
    secure.wait_until(lambda: "session_ended" in names(secure.accepted))
    assert names(secure.accepted).count("cell_executed") == 2
    assert spools(tmp_path) == []


def test_no_event_goes_to_a_host_that_it_does_not_trust(
    tmp_path: Path, secure: FakePostHog
) -> None:
    other = Authority(tmp_path / "other")
    env = {**environment(tmp_path, secure.host), "SSL_CERT_FILE": str(other.file)}
    with running(env) as student:
        start(student)
        student.cell("from ipynb_telemetry import bootstrap")
        said = student.shown().splitlines()
        student.cell("(mine,) = bootstrap._state().deliveries[0]._spools")
        said += student.shown().splitlines()

        def value(expression: str) -> Any:
            student.cell(f"print(repr({expression}))")
            printed, *notices = student.shown().splitlines()
            said.extend(notices)
            return ast.literal_eval(printed)

        wait_for(lambda: value("mine.pace.problem"))
        assert value("mine.pace.problem") == "the certificate is not trusted"
        # The student reads it once, however often it is tried.
        student.cell("mine.correct(); bootstrap._state().deliveries[0]._due.set()")
        said += student.shown().splitlines()
        wait_for(lambda: value("mine.pace.not_before > 0"))
        assert value("'a'") == "a"
        told = f"ipynb-telemetry: the certificate of {secure.host} is not trusted here."
        assert said == [f"{told} Events wait until it is"]
    assert secure.requests == []
    # Nothing is lost: a later kernel sends what waits.
    (left,) = spools(tmp_path)
    assert {"session_started", "session_ended"} <= {*names(waiting(left).values())}


def test_an_exchange_that_takes_too_long_never_goes_on_in_clear(
    authority: Authority, secure: FakePostHog
) -> None:
    kernel: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(SOURCE, kernel)
    watch = kernel["_Watch"](60.0)
    context = ssl.create_default_context(cafile=str(authority.file))
    address = secure.host.rpartition("/")[2]
    with closing(watch.connection(HTTPSConnection)(address, context=context)) as connection:
        connection.connect()
        watch._end()
        assert connection.sock.version() is not None
        with pytest.raises((ConnectionError, ssl.SSLEOFError)):  # the latter in Python 3.10
            connection.sock.sendall(b"a student's work")
