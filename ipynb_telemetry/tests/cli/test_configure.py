"""configure: what it writes is what a real JupyterLab reads."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from ..support.commandline import CommandLine
from ..support.lab import SCHEMA
from ..support.settingsfiles import install_front_end, overrides, put, user_overrides

HOST, KEY = "https://eu.i.posthog.com", "phc_abcdefghijklmnop"
PLUGIN = "ipynb-telemetry:plugin"


def test_it_makes_the_file_and_says_where(telemetry: CommandLine) -> None:
    outcome = telemetry("configure", "--host", f"{HOST}/", "--project-key", f" {KEY} ", "--lock")
    assert outcome.status == 0, outcome.err
    path = overrides(telemetry)
    assert str(path) in outcome.out
    assert "restart" in outcome.err
    assert (
        path.read_text()
        == json.dumps({PLUGIN: {"projectKey": KEY, "host": HOST, "locked": True}}, indent=2) + "\n"
    )
    before = path.stat().st_mtime_ns
    outcome = telemetry("configure", "--host", HOST)
    assert "nothing to change" in outcome.out
    assert path.stat().st_mtime_ns == before


def test_what_else_is_in_the_file_stays_as_it_is(telemetry: CommandLine) -> None:
    text = f"""{{
    "@jupyterlab/apputils-extension:themes": {{"theme": "JupyterLab Dark"}},

    "{PLUGIN}": {{
        "projectKey": "phc_old",
        "events": {{ "blur":false }}
    }}
}}"""
    path = put(overrides(telemetry), text)
    assert telemetry("configure", "--project-key", KEY, "--no-lock", "--relay").status == 0
    assert path.read_text() == text.replace("phc_old", KEY).replace(
        '{ "blur":false }', '{ "blur":false },\n        "relay": true,\n        "locked": false'
    )


def test_every_setting_has_an_option(telemetry: CommandLine) -> None:
    put(overrides(telemetry), {PLUGIN: {"events": {"focus": False}, "maxCharacters": 5}})
    outcome = telemetry(
        *("configure", "--project-key", KEY, "--host", HOST, "--relay", "--lock"),
        *("--certificate", ":".join(["AB"] * 32)),
        *("--identity", "jupyter-user", "--privacy-notice", "We see 100 % of it."),
        *("--no-capture-code", "--no-capture-output", "--max-characters", "0"),
        *("--events", "blur=off", "hint_used=off", "--events", "paste=on"),
        *("--test-sources", "otter=off"),
        *("--secret-patterns", "COURSE-[A-Z0-9]{8}", "--keep-secrets"),
        *("--names", "any", "--pause", "limited"),
        *("--consent", "opt-in", "--shared-computer"),
        *("--notice", "contact=The data officer, room 12", "policy="),
    )
    assert outcome.status == 0, outcome.err
    written = json.loads(overrides(telemetry).read_text())[PLUGIN]
    assert written == {
        "projectKey": KEY,
        "host": HOST,
        "relay": True,
        "certificate": "ab" * 32,
        "identity": "jupyter-user",
        "names": "any",
        "pause": "limited",
        "privacyNotice": "We see 100 % of it.",
        "captureCode": False,
        "captureOutput": False,
        "maxCharacters": 0,
        "secretPatterns": "COURSE-[A-Z0-9]{8}",
        "keepSecrets": True,
        "locked": True,
        "events": {"focus": False, "blur": False, "hint_used": False, "paste": True},
        "testSources": {"otter": False},
        "consent": "opt-in",
        "sharedComputer": True,
        "notice": {"contact": "The data officer, room 12", "policy": ""},
    }
    assert written.keys() == json.loads(SCHEMA.read_text())["properties"].keys()
    before = overrides(telemetry).read_text()
    assert "nothing to change" in telemetry("configure", "--events", "blur=off").out
    assert overrides(telemetry).read_text() == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--max-characters", "100001"), "from 0 to 100000, not 100001"),
        (("--max-characters", "many"), "invalid int value: 'many'"),
        (("--identity", "nobody"), "invalid choice: 'nobody'"),
        (("--events", "blurr=off"), "events has no 'blurr'; did you mean blur?"),
        (("--events", "blur"), "blur does not say whether blur is on or off: blur=off"),
        (("--events", "blur=no"), "on or off"),
        (("--events", "a b=off"), "events has no 'a b'"),
        (("--test-sources", "oter=off"), "testSources has no 'oter'; did you mean otter?"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    telemetry: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    outcome = telemetry("configure", *arguments)
    assert outcome.status == 2
    assert words in outcome.err
    assert not overrides(telemetry).exists()


@pytest.mark.parametrize("text", ["{", "[]", f'{{"{PLUGIN}": []}}', '{"a": 1} // mine'])
def test_a_file_that_is_not_understood_is_left_alone(telemetry: CommandLine, text: str) -> None:
    path = put(overrides(telemetry), text)
    outcome = telemetry("configure", "--host", HOST)
    assert outcome.status == 1
    assert str(path) in outcome.err
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--project-key", "phx_hidden"), "personal and secret"),
        (("--project-key", "phc_ hidden"), "characters no project key has"),
        (("--project-key", "phc_ü"), "characters no project key has"),
        (("--project-key", "p" * 65), "longer than 64"),
        (("--project-key", "  "), "missing"),
        (("--host", "http://posthog.example.org"), "https://"),
        (("--host", "https://user:hidden@example.org"), "password"),
        (("--host", "https://example.org/?hidden"), "query"),
        (("--host", "https://example.org/#hidden"), "query"),
        (("--host", ""), "https://"),
    ],
)
def test_what_the_settings_refuse_is_refused(
    telemetry: CommandLine, option: tuple[str, str], words: str
) -> None:
    outcome = telemetry("configure", "--lock", *option)
    assert outcome.status == 2
    assert words in outcome.err
    assert "hidden" not in outcome.err
    assert not telemetry.application.exists()


def test_an_empty_key_keeps_events_on_the_server(telemetry: CommandLine) -> None:
    assert telemetry("configure", "--project-key", "").status == 0
    assert json.loads(overrides(telemetry).read_text()) == {PLUGIN: {"projectKey": ""}}


def test_a_dry_run_writes_nothing(telemetry: CommandLine) -> None:
    outcome = telemetry("configure", "--host", HOST, "--dry-run", "--json")
    assert outcome.document["changed"] is True
    assert outcome.document["path"] == str(overrides(telemetry))
    assert not telemetry.application.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_stay_and_a_new_file_is_for_all_to_read(telemetry: CommandLine) -> None:
    telemetry("configure", "--host", HOST)
    assert stat.S_IMODE(overrides(telemetry).stat().st_mode) & 0o444 == 0o444
    overrides(telemetry).chmod(0o664)
    telemetry("configure", "--project-key", KEY)
    assert stat.S_IMODE(overrides(telemetry).stat().st_mode) == 0o664


def test_show_tells_which_file_each_value_is_from(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    put(overrides(telemetry), {PLUGIN: {"host": HOST, "projectKey": KEY, "relay": True}})
    put(
        overrides(telemetry).with_name("overrides.json5"),
        f"{{'{PLUGIN}': {{relay: null, captureCode: false,}}}} // JSON5",
    )
    put(overrides(telemetry).parent / "overrides.d" / "a.json", {PLUGIN: {"maxCharacters": 5}})
    put(user_overrides(telemetry), {PLUGIN: {"events": {"blur": False}}})
    user = telemetry.config / "lab" / "user-settings" / "ipynb-telemetry"
    put(user / "plugin.jupyterlab-settings", '{"host": "https://us.i.posthog.com", /* mine */}')
    outcome = telemetry("configure", "--json")
    assert outcome.status == 0, outcome.err
    settings = outcome.document["settings"]
    origins = {
        "host": ("https://us.i.posthog.com", "plugin.jupyterlab-settings"),
        "projectKey": ("phc_abcd…", "overrides.json"),
        "relay": (False, "plugin.json"),
        "captureCode": (False, "overrides.json5"),
        "captureOutput": (True, "plugin.json"),
        "maxCharacters": (5, "a.json"),
        "events.blur": (False, "default_setting_overrides.json"),
    }
    for name, (value, file) in origins.items():
        assert settings[name]["value"] == value
        assert Path(settings[name]["from"]).name == file
    assert KEY not in telemetry("configure", "--show").out
    # Locked, the user's own value does not count.
    assert telemetry("configure", "--lock").status == 0
    assert telemetry("configure", "--json").document["settings"]["host"]["value"] == HOST


def test_switches_of_the_user_stand_instead_of_the_administrators(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    put(overrides(telemetry), {PLUGIN: {"events": {"blur": False}, "captureCode": False}})
    user = telemetry.config / "lab" / "user-settings" / "ipynb-telemetry"
    put(user / "plugin.jupyterlab-settings", {"events": {"focus": False}})

    def off() -> set[str]:
        settings = telemetry("configure", "--json").document["settings"]
        names = ("captureCode", "events.blur", "events.focus")
        return {name for name in names if settings.get(name, {}).get("value") is False}

    assert off() == {"captureCode", "events.focus"}
    assert telemetry("configure", "--lock").status == 0
    assert off() == {"captureCode", "events.blur"}


def test_switches_of_several_files_count_together(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    ours = {"testSources": {"otter": False, "pytest": False}, "events": {"blur": False}}
    theirs = {"testSources": {"doctest": False, "pytest": None}, "events": None}
    put(overrides(telemetry), {PLUGIN: ours})
    put(overrides(telemetry).with_suffix(".json5"), {PLUGIN: theirs})
    # Jupyter takes a null out of this file before JupyterLab sees it.
    put(user_overrides(telemetry), {PLUGIN: {"testSources": {"otter": None}}})
    settings = telemetry("configure", "--json").document["settings"]
    switches = {
        name: Path(setting["from"]).name
        for name, setting in settings.items()
        if name.startswith(("testSources", "events"))
    }
    assert switches == {
        "testSources.otter": "overrides.json",
        "testSources.doctest": "overrides.json5",
    }


def test_a_value_that_another_file_overrides_is_a_problem(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    put(user_overrides(telemetry), {PLUGIN: {"host": "https://us.i.posthog.com"}})
    outcome = telemetry("configure", "--host", HOST)
    assert outcome.status == 1
    assert f"{user_overrides(telemetry)} also sets host, and wins" in outcome.err


def test_a_broken_file_and_a_refused_key_in_force_are_problems(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    put(overrides(telemetry), "{")
    put(user_overrides(telemetry), {PLUGIN: {"projectKey": "phx_hidden"}})
    outcome = telemetry("configure", "--show")
    assert outcome.status == 1
    assert "JupyterLab ignores it" in outcome.err
    assert "personal and secret" in outcome.err
    assert "hidden" not in outcome.out + outcome.err
    assert "(refused)" in outcome.out


@pytest.fixture
def configured(
    request: pytest.FixtureRequest,
    telemetry: CommandLine,
    jp_environ: None,
    monkeypatch: pytest.MonkeyPatch,
) -> CommandLine:
    """Before the server starts: it reads these files once."""
    # The server's fixtures have folders of their own.
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(telemetry.data))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(telemetry.config))
    install_front_end(telemetry)
    for arguments in request.param:
        assert telemetry("configure", *arguments).status == 0
    return telemetry


@pytest.fixture
def jp_server_config(configured: CommandLine) -> dict[str, Any]:
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab": True}},
        "LabApp": {
            "app_dir": str(configured.application),
            "app_settings_dir": str(configured.application / "settings"),
            "user_settings_dir": str(configured.config / "lab" / "user-settings"),
            "extra_labextensions_path": [str(configured.data / "labextensions")],
        },
    }


ALL_USERS = ("--host", HOST, "--project-key", KEY, "--lock")
ONE_USER = ("--host", "https://us.i.posthog.com", "--for", "user")


@pytest.mark.parametrize(
    ("configured", "host"),
    [
        ([ALL_USERS], HOST),
        ([(*ALL_USERS, "--for", "user")], HOST),
        ([ALL_USERS, ONE_USER], "https://us.i.posthog.com"),
    ],
    indirect=["configured"],
)
async def test_a_real_jupyterlab_has_these_values_as_its_defaults(
    configured: CommandLine, jp_fetch: Any, host: str
) -> None:
    answer = await jp_fetch("lab", "api", "settings", PLUGIN)
    properties = json.loads(answer.body)["schema"]["properties"]
    assert properties["host"]["default"] == host
    assert properties["projectKey"]["default"] == KEY
    assert properties["locked"]["default"] is True
    # What configure shows is what this JupyterLab has.
    shown = configured("configure", "--json").document["settings"]
    for name in ("host", "locked", "relay", "captureOutput", "maxCharacters", "privacyNotice"):
        assert shown[name]["value"] == properties[name]["default"]


@pytest.mark.parametrize("configured", [[ALL_USERS]], indirect=True)
async def test_a_running_jupyterlab_takes_no_notice_before_it_is_restarted(
    configured: CommandLine, jp_fetch: Any
) -> None:
    configured("configure", "--host", "https://us.i.posthog.com")
    answer = await jp_fetch("lab", "api", "settings", PLUGIN)
    assert json.loads(answer.body)["schema"]["properties"]["host"]["default"] == HOST


def test_a_setting_is_taken_out_again_and_so_is_a_misspelt_one(telemetry: CommandLine) -> None:
    text = f"""{{
  "{PLUGIN}": {{
    "host": "{HOST}",
    "captureOutputs": false,
    "events": {{"blur": false, "focus": false}}
  }}
}}
"""
    path = put(overrides(telemetry), text)
    outcome = telemetry(
        *("configure", "--unset", "captureOutputs", "events.blur", "relay", "--max-characters", "9")
    )
    assert outcome.status == 0, outcome.err
    assert f"{path} does not set relay" in outcome.err
    assert json.loads(path.read_text()) == {
        PLUGIN: {"host": HOST, "events": {"focus": False}, "maxCharacters": 9}
    }
    assert telemetry("configure", "--unset", "host", "--dry-run").status == 0
    assert json.loads(path.read_text())[PLUGIN]["host"] == HOST

    before = path.read_bytes()
    outcome = telemetry("configure", "--unset", "host", "--host", HOST)
    assert (outcome.status, path.read_bytes()) == (2, before)
    assert "host is to be set and to be taken out" in outcome.err
    outcome = telemetry("configure", "--unset", "events.blur.x", "nothing")
    assert (outcome.status, path.read_bytes()) == (0, before)
    assert "nothing to change" in outcome.out
    assert telemetry("configure", "--unset", "events", "events.focus", "host", "host").status == 0
    assert json.loads(path.read_text()) == {PLUGIN: {"maxCharacters": 9}}


def test_where_there_is_no_file_nothing_is_taken_out_and_none_is_made(
    telemetry: CommandLine,
) -> None:
    outcome = telemetry("configure", "--unset", "host")
    assert outcome.status == 0, outcome.err
    assert "nothing to change" in outcome.out
    assert not overrides(telemetry).exists()
