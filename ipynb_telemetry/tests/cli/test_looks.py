"""What a terminal of 80 columns shows."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from ..support.commandline import EXAMPLE, CommandLine
from ..support.settingsfiles import install_front_end, overrides
from ..support.terminal import COLUMNS, on_a_terminal, shown

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal")

LONG = Path("a_week_with_a_long_name/D3_A_Notebook_With_A_Very_Long_Name.ipynb")


@pytest.fixture
def course(telemetry: CommandLine) -> CommandLine:
    LONG.parent.mkdir()
    for path in (Path("D1.ipynb"), LONG):
        shutil.copy(EXAMPLE, path)
    telemetry("disable", "D1.ipynb")
    install_front_end(telemetry)
    telemetry("configure", "--privacy-notice", "Say what is collected and who sees it. " * 5)
    return telemetry


def test_tables_fit_and_nothing_of_them_is_lost(course: CommandLine) -> None:
    for arguments in (("status", "."), ("configure", "--show"), ("doctor", "--dry-run")):
        lines = shown(on_a_terminal(*arguments))
        # A path that is longer than a line stays whole, outside of the columns.
        assert [line for line in lines if len(line) > COLUMNS and " " in line.strip()] == []
    lines = shown(on_a_terminal("status", "."))
    first = next(i for i, line in enumerate(lines) if line.startswith("a_week"))
    assert "".join(line.partition(" ")[0] for line in lines[first:]).startswith(str(LONG))


def test_states_have_colours_and_bad_stands_out(course: CommandLine) -> None:
    status = on_a_terminal("status", ".")
    assert re.search(r"\x1b\[32mon\b", status)
    assert re.search(r"\x1b\[2moff\b", status)
    overrides(course).write_text("{")
    assert re.search(r"\x1b\[1;37;41mBAD", on_a_terminal("doctor", "--dry-run"))


def test_without_colours_the_words_are_the_same(course: CommandLine) -> None:
    overrides(course).write_text("{")
    for arguments in (("status", ".", "gone.ipynb"), ("doctor", "--dry-run")):
        plain = on_a_terminal(*arguments, NO_COLOR="1")
        assert not re.search(r"\x1b\[[0-9;]*m", plain)
        coloured = on_a_terminal(*arguments)
        assert [line.rstrip() for line in shown(plain)] == [
            line.rstrip() for line in shown(coloured)
        ]
    assert "BAD " in plain


def test_a_document_is_the_same_on_a_terminal(course: CommandLine) -> None:
    document = course("configure", "--json").document
    assert json.loads("\n".join(shown(on_a_terminal("configure", "--json")))) == document
    assert document["settings"]["host"]["from"].endswith("plugin.json")


def test_the_settings_in_force_name_their_files_once_and_defaults_none(course: CommandLine) -> None:
    told = shown(on_a_terminal("configure"))
    lines = [line.split() for line in told]
    rows = {words[0]: words[-1] for words in lines if words}
    assert rows["privacyNotice"] == "overrides.json"
    assert rows["captureCode"] == rows["host"] == "default"
    # A path that is wider than the terminal goes on in the next line.
    assert "".join(line.strip() for line in told).count(str(overrides(course))) == 1
