# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""IPython in a terminal: no kernel, no messages, and a student who types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pexpect

from .directkernel import ANN, environment, written
from .frontend import TIMEOUT


def terminal_of(tmp_path: Path) -> pexpect.spawn:
    return pexpect.spawn(
        sys.executable,
        ["-m", "IPython", "--simple-prompt", "--no-banner", "--colors=NoColor"],
        cwd=str(tmp_path),
        env={**environment(tmp_path), "TERM": "dumb"},
        timeout=TIMEOUT,
        encoding="utf-8",
        dimensions=(50, 500),
    )


def leave(terminal: pexpect.spawn) -> None:
    terminal.expect(r"In \[\d+\]: ")
    terminal.sendline("exit")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_a_student_in_a_terminal_is_asked_and_each_input_is_a_run(tmp_path: Path) -> None:
    terminal = terminal_of(tmp_path)
    for line in (
        "from ipynb_telemetry.bootstrap import *",
        "setup_telemetry('D1')",
    ):
        terminal.expect(r"In \[\d+\]: ")
        terminal.sendline(line)
    for prompt, answer in (("First name: ", "Ann"), ("Last name: ", "Lee")):
        terminal.expect_exact(prompt)
        terminal.sendline(answer)
    terminal.expect_exact("ipynb-telemetry: on for ANN-LEE in D1, events stay in ")
    for line, shown in (("print('one'); 6 * 7", "42"), ("1 / 0", "ZeroDivisionError: division")):
        terminal.expect(r"In \[\d+\]: ")
        terminal.sendline(line)
        terminal.expect_exact(shown)
    leave(terminal)
    events = written(tmp_path)
    assert [event["event"] for event in events] == [
        *("session_started", "consent_given", *["cell_executed"] * 4, "session_ended")
    ]
    call, fine, failed, left = (event["properties"] for event in events[2:-1])
    assert call["code"] == "setup_telemetry('D1')"
    assert call["output"].startswith("ipynb-telemetry: on for ANN-LEE in D1, ")
    assert (fine["code"], fine["status"]) == ("print('one'); 6 * 7", "ok")
    assert fine["output"].splitlines()[0] == "one"
    assert "Out[3]: 42" in fine["output"]
    assert (failed["status"], failed["error"]["name"]) == ("error", "ZeroDivisionError")
    assert left["code"] == "exit"


def test_a_call_whose_output_goes_elsewhere_leaves_the_streams_as_they_are(tmp_path: Path) -> None:
    terminal = terminal_of(tmp_path)
    call = f"setup_telemetry('D1', {ANN})"
    for line in (
        "import contextlib, io, sys; from ipynb_telemetry.bootstrap import *; own = sys.stdout",
        f"with contextlib.redirect_stdout(io.StringIO()): {call}\n",
        "print('shown', sys.stdout._stream is own)",
        call.replace("D1", "D2"),
        "print('again', sys.stdout._stream is own)",
    ):
        terminal.expect(r"In \[\d+\]: ")
        terminal.sendline(line)
        if line.startswith("print"):
            terminal.expect_exact(f"{line[7:12]} True")
    leave(terminal)


def test_what_is_written_is_taken_in_the_cell_of_the_call_and_the_streams_given_back(
    tmp_path: Path,
) -> None:
    script = """
import sys
from IPython.core.interactiveshell import InteractiveShell
shell, streams = InteractiveShell.instance(), (sys.stdout, sys.stderr)
shell.run_cell("from ipynb_telemetry.bootstrap import setup_telemetry", store_history=True)
for notebook in ("D1", "D2"):
    call = f"setup_telemetry('{notebook}', student_name='Ann Lee'); print('and more')"
    shell.run_cell(call, store_history=True)
    assert (sys.stdout, sys.stderr) == streams, sys.stdout
"""
    command = [sys.executable, "-c", script]
    subprocess.run(command, env=environment(tmp_path), timeout=TIMEOUT, check=True, cwd=tmp_path)
    runs = [event for event in written(tmp_path) if event["event"] == "cell_executed"]
    assert [event["properties"]["notebook"] for event in runs] == ["D1", "D2"]
    for event in runs:
        said, more = event["properties"]["output"].splitlines()
        assert said.startswith("ipynb-telemetry: on for ANN-LEE in D")
        assert more == "and more"
