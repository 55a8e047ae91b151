"""doctor: what it finds, what it sends, and what it advises."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from ipynb_telemetry import __version__

from ..support.commandline import CommandLine, found
from ..support.fakeposthog import FakePostHog
from ..support.settingsfiles import install_front_end, overrides, put

KEY = "phc_abcdefghijklmnop"


@pytest.fixture
def quick(telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A machine where all is well; its kernels are looked at by one test only."""
    install_front_end(telemetry, __version__)
    # The one that the environment of the tests may have would come first.
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    monkeypatch.setattr("ipynb_telemetry.cli.checks.kernel.kernels", lambda config: iter(()))
    return telemetry


def test_where_all_is_well_there_is_nothing_to_do(telemetry: CommandLine) -> None:
    install_front_end(telemetry, __version__)
    outcome = telemetry("doctor")
    assert outcome.status == 0, outcome.out + outcome.err
    assert outcome.err == ""
    lines = outcome.out.splitlines()
    assert lines[-1] == "There is nothing to do."
    assert f"ipynb-telemetry {__version__}" in lines[0]
    assert any("the kernel side runs in python3" in line for line in lines)
    assert any("events.sqlite3 will be made with the first event" in line for line in lines)
    assert any("they stay on this computer, and nobody but its user" in line for line in lines)
    assert not telemetry.data.joinpath("ipynb_telemetry").exists()


def test_with_a_yes_one_event_arrives_that_tells_nothing_of_anybody(
    quick: CommandLine, posthog: FakePostHog
) -> None:
    quick("configure", "--host", posthog.host, "--project-key", KEY)
    outcome = quick("doctor", "--yes", "--json")
    assert outcome.status == 0, outcome.out
    (event,) = posthog.accepted
    assert event["event"] == "connection_tested"
    assert event["distinct_id"] == "ipynb-telemetry-test"
    assert event["properties"] == {"$process_person_profile": False, "$geoip_disable": True}
    assert posthog.requests[0].document["api_key"] == KEY
    assert found(outcome, "host")[0].startswith(f"ok: {posthog.host} took the event")
    assert found(outcome, "clock") == ["ok: agrees with the host's"]
    assert outcome.document["settings"]["host"]["value"] == posthog.host
    assert outcome.document["settings"]["host"]["from"] == str(overrides(quick))
    assert KEY not in outcome.out


@pytest.mark.parametrize("arguments", [("--yes", "--dry-run"), ("--yes", "--no-network")])
def test_the_host_is_left_out_where_that_is_wanted(
    quick: CommandLine, posthog: FakePostHog, arguments: tuple[str, ...]
) -> None:
    quick("configure", "--host", posthog.host, "--project-key", KEY)
    outcome = quick("doctor", *arguments)
    assert outcome.status == 0
    assert f"{posthog.host} was not tried" in outcome.out
    assert posthog.requests == []


@pytest.mark.parametrize("arguments", [(), ("--json",)])
def test_without_a_yes_the_host_is_tried_and_no_event_sent(
    quick: CommandLine, posthog: FakePostHog, arguments: tuple[str, ...]
) -> None:
    quick("configure", "--host", posthog.host, "--project-key", KEY)
    outcome = quick("doctor", *arguments)
    assert outcome.status == 0
    assert f"{posthog.host} answers" in outcome.out
    assert "--yes sends a test event" in outcome.out
    assert posthog.accepted == []


@pytest.mark.parametrize(
    ("values", "words", "advice"),
    [
        (
            {"captureOutputs": False},
            "captureOutputs is no setting; did you mean captureOutput?; until that is corrected,"
            " no output is recorded",
            "Correct captureOutputs in ",
        ),
        ({"privacyNotise": "Ann."}, "did you mean privacyNotice?", "Correct privacyNotise in "),
        ({"projctKey": KEY}, "did you mean projectKey?", "Correct projctKey in "),
        (
            {"captureOutput": "false"},
            "captureOutput must be true or false; until that is corrected, no output is recorded",
            "Correct captureOutput in ",
        ),
        ({"events": {"blurr": False}}, "events.blurr is no setting", "Correct events.blurr in "),
    ],
)
def test_a_setting_that_does_not_mean_what_it_says_is_told_and_to_be_corrected(
    quick: CommandLine, values: dict[str, Any], words: str, advice: str
) -> None:
    put(overrides(quick), {"ipynb-telemetry:plugin": values})
    outcome = quick("doctor", "--json")
    assert outcome.status == 1
    told = found(outcome, "settings")[0]
    assert told.startswith(f"bad: {overrides(quick)}: ")
    assert words in told
    assert outcome.document["advice"][0] == f"{advice}{overrides(quick)}"
    shown = quick("configure", "--show")
    assert shown.status == 1
    assert words in shown.err


