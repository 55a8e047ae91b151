"""What becomes of a notebook's file when a command changes the notebook."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from ipynb_telemetry.notebooks.errors import NotebookError
from ipynb_telemetry.notebooks.notebookfile import NotebookFile

from ..support.commandline import CommandLine
from ..support.notebooks import flag_of, unflagged


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_permissions_and_links_stay(telemetry: CommandLine) -> None:
    path = unflagged("real/D1.ipynb")
    path.chmod(0o640)
    Path("link.ipynb").symlink_to(path)
    assert telemetry("enable", "link.ipynb").status == 0
    assert Path("link.ipynb").is_symlink()
    assert flag_of(path) == {"enabled": True, "notebook": "link"}
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir("real") == ["D1.ipynb"]


def test_a_failure_while_writing_leaves_the_notebook_whole(
    telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = unflagged()
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ipynb_telemetry.notebooks.atomicfile.os.fsync", full)
    outcome = telemetry("enable", path)
    assert outcome.status == 1
    assert "cannot be written: No space left on device" in outcome.err
    assert path.read_bytes() == before
    assert os.listdir() == ["D1.ipynb"]


def test_a_notebook_that_was_saved_meanwhile_is_not_overwritten(telemetry: CommandLine) -> None:
    path = unflagged()
    notebook = NotebookFile(path)
    notebook.set_flag(True, "D1")
    saved = path.read_bytes().replace(b"Day 1", b"Day one")
    path.write_bytes(saved)
    with pytest.raises(NotebookError, match="changed by somebody else"):
        notebook.write()
    assert path.read_bytes() == saved
