"""enable, disable and status, on real notebook files."""

from __future__ import annotations

import json
import os
import shutil
import stat
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ipynb_telemetry.notebook_cells import SETUP_CELL_ID, get_telemetry_setup_cell
from ipynb_telemetry.notebooks.notebookfile import NotebookError, NotebookFile
from ipynb_telemetry.notebooks.pythonsource import count_calls

from ..support.commandline import EXAMPLE, CommandLine

# What the first set-up cells began with.
FIRST_SETUP_CELL = Path(__file__).with_name("setupcell.txt")
FLAG_LINES = b"""\
  "ipynb_telemetry": {
   "enabled": true,
   "notebook": "D1_Python_Tooling"
  },
"""


def unflagged(path: str | Path = "D1.ipynb") -> Path:
    """Copy the example without its flag."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = EXAMPLE.read_bytes()
    assert FLAG_LINES in content
    path.write_bytes(content.replace(FLAG_LINES, b""))
    return path


def flag_of(path: Path) -> Any:
    return json.loads(path.read_bytes())["metadata"].get("ipynb_telemetry")


def test_enabling_adds_the_flag_and_touches_nothing_else(telemetry: CommandLine) -> None:
    path = unflagged()
    outcome = telemetry("enable", path, "--id", "D1_Python_Tooling")
    assert outcome.status == 0, outcome.err
    assert path.read_bytes() == EXAMPLE.read_bytes()
    # And once more: nothing.
    before = path.stat()
    assert telemetry("enable", path).status == 0
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert flag_of(path)["notebook"] == "D1_Python_Tooling"


@pytest.mark.parametrize("code", ["'\\d'", "-" * 100_000 + "1"])
def test_of_students_code_nothing_is_said(recwarn: pytest.WarningsRecorder, code: str) -> None:
    assert count_calls(f"print({code})", "print") == 1
    assert not recwarn.list


def test_disabling_turns_the_flag_off_and_enabling_back_on(telemetry: CommandLine) -> None:
    path = Path(shutil.copy(EXAMPLE, "D1.ipynb"))
    assert telemetry("disable", path).status == 0
    assert path.read_bytes() == EXAMPLE.read_bytes().replace(
        b'"enabled": true', b'"enabled": false'
    )
    assert telemetry("disable", path, "--json").document["notebooks"][0]["changed"] is False
    assert telemetry("enable", path).status == 0
    assert path.read_bytes() == EXAMPLE.read_bytes()


def test_what_was_never_flagged_stays_as_it_is_when_disabled(telemetry: CommandLine) -> None:
    path = unflagged()
    before = path.read_bytes()
    assert telemetry("disable", path).status == 0
    assert path.read_bytes() == before


@pytest.mark.parametrize("indent", [None, 1, 4, "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_set_up_cell_comes_and_goes_without_a_trace(
    telemetry: CommandLine, indent: Any, newline: str, ascii_only: bool, end: str
) -> None:
    def content(document: Any) -> bytes:
        text = json.dumps(document, ensure_ascii=ascii_only, indent=indent)
        return (text.replace("\n", newline) + end).encode()

    path = unflagged("Übung.ipynb")
    document = json.loads(path.read_bytes())
    document["metadata"] = {"a": "ä", "z": []}
    path.write_bytes(content(document))
    assert telemetry("enable", path, "--setup-cell").status == 0
    cell = dict(sorted(get_telemetry_setup_cell("Übung").items()))
    cell["source"] = cell["source"].splitlines(keepends=True)
    flag = {"enabled": True, "notebook": "Übung"}
    document["cells"].insert(1, cell)
    document["metadata"] = {"a": "ä", "ipynb_telemetry": flag, "z": []}
    assert path.read_bytes() == content(document)
    assert telemetry("disable", path).status == 0
    del document["cells"][1]
    flag["enabled"] = False
    assert path.read_bytes() == content(document)


def test_the_set_up_cell_is_the_first_that_runs_and_the_title_stays_first(
    telemetry: CommandLine,
) -> None:
    path = unflagged()
    assert telemetry("enable", path, "--setup-cell", "--id", "D1").status == 0
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    cells = [(cell.cell_type, cell.id) for cell in notebook.cells[:3]]
    assert cells == [("markdown", "title"), ("code", SETUP_CELL_ID), ("code", "setup")]
    assert notebook.cells[1] == get_telemetry_setup_cell("D1")
    # As Jupyter itself would have written it.
    nbformat.write(notebook, "saved.ipynb")
    assert Path("saved.ipynb").read_bytes() == path.read_bytes()
    before = path.read_bytes()
    assert telemetry("enable", path, "--setup-cell").status == 0
    assert path.read_bytes() == before


def test_the_set_up_cell_follows_the_id_and_keeps_its_other_arguments(
    telemetry: CommandLine,
) -> None:
    path = unflagged()
    host = "https://eu.i.posthog.com"
    telemetry("enable", path, "--setup-cell", "--id", "D1", "--host", host, "--api-key", "phc_k")
    assert telemetry("enable", path, "--id", "D2").status == 0
    cells = nbformat.read(path, nbformat.NO_CONVERT).cells
    assert cells[1].source == get_telemetry_setup_cell("D2", host=host, api_key="phc_k").source


@pytest.mark.parametrize("has_fingerprint", [True, False])
def test_a_set_up_cell_of_an_older_version_is_replaced(
    telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch, has_fingerprint: bool
) -> None:
    path = unflagged()
    module = "ipynb_telemetry.notebook_cells"
    old = FIRST_SETUP_CELL.read_text("utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(f"{module}._SOURCE", old)
        telemetry("enable", path, "--setup-cell", "--id", "D1", "--api-key", "phc_k")
    if not has_fingerprint:
        notebook = nbformat.read(path, nbformat.NO_CONVERT)
        notebook.cells[1].metadata.ipynb_telemetry = {"setup_cell": True}
        nbformat.write(notebook, path)
    monkeypatch.setattr(f"{module}._SOURCE", old.replace("--quiet", "-q"))
    assert telemetry("status", path, "--json").document["notebooks"][0]["setup_cell"] == "yes"
    assert telemetry("enable", path).status == 0
    cells = nbformat.read(path, nbformat.NO_CONVERT).cells
    assert cells[1] == get_telemetry_setup_cell("D1", api_key="phc_k")
    assert "-q" in cells[1].source
    before = path.read_bytes()
    assert telemetry("enable", path, "--setup-cell").status == 0
    assert path.read_bytes() == before


def test_a_set_up_cell_that_was_edited_is_left_alone_and_named(telemetry: CommandLine) -> None:
    path = unflagged()
    telemetry("enable", path, "--setup-cell", "--id", "D1")
    path.write_bytes(path.read_bytes().replace(b"Run this cell first", b"Bitte zuerst"))
    outcome = telemetry("enable", path, "--setup-cell", "--id", "D2")
    assert outcome.status == 1
    assert "edited by hand" in outcome.err
    assert b'setup_telemetry(\\"D1\\")' in path.read_bytes()
    assert telemetry("status", path, "--json").document["notebooks"][0]["setup_cell"] == "edited"
    assert telemetry("disable", path).status == 0
    assert SETUP_CELL_ID.encode() not in path.read_bytes()


def test_a_call_of_the_instructors_own_is_theirs(telemetry: CommandLine) -> None:
    path = unflagged()
    path.write_bytes(path.read_bytes().replace(b'print(\\"Ready.\\")', b"setup_telemetry('D1')"))
    assert b"setup_telemetry(" in path.read_bytes()
    outcome = telemetry("enable", path, "--setup-cell")
    assert outcome.status == 0
    assert "no set-up cell was added" in outcome.err
    assert SETUP_CELL_ID.encode() not in path.read_bytes()
    outcome = telemetry("disable", path)
    assert outcome.status == 1
    assert "still calls setup_telemetry" in outcome.err
    assert flag_of(path)["enabled"] is False


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"name": "ir", "display_name": "R"}, "language_info": {"name": "R"}}, "R"),
        ({"kernelspec": {"name": "b", "display_name": "B", "language": "bash"}}, "bash"),
        ({"kernelspec": {"name": "x", "display_name": "X", "language": "python"}}, None),
        ({"kernelspec": {"name": "x", "display_name": "X"}}, None),
        # Sage is Python, and says so once it has run.
        (
            {
                "kernelspec": {"name": "sage", "display_name": "Sage", "language": "sage"},
                "language_info": {"name": "python"},
            },
            None,
        ),
        ({}, None),
    ],
)
def test_a_notebook_in_another_language_gets_no_python_cell(
    telemetry: CommandLine, metadata: dict[str, Any], language: str | None
) -> None:
    path = unflagged()
    document = json.loads(path.read_bytes())
    document["metadata"] = metadata
    path.write_text(json.dumps(document))
    outcome = telemetry("enable", path, "--setup-cell")
    assert outcome.status == 0, outcome.err
    assert flag_of(path)["enabled"] is True
    assert (SETUP_CELL_ID.encode() in path.read_bytes()) == (language is None)
    note = f"is a notebook in {language}: it got no set-up cell"
    assert (note in outcome.err) == (language is not None)


CALLS = {
    "import ipynb_telemetry.bootstrap as b\nb.setup_telemetry ('x')": "own",
    "%matplotlib inline\nif True:\n    setup_telemetry(\n'x')": "own",
    "files = !ls\nsetup_telemetry('x')": "own",  # what ast cannot parse
    '# setup_telemetry("x") is not used': "no",
    "print('call setup_telemetry(...)')": "no",
    "def setup_telemetry(notebook): pass": "no",
    "files = !ls  # then setup_telemetry('x')": "no",
}


@pytest.mark.parametrize(("source", "setup_cell"), CALLS.items())
def test_only_a_call_that_runs_is_a_call_of_the_instructors_own(
    telemetry: CommandLine, source: str, setup_cell: str
) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(notebook, "D1.ipynb")
    document = telemetry("status", "D1.ipynb", "--json").document
    assert document["notebooks"][0]["setup_cell"] == setup_cell
    assert telemetry("enable", "D1.ipynb", "--setup-cell").status == 0
    has_cell = SETUP_CELL_ID.encode() in Path("D1.ipynb").read_bytes()
    assert has_cell == (setup_cell == "no")


def test_in_an_older_format_the_set_up_cell_has_no_id(telemetry: CommandLine) -> None:
    path = unflagged()
    notebook = nbformat.read(path, nbformat.NO_CONVERT)
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        del cell["id"]
    nbformat.write(notebook, path)
    assert telemetry("enable", path, "--setup-cell").status == 0
    enabled = nbformat.read(path, nbformat.NO_CONVERT)
    nbformat.validate(enabled)
    assert "id" not in enabled.cells[1]
    assert telemetry("status", path, "--json").document["notebooks"][0]["setup_cell"] == "yes"


BROKEN = {
    "cut.ipynb": (EXAMPLE.read_bytes()[:5000], "is not JSON"),
    "list.ipynb": (b"[]", "is no notebook"),
    "empty.ipynb": (b"", "is not JSON"),
    "latin.ipynb": ("Ü".encode("latin-1"), "is not UTF-8 text"),
    "mark.ipynb": (b"\xef\xbb\xbf" + EXAMPLE.read_bytes(), "byte order mark"),
    "old.ipynb": (
        b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}',
        "notebook format 3",
    ),
    "deep.ipynb": (b"[" * 200_000, "nested too deeply"),
    "cells.ipynb": (
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "x"}]}',
        "is no valid notebook",
    ),
    "metadata.ipynb": (b'{"nbformat": 4, "nbformat_minor": 5, "cells": []}', "no valid notebook"),
    "minor.ipynb": (b'{"nbformat": 4, "metadata": {}, "cells": []}', "is no valid notebook"),
}


@pytest.mark.parametrize("verb", ["enable", "disable", "status"])
def test_broken_notebooks_are_named_and_skipped_and_the_others_done(
    telemetry: CommandLine, verb: str
) -> None:
    good = [unflagged("a.ipynb"), unflagged("z.ipynb")]
    for name, (content, _) in BROKEN.items():
        Path(name).write_bytes(content)
    outcome = telemetry(verb, ".")
    assert outcome.status == 1
    for name, (content, reason) in BROKEN.items():
        line = next(line for line in outcome.err.splitlines() if name in line)
        assert reason in line
        assert line.endswith("; skipped")
        assert Path(name).read_bytes() == content
        assert name not in outcome.out
    assert all(path.name in outcome.out for path in good)
    assert all(flag_of(path) is not None for path in good) == (verb == "enable")
    assert "Traceback" not in outcome.err


def test_folders_and_patterns_mean_the_notebooks_in_them(telemetry: CommandLine) -> None:
    for path in ("w1/a.ipynb", "w1/x/b.ipynb", "w2/c.ipynb", ".ipynb_checkpoints/a.ipynb"):
        unflagged(path)
    unflagged("[1].ipynb")
    Path("w2/notes.txt").write_text("none")

    def paths(*arguments: str) -> set[str]:
        document = telemetry("status", *arguments, "--json").document
        return {Path(notebook["path"]).as_posix() for notebook in document["notebooks"]}

    assert paths("w1") == {"w1/a.ipynb", "w1/x/b.ipynb"}
    assert paths("w?/*") == {"w1/a.ipynb", "w1/x/b.ipynb", "w2/c.ipynb"}
    assert paths("**/*.ipynb") == {"[1].ipynb", "w1/a.ipynb", "w1/x/b.ipynb", "w2/c.ipynb"}
    assert paths("[1].ipynb") == {"[1].ipynb"}
    assert paths("w1/a.ipynb", "w1", "./w1/a.ipynb") == {"w1/a.ipynb", "w1/x/b.ipynb"}
    outcome = telemetry("status", "w2", "gone.ipynb", "no*where")
    assert outcome.status == 1
    assert "w2/c.ipynb" in outcome.out.replace("\\", "/")
    assert "gone.ipynb: no notebook is there" in outcome.err
    assert "no*where: no notebook is there" in outcome.err
    assert telemetry("status", "gone.ipynb").status == 1


def test_an_id_is_for_one_notebook(telemetry: CommandLine) -> None:
    paths = [unflagged("a.ipynb"), unflagged("b.ipynb")]
    outcome = telemetry("enable", *paths, "--id", "D1")
    assert outcome.status == 2
    assert "--id is for one notebook" in outcome.err
    assert [flag_of(path) for path in paths] == [None, None]
    assert telemetry("enable", *paths).status == 0
    assert [flag_of(path)["notebook"] for path in paths] == ["a", "b"]


@pytest.mark.parametrize("name", ["", "  ", "a/b", "a\\b", "a\nb", "x" * 201, "a\ud800"])
def test_an_id_the_front_end_would_refuse_is_refused(telemetry: CommandLine, name: str) -> None:
    path = unflagged()
    assert telemetry("enable", path, "--id", name).status == 2
    assert flag_of(path) is None


def test_an_id_with_quotes_is_no_id_for_a_set_up_cell(telemetry: CommandLine) -> None:
    path = unflagged("Ann's.ipynb")
    before = path.read_bytes()
    outcome = telemetry("enable", path, "--setup-cell")
    assert outcome.status == 1
    assert "quotes" in outcome.err
    assert path.read_bytes() == before
    assert telemetry("enable", path).status == 0
    assert flag_of(path)["notebook"] == "Ann's"


@pytest.mark.parametrize(
    "option", [("--api-key", "phx_hidden"), ("--host", "http://example.org"), ("--host", "x'y")]
)
def test_a_refused_host_or_key_reaches_no_notebook(
    telemetry: CommandLine, option: tuple[str, str]
) -> None:
    path = unflagged()
    outcome = telemetry("enable", path, "--setup-cell", *option)
    assert outcome.status == 2
    assert "hidden" not in outcome.err
    assert flag_of(path) is None
    assert telemetry("enable", path, "--host", "https://eu.i.posthog.com").status == 2


def test_a_dry_run_says_what_would_be_and_does_nothing(telemetry: CommandLine) -> None:
    path = unflagged()
    before = path.read_bytes()
    outcome = telemetry("enable", path, "--setup-cell", "--dry-run")
    assert "would be enabled" in outcome.out
    assert path.read_bytes() == before
    telemetry("enable", path)
    before = path.read_bytes()
    assert "would be disabled" in telemetry("disable", path, "--dry-run").out
    assert path.read_bytes() == before


def test_status_shows_flags_tests_and_shared_ids(telemetry: CommandLine) -> None:
    shutil.copy(EXAMPLE, "a.ipynb")
    shutil.copy(EXAMPLE, "b.ipynb")
    unflagged("c.ipynb")
    notebook = nbformat.read(EXAMPLE, nbformat.NO_CONVERT)
    notebook.metadata.ipynb_telemetry = {"enabled": True, "id": "typo"}
    cell = nbformat.v4.new_code_cell
    notebook.cells = [
        cell("%pip install x\n!ls\nhelp?\n@tracked_test('a')\nasync def t(): '@tracked_test'"),
        cell("@tracked_test\n@other\ndef t(): pass\n# @tracked_test"),
        cell("files = !ls\n@tracked_test('b')\ndef t(): pass"),
        cell("assert x == 1", metadata={"nbgrader": {"grade": True, "grade_id": "a"}}),
        cell("", metadata={"nbgrader": {"grade": False}}),
        # Marked by hand, and one without the name that a result would have.
        cell("", metadata={"nbgrader": {"grade": True, "solution": True, "grade_id": "b"}}),
        cell("", metadata={"nbgrader": {"grade": True, "task": True, "grade_id": "c"}}),
        cell("", metadata={"nbgrader": {"grade": True}}),
        cell('grader.check("q1"); grader.check("q2")\n# grader.check("q3")'),
        cell("files = !ls\n# grader.check('q4')\nmy.grader_check()"),
        cell("@bootstrap.tracked_test('c')\ndef t(): pass\n@other.test\ndef u(): pass"),
    ]
    nbformat.write(notebook, "d.ipynb")
    outcome = telemetry("status", ".")
    assert outcome.status == 1
    rows = [line.split() for line in outcome.out.splitlines()]
    assert rows[1:] == [
        ["a.ipynb", "on", "D1_Python_Tooling", "no", "7", "2"],
        ["b.ipynb", "on", "D1_Python_Tooling", "no", "7", "2"],
        ["c.ipynb", "off", "no", "7"],
        ["d.ipynb", "malformed", "no", "7"],
    ]
    assert "2 notebooks have the id D1_Python_Tooling: a.ipynb, b.ipynb" in outcome.err
    assert "ipynb_telemetry.id is not known" in outcome.err
    document = telemetry("status", ".", "--json").document
    assert document["notebooks"][3]["tests"] == {"tracked_test": 4, "nbgrader": 1, "otter": 2}
    assert document["same_id"] == {"D1_Python_Tooling": ["a.ipynb", "b.ipynb"]}
    assert telemetry("status", "a.ipynb").status == 0


@pytest.mark.parametrize(
    "flag",
    [None, [], {}, {"enabled": 1}, {"enabled": True, "notebook": 3}, {"enabled": True, "x": 1}],
)
def test_a_malformed_flag_is_off_and_enabling_repairs_it(telemetry: CommandLine, flag: Any) -> None:
    path = unflagged()
    document = json.loads(path.read_bytes())
    document["metadata"]["ipynb_telemetry"] = flag
    path.write_text(json.dumps(document))
    assert telemetry("status", path).status == 1
    assert telemetry("enable", path).status == 0
    assert flag_of(path) == {"enabled": True, "notebook": "D1"}
    assert telemetry("status", path).status == 0


def test_control_characters_of_a_file_do_not_reach_the_terminal(telemetry: CommandLine) -> None:
    path = unflagged()
    document = json.loads(path.read_bytes())
    document["metadata"]["ipynb_telemetry"] = {"\x1b]0;x\x07": 1}
    path.write_text(json.dumps(document))
    outcome = telemetry("status", path)
    assert "\x1b" not in outcome.out + outcome.err
    assert "\\x1b" in outcome.err


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
