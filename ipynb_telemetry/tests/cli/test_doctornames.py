"""doctor, where students go by codes: what is missing for that, and a secret that is not kept."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ipynb_telemetry import __version__
from ipynb_telemetry.settings.hubcollector import VARIABLE

from ..support.commandline import CommandLine, found
from ..support.settingsfiles import install_front_end


@pytest.fixture
def coded(telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A machine whose settings say that students go by codes."""
    install_front_end(telemetry, __version__)
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    monkeypatch.setattr("ipynb_telemetry.cli.checks.kernel.kernels", lambda config: iter(()))
    assert telemetry("configure", "--identity", "pseudonym").status == 0
    Path("class.csv").write_text("id,name,staff\ns-1,Ann Lee,\nt-1,Tess,yes\n")
    return telemetry


def names(telemetry: CommandLine, status: int = 0) -> list[str]:
    outcome = telemetry("doctor", "--json", "--no-network")
    assert outcome.status == status, outcome.out
    return found(outcome, "names")


def test_a_roster_is_missing_and_then_it_is_not(coded: CommandLine) -> None:
    (told,) = names(coded)
    assert told.startswith("note: students go by codes, and no roster is kept here")
    assert "Keep the roster: jupyter telemetry roster FILE" in coded("doctor", "--no-network").out
    coded("roster", "class.csv")
    assert names(coded) == ["ok: 1 student has a code by the roster: jupyter telemetry codes"]


def test_a_secret_that_is_damaged_or_open_to_others_is_told_of(coded: CommandLine) -> None:
    coded("roster", "class.csv")
    coded("codes")
    assert len(names(coded)) == 1
    secret = coded.data / "ipynb_telemetry" / "events.sqlite3.secret"
    secret.chmod(0o640)
    told = names(coded, 1)
    assert told[0] == f"bad: others may read {secret}, by which they can tell whose each code is"
    assert f"chmod 600 {secret}" in coded("doctor", "--no-network").out
    os.truncate(secret, 10)
    coded("configure", "--identity", "prompt")
    (damage,) = names(coded, 1)
    assert damage.startswith(f"bad: {secret} is no secret of codes")


def test_with_posthog_codes_are_made_of_a_file(coded: CommandLine) -> None:
    coded("configure", "--project-key", "phc_abcdefghijklmnop")
    (told,) = names(coded)
    assert told.startswith("ok: students type codes, which PostHog cannot tell them")
    coded("configure", "--project-key", "tcw_0123456789abcdef0123456789abcdef")
    assert names(coded) == ["ok: students go by codes, as the class collector offers them"]


def test_codes_are_promised_in_vain_where_a_hubs_collector_keeps_accounts(
    coded: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:9/services/telemetry-cs1")
    (told,) = names(coded, 1)
    assert told.startswith("bad: students are to go by codes, and the hub's collector keeps events")
    assert "which is no service of the hub" in coded("doctor", "--no-network").out
    coded("configure", "--identity", "prompt")
    assert names(coded) == []


def test_where_students_go_by_names_nothing_is_said(coded: CommandLine) -> None:
    coded("configure", "--identity", "prompt")
    assert names(coded) == []
