"""Status, on real notebook files."""

from __future__ import annotations

import json
import shutil

import nbformat

from ..support.commandline import EXAMPLE, CommandLine
from ..support.notebooks import unflagged


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
    assert rows[1:-2] == [
        ["a.ipynb", "on", "D1_Python_Tooling", "no", "7", "2"],
        ["b.ipynb", "on", "D1_Python_Tooling", "no", "7", "2"],
        ["c.ipynb", "off", "no", "7"],
        ["d.ipynb", "malformed", "no", "7"],
    ]
    assert outcome.out.endswith("\n2 of 4 notebooks on, 28 tests\n")
    assert "2 notebooks have the id D1_Python_Tooling: a.ipynb, b.ipynb" in outcome.err
    assert "ipynb_telemetry.id is not known" in outcome.err
    document = telemetry("status", ".", "--json").document
    assert document["notebooks"][3]["tests"] == {"tracked_test": 4, "nbgrader": 1, "otter": 2}
    assert document["same_id"] == {"D1_Python_Tooling": ["a.ipynb", "b.ipynb"]}
    outcome = telemetry("status", "a.ipynb")
    assert outcome.status == 0
    assert outcome.out.endswith("\n1 of 1 notebook on, 7 tests\n")
    assert "same id" not in outcome.out


def test_control_characters_of_a_file_do_not_reach_the_terminal(telemetry: CommandLine) -> None:
    path = unflagged()
    document = json.loads(path.read_bytes())
    document["metadata"]["ipynb_telemetry"] = {"\x1b]0;x\x07": 1}
    path.write_text(json.dumps(document))
    outcome = telemetry("status", path)
    assert "\x1b" not in outcome.out + outcome.err
    assert "\\x1b" in outcome.err
