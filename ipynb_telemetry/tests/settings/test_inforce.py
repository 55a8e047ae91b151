"""Where the settings lead: what jupyterlab_server reads of real files."""

import json
import logging
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jupyterlab_server.settings_handler import SettingsHandler

from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.inforce import InForce, ServerSettings
from ipynb_telemetry.tests.support.lab import Lab

HOST, KEY = "https://eu.i.posthog.com", "phc_key"
POSTHOG = Destination(HOST, KEY)


@pytest.fixture(autouse=True)
def _no_other_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))


def server(lab: Lab, **more: Any) -> Any:
    """A server with JupyterLab's settings route, whose inputs are these."""
    inputs = {
        "app_settings_dir": lab.config["app_settings_dir"],
        "schemas_dir": lab.config["schemas_dir"],
        "settings_dir": lab.config["user_settings_dir"],
        "labextensions_path": lab.config["extra_labextensions_path"],
        **more,
    }
    route = ("/lab/api/settings/(?P<schema_name>.+)", SettingsHandler, inputs)
    ours = SimpleNamespace(handlers=[("/ipynb-telemetry/batch", object)])
    theirs = SimpleNamespace(handlers=[("/lab", object, {}), route])
    applications = {"ipynb_telemetry": [ours], "jupyterlab": [theirs]}
    return SimpleNamespace(extension_manager=SimpleNamespace(extension_apps=applications))


def read(lab: Lab, **more: Any) -> InForce:
    return ServerSettings(server(lab, **more), logging.getLogger("ipynb_telemetry")).read()


def test_nothing_is_set(lab: Lab) -> None:
    assert read(lab) == InForce(None, "the settings name no project key")


def test_what_the_user_set_counts_and_when(lab: Lab) -> None:
    before = time.time()
    lab.override(host="https://us.i.posthog.com", projectKey="phc_admin")
    lab.save(host=HOST, projectKey=KEY)
    found = read(lab)
    assert found[:2] == (POSTHOG, None)
    assert found.saved_at is not None
    assert before - 2 < found.saved_at < time.time() + 2
    lab.save(projectKey=KEY)
    assert read(lab).destination == Destination("https://us.i.posthog.com", KEY)


def test_a_certificate_is_part_of_the_destination(lab: Lab) -> None:
    lab.override(host=HOST, projectKey=KEY, certificate="AB:" * 31 + "AB")
    assert read(lab).destination == Destination(HOST, KEY, "ab" * 32)
    lab.save(certificate="")
    assert read(lab).destination == POSTHOG
    lab.save(certificate="ab" * 20)
    found = read(lab)
    assert found.destination is None
    assert "The certificate is refused: its fingerprint must be SHA-256" in str(found.problem)


def test_a_lock_counts_where_an_administrator_sets_it_and_only_there(lab: Lab) -> None:
    lab.save(host="https://evil.example", projectKey="phc_user", locked=False)
    lab.override(host=HOST, projectKey=KEY, locked=True)
    assert read(lab).destination == POSTHOG
    lab.override(host=HOST, projectKey=KEY)
    lab.save(host="https://mine.example", projectKey="phc_user", locked=True)
    assert read(lab).destination == Destination("https://mine.example", "phc_user")


def test_the_overrides_that_the_route_began_with_count_as_they_do_for_pages(lab: Lab) -> None:
    lab.override(host="https://later.example", projectKey="phc_later", locked=True)
    begun = {"ipynb-telemetry:plugin": {"host": HOST, "projectKey": KEY, "locked": True}}
    assert read(lab, overrides=begun).destination == POSTHOG
    # Of none at all the handler reads them anew, which JupyterLab 4.2 always does.
    assert read(lab, overrides={}).destination == Destination("https://later.example", "phc_later")
    assert read(lab).destination == Destination("https://later.example", "phc_later")


def test_a_null_gives_back_the_default(lab: Lab) -> None:
    lab.override(host=None, projectKey=KEY)
    assert read(lab).destination == Destination("https://us.i.posthog.com", KEY)


def test_comments_and_other_settings_do_not_matter(lab: Lab) -> None:
    lab.save()
    lab.user_file.write_text(
        f'{{"projectKey": "{KEY}", /* mine */ "host": "{HOST}", "events": {{"blur": false}},}}'
    )
    assert read(lab).destination == POSTHOG


@pytest.mark.parametrize("values", [{"projectKey": 7}, {"projectKey": None}, {"relay": "yes"}])
def test_settings_of_the_wrong_kind_count_as_none_as_in_a_page(
    lab: Lab, values: dict[str, Any]
) -> None:
    lab.override(host=HOST, projectKey=KEY)
    lab.save(host="https://mine.example", **values)
    assert read(lab).destination == POSTHOG


@pytest.mark.parametrize(
    "values",
    [
        {"hosts": "https://mine.example"},
        {"projectKey": 7},
        {"host": ["x"]},
        {"relays": True},
        {"certificate": 7},
        {"certificates": "00"},
    ],
)
def test_a_place_that_nobody_can_tell_is_none(lab: Lab, values: dict[str, Any]) -> None:
    lab.override(**{"host": HOST, "projectKey": KEY, **values})
    found = read(lab)
    assert found.destination is None
    assert "misspelt or of the wrong kind" in str(found.problem)


