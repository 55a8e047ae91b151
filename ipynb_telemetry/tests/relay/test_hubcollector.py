"""A server whose hub gives a class collector: what goes there, what pages hear, what is kept."""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.app import ACCOUNT_OPTION, COLLECTOR_OPTION, IpynbTelemetryApp
from ipynb_telemetry.settings.destination import HUB_KEY
from ipynb_telemetry.settings.hubcollector import TOKEN_VARIABLE, VARIABLE
from ipynb_telemetry.tests.support.fakeposthog import FakePostHog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.relayed import KEY, batch, events, is_idle

pytestmark = pytest.mark.usefixtures("hasty")
TOKEN = "token-of-the-server"


@pytest.fixture(autouse=True)
def _hub(posthog: FakePostHog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hub's environment; begun before the server is."""
    monkeypatch.setenv(VARIABLE, f"{posthog.host}/services/telemetry-cs1/")
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    monkeypatch.setenv("JUPYTERHUB_USER", "ann.lee")


@pytest.fixture
def jp_server_config(_hub: None, jp_server_config: Any) -> Any:
    jp_server_config["ServerApp"]["jpserver_extensions"]["notebook"] = True
    return jp_server_config


def page_option(collector: IpynbTelemetryApp) -> Any:
    return collector.serverapp.web_app.settings["page_config_data"].get(COLLECTOR_OPTION)


async def test_events_go_to_the_hubs_collector_with_the_servers_token(
    jp_fetch: Any, status_where: Any, posthog: FakePostHog, collector: IpynbTelemetryApp
) -> None:
    body = json.dumps(batch(2)).encode()
    await jp_fetch("ipynb-telemetry", "relay", "batch/", method="POST", body=body)
    await status_where(is_idle)
    assert posthog.accepted == events(2)
    (request,) = posthog.requests
    assert request.path == "/services/telemetry-cs1/batch/"
    assert request.headers["Authorization"] == f"token {TOKEN}"
    assert request.document["api_key"] == HUB_KEY
    assert page_option(collector) == f"{posthog.host}/services/telemetry-cs1"
    # The token is of this start of the server, and stands in no file.
    path = Path(collector.database_path)
    await collector.stop_extension()
    with closing(sqlite3.connect(path)) as connection:
        assert TOKEN not in "\n".join(connection.iterdump())


async def test_pages_of_notebook_7_too_hear_of_the_collector_and_of_the_account(
    jp_fetch: Any, posthog: FakePostHog
) -> None:
    document = (await jp_fetch("tree")).body.decode()
    found = re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', document, re.DOTALL)
    told = json.loads(found[1])
    assert told[COLLECTOR_OPTION] == f"{posthog.host}/services/telemetry-cs1"
    assert told[ACCOUNT_OPTION] == "ann.lee"
    assert TOKEN not in document


async def test_a_key_in_the_settings_comes_first_and_no_other_place_gets_the_token(
    post: Any, status_where: Any, posthog: FakePostHog, lab: Lab
) -> None:
    assert (await post(batch(2)))[0] == 200
    await status_where(is_idle)
    assert posthog.accepted == events(2)
    assert [request.path for request in posthog.requests] == ["/batch/"]
    assert posthog.requests[0].document["api_key"] == KEY
    assert "Authorization" not in posthog.requests[0].headers


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ('{"projectKey": "phx_personal"}', "the settings name no place that can be used"),
        ('{"projectKey": "phc_', "the settings cannot be read: a file is damaged"),
    ],
)
async def test_settings_that_cannot_be_used_send_nothing_to_the_collector_either(
    written: str, problem: str, jp_fetch: Any, status_where: Any, posthog: FakePostHog, lab: Lab
) -> None:
    """What they meant may be another place."""
    lab.save()
    lab.user_file.write_text(written)
    body = json.dumps(batch(1)).encode()
    await jp_fetch("ipynb-telemetry", "relay", "batch/", method="POST", body=body)
    status = await status_where(lambda status: status["problem"])
    assert status["problem"].startswith(problem)
    assert posthog.requests == []


class TestWithoutAnAddress:
    @pytest.fixture(autouse=True, params=["", "collector of the class"])
    def _hub(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, request.param)
        monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)

    async def test_events_stay(
        self, jp_fetch: Any, status_where: Any, collector: IpynbTelemetryApp, posthog: FakePostHog
    ) -> None:
        assert page_option(collector) is None
        body = json.dumps(batch(1)).encode()
        await jp_fetch("ipynb-telemetry", "relay", "batch/", method="POST", body=body)
        status = await status_where(lambda status: status["problem"])
        assert status["problem"].startswith("the settings name no project key")
        assert posthog.requests == []
