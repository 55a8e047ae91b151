"""The command as it is typed: its entry points, its help, its exit statuses, its start."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry import __version__
from ipynb_telemetry.cli.main import VERBS

from ..support.commandline import EXAMPLE, CommandLine
from ..support.terminal import on_a_terminal, shown

SCRIPTS = Path(sys.executable).parent
ENTRIES = {
    "jupyter telemetry": [str(SCRIPTS / "jupyter"), "telemetry"],
    "jupyter-telemetry": [str(SCRIPTS / "jupyter-telemetry")],
    "python -m": [sys.executable, "-m", "ipynb_telemetry"],
}
NAMES = [*VERBS]


def run(*command: str, **options: Any) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(SCRIPTS), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "PYTHONUTF8": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, **options)


@pytest.mark.parametrize("entry", ENTRIES)
def test_every_way_to_call_it_does_the_same(telemetry: CommandLine, entry: str) -> None:
    shutil.copy(EXAMPLE, "D1.ipynb")
    Path("broken.ipynb").write_text("{")
    ran = run(*ENTRIES[entry], "status", ".", "--json")
    assert ran.returncode == 1
    document = json.loads(ran.stdout)
    assert document["notebooks"][0]["id"] == "D1_Python_Tooling"
    assert "broken.ipynb is not JSON" in document["problems"][0]
    assert ran.stderr == ""
    assert run(*ENTRIES[entry], "--version").stdout == f"ipynb-telemetry {__version__}\n"


@pytest.mark.parametrize("verb", NAMES)
def test_each_verb_has_help_with_an_example_and_the_exit_statuses(
    telemetry: CommandLine, verb: str
) -> None:
    outcome = telemetry(verb, "--help")
    assert outcome.status == 0
    assert f"usage: jupyter telemetry {verb}" in outcome.out
    assert f"\n  jupyter telemetry {verb} " in f"{outcome.out} ".replace(f"{verb}\n", f"{verb} \n")
    for option in ("--json", "--dry-run", "exit status: 0"):
        assert option in outcome.out
    # Python 3.10 puts what a longer verb does on the next line.
    assert re.search(rf"^    {verb}\s", telemetry("--help").out, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "usage", "words"),
    [
        (("enabel", "x"), "usage: jupyter telemetry [-h]", "'enabel'; did you mean enable?"),
        (("frobnicate",), "usage: jupyter telemetry [-h]", "no verb 'frobnicate'\n"),
        (("enable",), "usage: jupyter telemetry enable", "required: NOTEBOOK"),
        (("status", "x", "--id", "y"), "usage: jupyter telemetry status", "no option --id\n"),
        (("configure", "--hots=x"), "usage: jupyter telemetry configure", "mean --host?"),
        (("configure", "--key", "x"), "telemetry configure", "did you mean --project-key?"),
        (("doctor", "now"), "usage: jupyter telemetry doctor", "now is not expected here"),
        (("export", "--format", "xls"), "usage: jupyter telemetry export", "invalid choice: 'xls'"),
    ],
)
def test_wrong_arguments_are_an_exit_status_of_2(
    telemetry: CommandLine, arguments: tuple[str, ...], usage: str, words: str
) -> None:
    outcome = telemetry(*arguments)
    assert outcome.status == 2
    assert usage in outcome.err
    assert words in outcome.err.splitlines(keepends=True)[-1]
    assert outcome.out == ""


def test_alone_it_shows_its_help(telemetry: CommandLine) -> None:
    outcome = telemetry()
    assert outcome.status == 0
    assert outcome == telemetry("--help")
    assert outcome.err == ""


def test_it_starts_without_what_is_slow(telemetry: CommandLine) -> None:
    code = (
        "import sys; from ipynb_telemetry.cli.main import main; main(['--help']);"
        "slow = {'nbformat', 'jupyter_server', 'jupyterlab', 'jupyter_client', 'tornado',"
        " 'pyarrow', 'rich', 'traitlets', 'IPython', 'sqlite3', 'urllib.request'};"
        "sys.exit(' '.join(slow & set(sys.modules)) or 0)"
    )
    ran = run(sys.executable, "-c", code)
    assert ran.stderr == ""
    assert ran.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminal")
def test_progress_is_shown_on_a_terminal_and_nowhere_else(telemetry: CommandLine) -> None:
    shutil.copy(EXAMPLE, "D1.ipynb")
    assert run(*ENTRIES["python -m"], "status", ".").stderr == ""
    told = on_a_terminal("status", ".")
    assert "1 of 1 notebooks" in told
    assert not any("1 of 1 notebooks" in line for line in shown(told)), shown(told)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_interrupted_it_says_so_and_leaves_no_half_file(telemetry: CommandLine) -> None:
    # The command interrupts itself at the worst moment: all is written, nothing is in its place.
    shutil.copy(EXAMPLE, "D1.ipynb")
    code = (
        "import os, signal, sys; from ipynb_telemetry.cli.main import main;"
        "from ipynb_telemetry.notebooks import atomicfile;"
        f"atomicfile.os.replace = lambda *_: os.kill(os.getpid(), {int(signal.SIGINT)});"
        "sys.exit(main(['disable', 'D1.ipynb']))"
    )
    ran = run(sys.executable, "-c", code)
    assert ran.returncode == 130
    assert ran.stderr.strip() == "jupyter telemetry disable: interrupted"
    assert Path("D1.ipynb").read_bytes() == EXAMPLE.read_bytes()
    assert os.listdir() == ["D1.ipynb"]


def test_an_output_that_lacks_characters_is_no_failure(telemetry: CommandLine) -> None:
    shutil.copy(EXAMPLE, "Übung–1.ipynb")  # noqa: RUF001
    command = [*ENTRIES["python -m"], "status", "."]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    ran = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert ran.returncode == 0, ran.stderr
    assert "\\xdcbung" in ran.stdout