def test_a_name_of_no_setting_leaves_the_others_as_they_are(lab: Lab) -> None:
    lab.save(host=HOST, projectKey=KEY, unknown=1)
    assert read(lab).destination == POSTHOG


def test_a_lock_that_is_misspelt_holds(lab: Lab) -> None:
    lab.override(host=HOST, projectKey=KEY, lock=True)
    lab.save(host="https://mine.example", projectKey="phc_user")
    assert read(lab).destination == POSTHOG


def test_a_key_that_does_not_count_for_another_setting_of_the_file_is_said(lab: Lab) -> None:
    lab.save(host=HOST, projectKey=KEY, relay="yes")
    assert read(lab).problem == (
        "the settings name no project key, since the user's file does not count:"
        " it has a value of relay that this setting does not take"
    )
    lab.override(locked=True)
    assert read(lab).problem == "the settings name no project key"


@pytest.mark.parametrize(
    "host",
    [
        "eu.i.posthog.com",
        "http://eu.i.posthog.com",
        "http://127.0.0.1.evil.example",
        "ftp://localhost",
        "https://",
        "https://user@eu.i.posthog.com",
        "https://user:password@eu.i.posthog.com",
        "https://school.example?key=1",
        "https://school.example#part",
        "https://school.example/a b",
        "https://eu.i.posthog.com:port",
        "https://[::1",
        "https://straße.example",
    ],
)
def test_a_host_that_is_refused_leads_nowhere(lab: Lab, host: str) -> None:
    lab.save(host=host, projectKey=KEY)
    found = read(lab)
    assert found.destination is None
    assert found.problem is not None
    assert found.problem.startswith(
        "the settings name no place that can be used. The host is refused: "
    )
    assert "password@" not in found.problem


@pytest.mark.parametrize("key", ["  ", "phx_personal", "phc key", "phc_é", "phc_\x00", "k" * 65])
def test_a_key_that_is_refused_leads_nowhere(lab: Lab, key: str) -> None:
    lab.save(host=HOST, projectKey=key)
    found = read(lab)
    assert found.destination is None
    assert found.problem is not None
    assert " key is " in found.problem
    assert "personal" not in found.problem or key == "phx_personal"


@pytest.mark.parametrize("value", [7, ["https://eu.i.posthog.com"], {"a": 1}, True])
def test_an_administrators_value_of_the_wrong_kind_leads_nowhere(lab: Lab, value: Any) -> None:
    for values in ({"host": value, "projectKey": KEY}, {"host": HOST, "projectKey": value}):
        lab.override(**values, locked=True)
        found = read(lab)
        assert found.destination is None
        assert found.problem is not None
        assert found.problem.startswith("the settings ")


@pytest.mark.parametrize(
    "host", ["http://localhost:9", "http://[::1]:9", "https://localhost/p", "https://x.example:8"]
)
def test_loopback_hosts_spaces_and_paths_are_taken(lab: Lab, host: str) -> None:
    lab.save(host=f" {host}/ ", projectKey=f" {KEY} ")
    assert read(lab).destination == Destination(host, KEY)
    lab.save(host="  ", projectKey=KEY)
    assert read(lab).destination == Destination("https://us.i.posthog.com", KEY)


def test_a_damaged_file_leads_nowhere_and_says_so(lab: Lab) -> None:
    lab.override(host=HOST, projectKey=KEY)
    lab.save()
    lab.user_file.write_text('{"host": "https://secret.example"')
    assert read(lab) == InForce(None, "the settings cannot be read: a file is damaged")


def test_a_server_without_the_front_end_or_without_jupyterlab_leads_nowhere(
    lab: Lab, tmp_path: Path
) -> None:
    unknown = read(lab, labextensions_path=[str(tmp_path / "nothing")])
    assert unknown.problem == "the settings are unknown: JupyterLab finds no ipynb-telemetry"
    bare = SimpleNamespace(extension_manager=SimpleNamespace(extension_apps={}))
    settings = ServerSettings(bare, logging.getLogger("ipynb_telemetry"))
    assert settings.read() == InForce(
        None, "the settings are unknown: this Jupyter server runs no JupyterLab"
    )


def test_files_are_read_again_when_they_are_saved_and_not_at_each_look(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    readings: list[Any] = []
    load = json.load

    def count_load(file: Any) -> Any:
        readings.append(file)
        return load(file)

    monkeypatch.setattr("json.load", count_load)
    settings = ServerSettings(server(lab), logging.getLogger("ipynb_telemetry"))
    lab.save(host=HOST, projectKey=KEY)
    assert settings.read().destination == POSTHOG
    count = len(readings)
    assert count > 0
    for _ in range(5):
        assert settings.read().destination == POSTHOG
    assert len(readings) == count
    lab.save(host=HOST, projectKey="phc_k2y")  # as long as before
    assert settings.read().destination == Destination(HOST, "phc_k2y")
    # What an administrator changed is noticed a little later.
    lab.override(locked=True, projectKey="phc_admin")
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now + 31)
    assert settings.read().destination == Destination("https://us.i.posthog.com", "phc_admin")
