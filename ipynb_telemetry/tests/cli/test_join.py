"""join: from the line on the board to a Jupyter server that sends to the class collector."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..support.commandline import CommandLine
from ..support.fakeposthog import FakePostHog, fake_posthog
from ..support.selfsigned import SelfSigned
from ..support.settingsfiles import install_front_end, overrides, put, user_overrides

PLUGIN = "ipynb-telemetry:plugin"
KEY = "tcw_0123456789abcdef"


@pytest.fixture(autouse=True)
def _alone(telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    install_front_end(telemetry)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("ipynb_telemetry.kernel.post._OPENERS", {})


@pytest.fixture
def certificate(tmp_path: Path) -> SelfSigned:
    return SelfSigned(tmp_path / "certificate")


@pytest.fixture
def collector(certificate: SelfSigned) -> Iterator[FakePostHog]:
    with fake_posthog(certificate.server()) as collector:
        yield collector


@pytest.fixture
def line(collector: FakePostHog, certificate: SelfSigned) -> str:
    return f"{collector.host}/cs1#cs1.{KEY}.{certificate.fingerprint}"


def test_a_student_is_joined_by_one_command(
    telemetry: CommandLine, collector: FakePostHog, certificate: SelfSigned, line: str
) -> None:
    outcome = telemetry("join", line)
    place = collector.host.removeprefix("https://")
    assert outcome.status == 0, outcome.err
    assert outcome.out == (f"You are joined to class cs1 at {place}/cs1. Restart JupyterLab.\n")
    assert outcome.err == ""
    assert json.loads(user_overrides(telemetry).read_text()) == {
        PLUGIN: {
            "projectKey": KEY,
            "host": f"{collector.host}/cs1",
            "relay": True,
            "certificate": certificate.fingerprint,
        }
    }
    # The key was tried, by a batch of nothing.
    (request,) = collector.requests
    assert request.path == "/cs1/batch/"
    assert (request.document["api_key"], request.document["batch"]) == (KEY, [])
    assert telemetry("join", line, "--json").document["changed"] is False


def test_all_users_of_an_environment_are_joined_where_that_is_asked_for(
    telemetry: CommandLine, line: str
) -> None:
    assert telemetry("join", "--for", "sys-prefix", line).status == 0
    assert json.loads(overrides(telemetry).read_text())[PLUGIN]["projectKey"] == KEY
    assert not user_overrides(telemetry).exists()


def test_a_later_class_takes_the_place_of_an_earlier_one_and_nothing_else(
    telemetry: CommandLine, line: str, posthog: FakePostHog
) -> None:
    put(user_overrides(telemetry), {PLUGIN: {"captureOutput": False}})
    assert telemetry("join", line).status == 0
    assert telemetry("join", f"{posthog.host}#cs2.tcw_second").status == 0
    assert json.loads(user_overrides(telemetry).read_text())[PLUGIN] == {
        "captureOutput": False,
        "projectKey": "tcw_second",
        "host": posthog.host,
        "relay": True,
        "certificate": "",
    }


def refusal(telemetry: CommandLine, line: str, status: int = 1) -> str:
    """Give why a student is not joined; nothing may have been written."""
    outcome = telemetry("join", line)
    assert outcome.status == status
    assert outcome.out == ""
    assert not user_overrides(telemetry).exists()
    assert outcome.err.rstrip().endswith("Nothing was written.")
    assert KEY not in outcome.err
    return " ".join(outcome.err.split())


def test_a_line_with_a_slip_says_what_is_wrong(telemetry: CommandLine, line: str) -> None:
    assert "fingerprint, is damaged" in refusal(telemetry, line[:-1], 2)
    assert "ends before its #" in refusal(telemetry, line.partition("#")[0], 2)


def test_the_holder_of_another_certificate_is_not_joined_and_told_nothing(
    telemetry: CommandLine, collector: FakePostHog
) -> None:
    told = refusal(telemetry, f"{collector.host}#cs1.{KEY}.{'0' * 64}")
    assert "a holder of another certificate than the line names" in told
    assert collector.requests == []


def test_a_certificate_that_the_line_does_not_name_has_to_be_trusted(
    telemetry: CommandLine, collector: FakePostHog
) -> None:
    told = refusal(telemetry, f"{collector.host}#cs1.{KEY}")
    assert "is not trusted here, and the line names none" in told
    assert collector.requests == []


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (401, b"{}", "refuses the class key: it was changed, or a letter of the line is wrong"),
        (403, b"{}", "refuses the class key"),
        (429, b"{}", "asked too often"),
        (503, b"{}", "cannot answer now (503 Service Unavailable)"),
        (404, b"{}", "Something else than a class's collector answers"),
        (302, b"", "Something else than a class's collector answers"),
        (200, b"<html>Log in</html>", "Something else than a class's collector answers"),
    ],
)
def test_what_answers_otherwise_than_a_collector_is_not_joined(
    telemetry: CommandLine, collector: FakePostHog, line: str, status: int, body: bytes, words: str
) -> None:
    collector.answer = lambda _: (status, {}, body)
    assert words in refusal(telemetry, line)


def test_a_collector_that_is_not_there_is_not_joined(
    telemetry: CommandLine, certificate: SelfSigned
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"127.0.0.1:{server.getsockname()[1]}"
    told = refusal(telemetry, f"https://{place}#cs1.{KEY}.{certificate.fingerprint}")
    assert f"The collector at {place} cannot be reached: [Errno" in told
    assert "has your instructor started it?" in told


def test_settings_that_win_are_named(telemetry: CommandLine, line: str) -> None:
    put(overrides(telemetry), {PLUGIN: {"locked": True}})
    own = telemetry.config / "lab" / "user-settings" / "ipynb-telemetry"
    file = put(own / "plugin.jupyterlab-settings", {"projectKey": "phc_mine0123456789"})
    assert telemetry("join", line).status == 0
    put(overrides(telemetry), {})
    outcome = telemetry("join", line)
    assert outcome.status == 1
    assert outcome.out.startswith("You are not joined to class cs1 at ")
    assert "choose Restore to Defaults" in outcome.err
    assert f"{file} also sets projectKey, and wins" in outcome.err


def test_a_dry_run_asks_nobody(telemetry: CommandLine, collector: FakePostHog, line: str) -> None:
    outcome = telemetry("join", "--dry-run", line)
    assert outcome.status == 0
    assert "You would be joined to class cs1" in outcome.out
    assert collector.requests == []
    assert not user_overrides(telemetry).exists()