def test_a_host_that_is_down_is_found_without_a_yes(quick: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
    quick("configure", "--host", host, "--project-key", KEY)
    outcome = quick("doctor", "--json")
    assert outcome.status == 1
    assert found(outcome, "host")[0].startswith(f"bad: {host} cannot be reached from here")


@pytest.mark.parametrize(("answer", "events"), [("y\n", 1), ("n\n", 0), ("\n", 0), ("", 0)])
def test_at_a_terminal_it_asks(
    quick: CommandLine,
    posthog: FakePostHog,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    events: int,
) -> None:
    quick("configure", "--host", posthog.host, "--project-key", KEY)

    class Terminal:
        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return answer

    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    outcome = quick("doctor")
    assert f"Send one test event to {posthog.host}? [y/N]" in outcome.err
    assert len(posthog.accepted) == events


@pytest.mark.parametrize(
    ("answer", "words", "advice"),
    [
        ((401, {}, b""), "401", "Copy the project key again"),
        ((401, {}, b'{"detail":"No such key."}'), "401 Unauthorized: No such key.", "project key"),
        ((403, {}, b'{"message":"Forbidden"}'), "event: 403 Forbidden", "project key"),
        ((200, {}, b"<html>"), "not PostHog's", "something else than PostHog"),
        ((404, {}, b""), "404", "something else than PostHog"),
        ((200, {}, b'{"quota_limited": ["events"]}'), "quota", "Raise the quota"),
        ((503, {}, b""), "503", "Try again later"),
    ],
)
def test_what_the_host_says_becomes_advice(
    quick: CommandLine, posthog: FakePostHog, answer: Any, words: str, advice: str
) -> None:
    posthog.answer = lambda _: answer
    quick("configure", "--host", posthog.host, "--project-key", KEY)
    outcome = quick("doctor", "--yes")
    assert outcome.status == 1
    line = next(line for line in outcome.out.splitlines() if line.startswith("BAD "))
    assert words in line
    head, _, tail = outcome.out.partition("What to do:\n")
    assert advice in tail
    assert advice not in head
    assert tail.startswith("1. ")


def test_a_host_that_cannot_be_reached_is_named(quick: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"http://127.0.0.1:{server.getsockname()[1]}"
    quick("configure", "--host", host, "--project-key", KEY)
    outcome = quick("doctor", "--yes", "--json")
    assert outcome.status == 1
    assert found(outcome, "host")[0].startswith(f"bad: {host} cannot be reached from here")


@pytest.mark.parametrize(("ahead_s", "words"), [(600, "behind"), (-600, "ahead of")])
def test_a_clock_that_is_wrong_is_noticed(
    quick: CommandLine,
    posthog: FakePostHog,
    monkeypatch: pytest.MonkeyPatch,
    ahead_s: int,
    words: str,
) -> None:
    monkeypatch.setattr(
        BaseHTTPRequestHandler,
        "date_time_string",
        lambda *_: formatdate(time.time() + ahead_s, usegmt=True),
    )
    quick("configure", "--host", posthog.host, "--project-key", KEY)
    outcome = quick("doctor", "--yes", "--json")
    assert outcome.status == 1
    assert words in found(outcome, "clock")[0]
    assert "Set this computer's clock" in outcome.document["advice"][0]


def test_it_says_where_the_relay_sends_and_where_that_is_from(quick: CommandLine) -> None:
    quick("configure", "--host", "https://eu.i.posthog.com", "--project-key", KEY)
    assert found(quick("doctor", "--no-network", "--json"), "relay") == []
    quick("configure", "--relay")
    user = quick.config / "lab" / "user-settings" / "ipynb-telemetry"
    file = put(user / "plugin.jupyterlab-settings", {"projectKey": "phc_mine"})
    assert found(quick("doctor", "--no-network", "--json"), "relay") == [
        f"ok: the Jupyter server sends to https://eu.i.posthog.com; the host is from"
        f" {overrides(quick)} and the key is from {file}"
    ]
    quick("configure", "--lock")
    (told,) = found(quick("doctor", "--no-network", "--json"), "relay")
    assert told.endswith(f"; the host and key are from {overrides(quick)}")


def test_ad_blockers_are_hinted_at_where_they_could_be_in_the_way(quick: CommandLine) -> None:
    quick("configure", "--host", "https://eu.i.posthog.com", "--project-key", KEY)
    outcome = quick("doctor", "--no-network", "--json")
    assert "eu.i.posthog.com" in found(outcome, "ad blockers")[0]
    assert outcome.status == 0
    quick("configure", "--relay")
    assert found(quick("doctor", "--no-network", "--json"), "ad blockers") == []
    quick("configure", "--no-relay", "--host", "https://notposthog.com")
    assert found(quick("doctor", "--no-network", "--json"), "ad blockers") == []


def test_parts_that_are_missing_or_off_are_named(quick: CommandLine) -> None:
    put(
        quick.config / "labconfig" / "page_config.json",
        {"disabledExtensions": {"ipynb-telemetry:notebook": True, "another": True}},
    )
    put(
        quick.config / "jupyter_server_config.json",
        {"ServerApp": {"jpserver_extensions": {"ipynb_telemetry": False}}},
    )
    outcome = quick("doctor", "--json")
    assert outcome.status == 1
    assert found(outcome, "front end") == ["bad: ipynb-telemetry:notebook is disabled"]
    assert found(outcome, "server part") == ["bad: the server extension is disabled"]
    assert outcome.document["advice"] == [
        "Switch it on: jupyter labextension enable ipynb-telemetry:notebook",
        "Switch it on: jupyter server extension enable ipynb_telemetry",
    ]
    package = quick.data / "labextensions" / "ipynb-telemetry" / "package.json"
    document = json.loads(package.read_text())
    package.write_text(json.dumps({**document, "version": "0.0.1"}))
    assert "version 0.0.1" in found(quick("doctor", "--json"), "front end")[0]
    package.write_text("{")
    assert "is damaged" in found(quick("doctor", "--json"), "front end")[0]
    package.unlink()
    assert "finds no ipynb-telemetry" in found(quick("doctor", "--json"), "front end")[0]


def test_settings_that_jupyterlab_ignores_silently_are_named(quick: CommandLine) -> None:
    put(overrides(quick), '{"ipynb-telemetry:plugin": {"projectKey": "phc_a",}}')
    user = quick.config / "labconfig" / "default_setting_overrides.json"
    put(user, {"ipynb-telemetry:plugin": {"projectKey": "phx_hidden"}})
    outcome = quick("doctor", "--json")
    assert outcome.status == 1
    broken, refused = found(outcome, "settings")
    assert str(overrides(quick)) in broken
    assert "personal and secret" in refused
    assert "hidden" not in outcome.out


def test_the_collectors_file_is_looked_at(quick: CommandLine) -> None:
    path = quick.data / "ipynb_telemetry" / "events.sqlite3"
    put(path, "no database " * 100)
    outcome = quick("doctor", "--json")
    assert outcome.status == 1
    assert "cannot be read as the collector's file" in found(outcome, "collector")[0]
    put(quick.config / "jupyter_server_config.py", "c.IpynbTelemetryApp.database_path = ':memory:'")
    assert found(quick("doctor", "--json"), "collector")[0].startswith("note: keeps events in mem")


async def test_a_running_server_is_asked(
    jp_serverapp: Any, jp_fetch: Any, quick: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = {
        "url": f"http://127.0.0.1:{jp_serverapp.port}{jp_serverapp.base_url}",
        "token": jp_serverapp.identity_provider.token,
    }

    async def asked() -> list[str]:
        monkeypatch.setattr("jupyter_server.serverapp.list_running_servers", lambda: iter([server]))
        outcome = await asyncio.get_running_loop().run_in_executor(None, quick, "doctor", "--json")
        return found(outcome, "running")

    assert await asked() == [f"ok: {server['url']} has it; 0 events wait for the relay"]
    server["url"] += "elsewhere/"
    assert await asked() == [f"bad: {server['url']} runs without it"]
    server["url"], server["token"] = server["url"].removesuffix("elsewhere/"), "wrong"
    assert (await asked())[0].startswith("note: ")


OLD_PYTHON = 'sys.argv.append("--IPKernelApp.exec_lines=import sys; sys.version_info = (3, 7, 0)")'
KERNEL = """
import sys
{before}
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""


def a_kernel(telemetry: CommandLine, name: str, code: str, language: str = "python") -> None:
    folder = telemetry.data / "kernels" / name
    script = put(folder / "kernel.py", code)
    argv = [sys.executable, str(script), "-f", "{connection_file}"]
    put(folder / "kernel.json", {"argv": argv, "display_name": name, "language": language})
    put(
        telemetry.config / "jupyter_server_config.json",
        {"MultiKernelManager": {"default_kernel_name": name}},
    )


@pytest.mark.parametrize(
    ("code", "language", "words", "status"),
    [
        (KERNEL.format(before=""), "python", "ok: the kernel side runs in course", 0),
        (
            KERNEL.format(before=OLD_PYTHON),
            "python",
            "bad: course is Python 3.7",
            1,
        ),
        ("raise SystemExit(1)", "python", "bad: course does not start", 1),
        ("", "R", "note: course is not Python", 0),
    ],
)
def test_the_default_kernel_is_tried(
    telemetry: CommandLine, code: str, language: str, words: str, status: int
) -> None:
    install_front_end(telemetry, __version__)
    a_kernel(telemetry, "course", code, language)
    outcome = telemetry("doctor", "--json")
    assert found(outcome, "kernel")[0].startswith(words)
    assert outcome.status == status
    assert f"course ({language})" in found(outcome, "kernels")[0]
