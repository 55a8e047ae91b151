"""Outline, on real notebook files."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat

from ..support.commandline import EXAMPLE, CommandLine


def write(path: str, *cells: tuple[str, str], notebook_id: str | None = None) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(source, id=f"c{nth}")
        if kind == "code"
        else nbformat.v4.new_markdown_cell(source, id=f"c{nth}")
        for nth, (kind, source) in enumerate(cells)
    ]
    if notebook_id:
        notebook.metadata.ipynb_telemetry = {"enabled": True, "notebook": notebook_id}
    nbformat.write(notebook, path)


def test_outline_lists_exercises_and_changes_nothing(telemetry: CommandLine) -> None:
    shutil.copy(EXAMPLE, "D1.ipynb")
    before = Path("D1.ipynb").read_bytes()
    outcome = telemetry("outline", "D1.ipynb")
    assert outcome.status == 0
    assert outcome.err == ""
    assert outcome.out.endswith("\n7 exercises in 1 notebook, 7 tests\n")
    document = telemetry("outline", ".", "--json").document
    (notebook,) = document["notebooks"]
    assert notebook["notebook"] == "D1_Python_Tooling"
    assert notebook["exercises"][0] == {
        "id": "1 virtual environment",
        "title": "1. Virtual environments",
        "headings": ["Day 1: Python tooling", "1. Virtual environments"],
        "cells": ["environments-demo", "ex1-code", "ex1-test"],
        "tests": ["1 virtual environment"],
        "summaries": ["Solution 1: compare the two prefixes"],
        "solutions": ["ex1-solution"],
    }
    assert Path("D1.ipynb").read_bytes() == before


def test_what_means_several_things_is_a_problem(telemetry: CommandLine) -> None:
    test = "@tracked_test('adds')\ndef t(): pass"
    cells = [("text", "## A"), ("code", test), ("text", "## B"), ("code", test)]
    write("a.ipynb", *cells, notebook_id="one")
    write("b.ipynb", ("code", "1"), notebook_id="one")
    outcome = telemetry("outline", ".")
    assert outcome.status == 1
    assert "a.ipynb: the test adds stands in 2 exercises (A, B)" in outcome.err
    assert "2 notebooks have the id one: a.ipynb, b.ipynb" in outcome.err
    assert "b.ipynb has no exercises: neither tests nor code below a heading" in outcome.err


def test_texts_and_notebooks_without_tests(telemetry: CommandLine) -> None:
    write("a.ipynb", ("text", "## A"), ("code", "1"))
    Path("alone.md").write_text("---\njupyter:\n  jupytext: {}\n---\n\n```python\n1\n```\n")
    shutil.copy("alone.md", "a.md")
    outcome = telemetry("outline", ".")
    assert outcome.status == 1
    assert "a.ipynb has no tests: each heading with code is an exercise" in outcome.err
    assert "alone.md is a text, whose outline is not read" in outcome.err
    assert "a.md is a text" not in outcome.err
    assert outcome.out.endswith("\n1 exercise in 1 notebook, 0 tests\n")
