"""doctor and configure, where JupyterLab leaves out settings that somebody has made."""

from __future__ import annotations

import pytest

from ipynb_telemetry import __version__

from ..support.commandline import CommandLine, found
from ..support.lab import SCHEMA
from ..support.settingsfiles import install_front_end, overrides, put

USER_NAME = "plugin.jupyterlab-settings"


@pytest.fixture
def quick(telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    install_front_end(telemetry, __version__)
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    return telemetry


@pytest.mark.parametrize(
    ("text", "name", "rule"),
    [
        ('{"projectKey": "phc_mine", "relay": "yes"}', "relay", "must be true or false"),
        ('{"projectKey": ["phc_mine"]}', "projectKey", "must be a text"),
    ],
)
def test_a_file_of_the_users_that_jupyterlab_refuses_as_a_whole_is_named(
    quick: CommandLine, text: str, name: str, rule: str
) -> None:
    path = put(quick.config / "lab" / "user-settings" / "ipynb-telemetry" / USER_NAME, text)
    doctor = quick("doctor", "--dry-run", "--json")
    assert doctor.status == 1
    file, value = found(doctor, "settings")
    refused = f"{path} has a value of {name} that this setting does not take"
    assert file == f"bad: {refused}; JupyterLab ignores the whole file and says nothing"
    assert value == f"bad: {path}: {name} {rule}"
    assert doctor.document["advice"] == [f"Correct {name} in {path}"]
    assert doctor.document["settings"]["projectKey"]["value"] == '""'
    assert "phc_mine" not in doctor.out
    shown = quick("configure", "--show")
    assert shown.status == 1
    assert refused in shown.err


def test_a_name_that_nobody_knows_leaves_the_users_other_settings_in_force(
    quick: CommandLine,
) -> None:
    text = '{"maxCharacters": 99, "hots": "x"}'
    path = put(quick.config / "lab" / "user-settings" / "ipynb-telemetry" / USER_NAME, text)
    doctor = quick("doctor", "--dry-run", "--json")
    assert doctor.status == 1
    assert found(doctor, "settings") == [f"bad: {path}: hots is no setting"]
    assert doctor.document["settings"]["maxCharacters"]["value"] == 99
    shown = quick("configure", "--show")
    assert shown.status == 1
    assert f"{path}: hots is no setting" in shown.err


def test_a_damaged_file_of_the_users_is_not_said_to_be_ignored(quick: CommandLine) -> None:
    path = put(quick.config / "lab" / "user-settings" / "ipynb-telemetry" / USER_NAME, '{"host":')
    doctor = quick("doctor", "--dry-run", "--json")
    assert doctor.status == 1
    in_force, file = found(doctor, "settings")
    assert in_force == "bad: those in force cannot be read: a file is damaged"
    assert file.startswith(f"bad: {path} cannot be read: ")
    assert file.endswith("JupyterLab gives a page no settings of ours then")
    assert doctor.document["advice"] == [f"Correct {path}"]


def test_a_value_that_keeps_jupyterlab_from_reading_any_is_looked_for_in_the_files(
    quick: CommandLine,
) -> None:
    put(overrides(quick), {"ipynb-telemetry:plugin": {"events": True}})
    doctor = quick("doctor", "--dry-run", "--json")
    assert doctor.status == 1
    assert doctor.document["advice"] == [f"Correct events in {overrides(quick)}"]


def test_the_settings_of_a_jupyterlab_that_was_built_with_the_extension_are_read(
    telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    schema = put(
        telemetry.application / "schemas" / "ipynb-telemetry" / "plugin.json", SCHEMA.read_text()
    )
    telemetry("configure", "--project-key", "phc_a", "--relay")
    doctor = telemetry("doctor", "--dry-run", "--json")
    assert found(doctor, "relay") == [
        "ok: the Jupyter server sends to https://us.i.posthog.com;"
        f" the host is from {schema} and the key is from {overrides(telemetry)}"
    ]
