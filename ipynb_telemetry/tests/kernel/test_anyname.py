# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Names in whatever letters, in kernels that no page of ours stands in front of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ipynb_telemetry.kernel import anyname

from .directkernel import Student, asked, environment, files, kernel, running, written

ZOE = "Zo\u00eb \u0141i"
WANG = "\u738b\u5c0f\u660e"


def any_names(folder: Path) -> None:
    (folder / "ipynb-telemetry.toml").write_text('names = "any"\n', "utf-8")


def call(student: Student, name: str) -> str:
    student.stdin = False
    return student.set_up(f"skip_name_prompt=True, student_name={name!r}")


def ids(folder: Path) -> list[str]:
    return list(dict.fromkeys(event["distinct_id"] for event in written(folder)))


def test_a_call_takes_a_name_of_any_script_and_later_kernels_know_the_student(
    tmp_path: Path,
) -> None:
    any_names(tmp_path)
    for name in (ZOE, f" {ZOE} ", WANG):
        with running(environment(tmp_path), cwd=str(tmp_path)) as student:
            assert f"on for {name.strip()} in D1" in call(student, name)
            assert student.value("STUDENT_NAME") == name.strip()
    zoe, wang = ids(tmp_path)
    assert re.fullmatch("ZOE_LI-[0-9A-HJKMNP-TV-Z]{6}", zoe)
    assert re.fullmatch("STUDENT-[0-9A-HJKMNP-TV-Z]{6}", wang)
    # Another account's student of that name is another person.
    other = tmp_path / "other"
    other.mkdir()
    any_names(other)
    with running(environment(other), cwd=str(other)) as student:
        call(student, ZOE)
    assert ids(other)[0] != zoe


def test_who_can_be_asked_is_asked_for_one_name(tmp_path: Path) -> None:
    any_names(tmp_path)
    with kernel(tmp_path) as student:
        prompts, shown = asked(student, "", "007", WANG)
        assert prompts == ["Your name: "] * 2
        assert "Letters only, of whatever script" in shown
        assert f"on for {WANG} in D1" in shown
    assert ids(tmp_path) == [
        json.loads((files(tmp_path) / "codes.jsonl").read_text())["distinct_id"]
    ]


def test_the_name_leaves_with_the_session_s_first_event_alone(tmp_path: Path) -> None:
    any_names(tmp_path)
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        call(student, WANG)
        student.cell("1 + 1")
    first, *others = written(tmp_path)
    assert (first["event"], first["properties"]["student_name"]) == ("session_started", WANG)
    assert others
    assert not [event for event in others if "student_name" in event["properties"]]


def test_a_call_takes_a_code_and_notices_a_slip_in_one(tmp_path: Path) -> None:
    any_names(tmp_path)
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        call(student, "d14w-r9gp-ax35")
        assert "A character of the code is wrong" in student.reply["evalue"]
        assert "on for d14w-r9gp-ax34 in D1" in call(student, "D14W-R9GP-AX34")
    assert ids(tmp_path) == ["d14w-r9gp-ax34"]
    assert "student_name" not in json.dumps(written(tmp_path)).replace("student_name=", "")


def test_nothing_is_written_of_a_name_before_an_answer(tmp_path: Path) -> None:
    any_names(tmp_path)
    with kernel(tmp_path) as student:
        assert "nothing is recorded: nobody can be asked" in call(student, ZOE)
    assert not files(tmp_path).exists()


def test_without_the_setting_names_have_english_letters(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        call(student, ZOE)
        assert "English letters only" in student.reply["evalue"]


# The same as in src/__tests__/identity/anyname.spec.ts.
@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Se\u00e1n O\u2019Brien", "SEAN_OBRIEN"),
        ("d'Arcy", "DARCY"),
        ("Anne-Marie Li", "ANNE-MARIE_LI"),
        ("\u0141ukasz \u00d8", "LUKASZ_O"),
        ("\u0644\u064a\u0644\u0649", "STUDENT"),
        ("\u738b Wei", "WEI"),
        ("x" * 60, "X" * 40),
    ],
)
def test_the_label_of_an_id_is_that_of_the_page(name: str, label: str) -> None:
    assert anyname._refuse_any_name(name) is None
    assert anyname._name_label(name) == label


@pytest.mark.parametrize(
    "name",
    ["", " \t ", "007", "'", "<b>", "=1+1", "@x", "a\u202eb", "a\u0000", "\U0001f600", "x" * 101],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    assert anyname._refuse_any_name(name)
