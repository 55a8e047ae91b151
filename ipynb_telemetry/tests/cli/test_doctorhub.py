"""doctor on a hub that gives the servers a class collector."""

from __future__ import annotations

import socket

import pytest

from ipynb_telemetry import __version__
from ipynb_telemetry.settings.hubcollector import TOKEN_VARIABLE, VARIABLE

from ..support.commandline import CommandLine, found
from ..support.fakeposthog import FakePostHog
from ..support.settingsfiles import install_front_end


@pytest.fixture
def server(
    telemetry: CommandLine, posthog: FakePostHog, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """A terminal of a server, on which all is well."""
    install_front_end(telemetry, __version__)
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    monkeypatch.setattr("ipynb_telemetry.cli.checks.kernel.kernels", lambda config: iter(()))
    monkeypatch.setenv(VARIABLE, f"{posthog.host}/services/telemetry-cs1")
    monkeypatch.setenv(TOKEN_VARIABLE, "token-of-the-server")
    return telemetry


def test_the_collector_is_asked_whether_it_takes_what_the_server_sends(
    server: CommandLine, posthog: FakePostHog
) -> None:
    outcome = server("doctor", "--json")
    assert outcome.status == 0, outcome.out
    (finding,) = found(outcome, "host")
    assert finding.startswith(f"ok: {posthog.host}/services/telemetry-cs1, the class collector")
    (request,) = posthog.requests
    assert request.document["batch"] == []
    assert request.headers["Authorization"] == "token token-of-the-server"
    assert "token-of-the-server" not in outcome.out + outcome.err


def test_a_server_that_may_not_send_is_to_be_started_again(
    server: CommandLine, posthog: FakePostHog
) -> None:
    posthog.answer = lambda _: (403, {}, b'{"message": "This token may not send."}')
    outcome = server("doctor", "--json")
    assert outcome.status == 1
    assert "403 Forbidden: This token may not send." in found(outcome, "host")[0]
    assert "start it again" in outcome.document["advice"][0]


def test_a_collector_that_is_away_and_an_address_that_is_none_are_the_hubs_to_mend(
    server: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        away = f"http://127.0.0.1:{closed.getsockname()[1]}"
    monkeypatch.setenv(VARIABLE, away)
    assert "cannot be reached: [Errno" in found(server("doctor", "--json"), "host")[0]
    monkeypatch.setenv(VARIABLE, "telemetry-cs1")
    outcome = server("doctor", "--json")
    assert "events stay on this server" in found(outcome, "host")[0]
    assert "jupyterhub_config.py" in outcome.document["advice"][0]


def test_nothing_is_sent_where_that_is_wanted_or_a_key_comes_first(
    server: CommandLine, posthog: FakePostHog
) -> None:
    assert "was not tried" in found(server("doctor", "--json", "--no-network"), "host")[0]
    assert posthog.requests == []
    server("configure", "--project-key", "phc_abcdefghijklmnop", "--host", posthog.host)
    assert found(server("doctor", "--json"), "host")[0].startswith(f"ok: {posthog.host} answers")
    assert "Authorization" not in posthog.requests[0].headers
