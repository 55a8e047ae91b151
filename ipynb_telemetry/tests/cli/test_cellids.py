"""`enable` gives a file cell ids, and opens what Jupyter opens."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ..support.commandline import CommandLine
from ..support.samples import read_samples

SAMPLES = {sample["about"]: sample for sample in read_samples("cell_ids")}


def write(minor: int, cells: list[dict[str, Any]], path: str = "D1.ipynb", indent: Any = 1) -> Path:
    for cell in cells:
        if cell["cell_type"] == "code":
            cell.setdefault("outputs", [])
            cell.setdefault("execution_count", None)
    document = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}
    Path(path).write_text(json.dumps(document, indent=indent, sort_keys=True) + "\n")
    return Path(path)


def code(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "metadata": {}, "source": source, **more}


def ids_of(path: Path) -> list[Any]:
    return [cell.get("id") for cell in json.loads(path.read_bytes())["cells"]]


@pytest.mark.parametrize("indent", [1, 4, "\t", None])
@pytest.mark.parametrize("minor", range(5))
def test_a_file_of_an_older_format_gets_ids_by_insertion(
    telemetry: CommandLine, minor: int, indent: Any
) -> None:
    sample = SAMPLES["cells that are alike"]
    path = write(minor, json.loads(json.dumps(sample["cells"])), indent=indent)
    telemetry("enable", path, "--no-ids")
    without = path.read_text()
    assert json.loads(without)["nbformat_minor"] == minor
    assert ids_of(path) == [None] * 4

    outcome = telemetry("enable", path, "--json")
    assert outcome.document["notebooks"][0]["cell_ids"] == "file"
    assert ids_of(path) == sample["ids"]
    nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT))
    given = re.sub(r'"id": "[^"]+",\s+', "", path.read_text())
    assert given.replace('"nbformat_minor": 5', f'"nbformat_minor": {minor}') == without

    before = path.read_bytes()
    assert telemetry("enable", path, "--json").document["notebooks"][0]["changed"] is False
    assert path.read_bytes() == before


def test_ids_that_are_there_stay_and_no_cell_has_that_of_another(telemetry: CommandLine) -> None:
    cells = [
        code("1", id="x"),
        code("2", id="x"),
        code("3"),
        code("4", id="my cell"),
        code("5", id=7),
    ]
    path = write(5, cells)
    telemetry("enable", path, "--no-ids")
    status = telemetry("status", path, "--json").document
    assert status["notebooks"][0]["cell_ids"] == "unsteady"
    assert "another at each opening" in status["notes"][-1]
    telemetry("enable", path)
    first, second, third, fourth, fifth = ids_of(path)
    assert (first, fourth) == ("x", "my cell")
    assert all(re.fullmatch(r"[0-9a-f]{16}", new) for new in (second, third, fifth))
    assert telemetry("status", path, "--json").document["notebooks"][0]["cell_ids"] == "file"


def test_stray_ids_of_format_4_4_become_ids(telemetry: CommandLine) -> None:
    path = write(4, [code("1", id="x"), code("2", id="no id"), code("3", id="x")])
    outcome = telemetry("enable", path)
    assert outcome.status == 0
    assert "Jupyter opens it, though nbformat refuses it" in outcome.err
    first, second, third = ids_of(path)
    assert first == "x"
    assert {first, second, third}.isdisjoint({"no id"})
    nbformat.validate(nbformat.read(path, as_version=nbformat.NO_CONVERT))


def test_ids_that_the_page_has_kept_become_ids(telemetry: CommandLine) -> None:
    kept = {"ipynb_telemetry_id": "kept"}
    path = write(4, [code("1", metadata=kept), code("2", metadata=kept)])
    telemetry("enable", path)
    first, copy = ids_of(path)
    assert first == "kept"
    assert copy != "kept"


def test_status_names_notebooks_without_ids(telemetry: CommandLine) -> None:
    for name in "abcd":
        telemetry("enable", write(4, [code("1")], f"{name}.ipynb"), "--no-ids")
    outcome = telemetry("status", ".")
    assert outcome.status == 0
    assert "cells have no ids in 4 notebooks (a.ipynb, b.ipynb, c.ipynb, …)" in outcome.err
    assert "jupyter telemetry enable writes ids into the files" in outcome.err


OPENED = {
    "an id in format 4.4": code("1", id="x"),
    "an output without metadata": code("1", outputs=[{"data": {}, "output_type": "display_data"}]),
    "an output of an unknown type": code("1", outputs=[{"output_type": "pyout"}]),
    "a name of a cell that is no text": code("1", metadata={"name": 3}),
    "no source": {"cell_type": "markdown", "metadata": {}},
    "no outputs": code("1", outputs=None),
}


@pytest.mark.parametrize("cell", OPENED.values(), ids=OPENED.keys())
@pytest.mark.parametrize("verb", ["enable", "status", "disable"])
def test_what_jupyter_opens_is_done_with_a_warning(
    telemetry: CommandLine, verb: str, cell: dict[str, Any]
) -> None:
    path = write(4, [dict(cell)])
    outcome = telemetry(verb, path)
    assert outcome.status == 0, outcome.err
    assert "note: D1.ipynb: Jupyter opens it, though nbformat refuses it" in outcome.err
    assert "D1.ipynb" in outcome.out


UNREADABLE = {
    "its type is of format 3": {"cell_type": "heading", "metadata": {}, "source": ""},
    "it has no metadata": {"cell_type": "raw", "source": ""},
    "its source is a number": {"cell_type": "raw", "metadata": {}, "source": 3},
}


@pytest.mark.parametrize("cell", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_jupyter_does_not_open_is_named_with_what_to_do(
    telemetry: CommandLine, cell: dict[str, Any]
) -> None:
    path = write(4, [code("1"), dict(cell)])
    before = path.read_bytes()
    outcome = telemetry("enable", path)
    assert outcome.status == 1
    assert "Jupyter does not open it" in outcome.err
    assert "take cell 2 out or mend it" in outcome.err
    assert path.read_bytes() == before
