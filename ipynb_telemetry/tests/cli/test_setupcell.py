"""The set-up cell that enable puts into notebooks, and disable takes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ipynb_telemetry.notebook_cells import SETUP_CELL_ID, get_telemetry_setup_cell

from ..support.commandline import CommandLine
from ..support.notebooks import flag_of, unflagged

# The lines that the first set-up cells began with.
FIRST_SETUP_CELL = Path(__file__).with_name("setupcell.txt")


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
    where = ("--host", host, "--project-key", "phc_k")
    telemetry("enable", path, "--setup-cell", "--id", "D1", *where)
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
        telemetry("enable", path, "--setup-cell", "--id", "D1", "--project-key", "phc_k")
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
    older = path.read_bytes()
    assert telemetry("enable", path, "--setup-cell", "--no-ids").status == 0
    enabled = nbformat.read(path, nbformat.NO_CONVERT)
    nbformat.validate(enabled)
    assert "id" not in enabled.cells[1]
    # Where the file gets ids, that of the set-up cell is its own.
    path.write_bytes(older)
    assert telemetry("enable", path, "--setup-cell").status == 0
    enabled = nbformat.read(path, nbformat.NO_CONVERT)
    assert enabled.cells[1]["id"] == "ipynb-telemetry-setup"
    assert telemetry("status", path, "--json").document["notebooks"][0]["setup_cell"] == "yes"


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
    "option", [("--project-key", "phx_hidden"), ("--host", "http://example.org"), ("--host", "x'y")]
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
