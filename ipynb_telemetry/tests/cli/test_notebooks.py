"""Enable and disable, on real notebook files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ..support.commandline import EXAMPLE, CommandLine
from ..support.notebooks import flag_of, unflagged


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


def test_a_course_is_written_and_stays_until_another_is_named(telemetry: CommandLine) -> None:
    path = unflagged()
    assert telemetry("enable", path, "--id", "D1", "--course", " Biology 1 ").status == 0
    assert flag_of(path) == {"enabled": True, "notebook": "D1", "course": "Biology 1"}
    before = path.read_bytes()
    assert telemetry("enable", path).status == 0
    assert path.read_bytes() == before
    assert telemetry("disable", path).status == 0
    assert flag_of(path) == {"enabled": False, "notebook": "D1", "course": "Biology 1"}
    assert telemetry("enable", path, "--course", "Physics 2").status == 0
    assert flag_of(path) == {"enabled": True, "notebook": "D1", "course": "Physics 2"}


@pytest.mark.parametrize("course", ["", " ", "a/b", "x" * 201])
def test_what_is_no_course_is_written_nowhere(telemetry: CommandLine, course: str) -> None:
    path = unflagged()
    before = path.read_bytes()
    outcome = telemetry("enable", path, "--course", course)
    assert outcome.status == 2
    assert "--course must" in outcome.err
    assert path.read_bytes() == before


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
    assert "no notebook is at gone.ipynb" in outcome.err
    assert "no notebook is at no*where" in outcome.err
    outcome = telemetry("enable", "gone.ipynb")
    assert outcome.status == 1
    assert outcome.err == "jupyter telemetry enable: no notebook is at gone.ipynb\n"


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


def test_a_dry_run_says_what_would_be_and_does_nothing(telemetry: CommandLine) -> None:
    path = unflagged()
    before = path.read_bytes()
    outcome = telemetry("enable", path, "--setup-cell", "--dry-run")
    assert "would be turned on" in outcome.out
    assert path.read_bytes() == before
    telemetry("enable", path)
    before = path.read_bytes()
    assert "would be turned off" in telemetry("disable", path, "--dry-run").out
    assert path.read_bytes() == before


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
