"""The reference of the command line says what the command line does."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ipynb_telemetry.cli.main import VERBS, parsers
from ipynb_telemetry.cli.reference import reference

from ..support.commandline import EXAMPLE, CommandLine
from ..support.notebooks import unflagged
from ..support.settingsfiles import install_front_end, overrides

OVERRIDES = "/opt/jupyter/share/jupyter/lab/settings/overrides.json"


def test_the_page_has_every_verb_and_every_option() -> None:
    page = reference()
    _, verbs = parsers()
    for name, parser in verbs.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert f"usage: jupyter telemetry {name}" in section
        rows = re.findall(r"^\| `(.+?)` \|", section, re.MULTILINE)
        for option in parser.options():
            assert any(option in row for row in rows), (name, option)
        assert f"```text\n{VERBS[name].OUTPUT.strip()}\n```" in section
    assert "--api-key" not in page
    assert "%(" not in page
    assert "\x1b" not in page
    # Each row has as many cells as the head of its table.
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}
    assert reference() == page


@pytest.fixture(autouse=True)
def _columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")  # put back after the test, whatever the page sets


@pytest.mark.parametrize("verb", ["enable", "disable", "status", "outline", "configure", "notice"])
def test_the_output_of_a_verb_is_what_is_said(telemetry: CommandLine, verb: str) -> None:
    install_front_end(telemetry)
    unflagged("course/D1_Python_Tooling.ipynb")
    shutil.copy(EXAMPLE, "course/D2_Pandas.ipynb")
    telemetry("enable", "course/D2_Pandas.ipynb", "--id", "D2_Pandas")
    command, _, output = VERBS[verb].OUTPUT.partition("\n")
    outcome = telemetry(*shlex.split(command)[3:])
    said = (outcome.out + outcome.err).replace(str(overrides(telemetry)), OVERRIDES)
    assert said.replace("\\", "/") == output


def test_the_doctors_output_has_the_subjects_in_their_order(telemetry: CommandLine) -> None:
    install_front_end(telemetry)
    outcome = telemetry("doctor", "--dry-run")
    subject = re.compile(r"^(?:ok|note|BAD) +([a-z]+(?: [a-z]+)?)  ", re.MULTILINE)
    real = subject.findall(outcome.out)
    told = subject.findall(VERBS["doctor"].OUTPUT)
    assert [each for each in told if each in real] == [each for each in real if each in told]
    assert {*real} <= {*told}


def test_the_examples_of_each_verb_are_understood() -> None:
    parser, _ = parsers()
    for verb in VERBS.values():
        for line in verb.EXAMPLES.splitlines()[1:]:
            words = shlex.split(line.partition("   (")[0])
            assert words[:2] == ["jupyter", "telemetry"]
            parser.parse_args(words[2:])


def test_it_is_printed_by_a_module_of_its_own() -> None:
    command = [sys.executable, "-m", "ipynb_telemetry.cli.reference"]
    ran = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "COLUMNS": "9"}
    )
    assert ran.stdout == reference()


def test_the_page_of_the_documentation_is_the_one_the_parsers_make() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "command-line.md"
    assert page.read_text("utf-8") == reference(), "npm run docs writes the page"
