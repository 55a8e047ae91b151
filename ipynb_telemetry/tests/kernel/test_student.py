# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Names of students as the kernel reads and asks for them, without a kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ipynb_telemetry.kernel import student

ANN = {"id": "ANN_LEE", "name": "ANN-LEE"}


@pytest.mark.parametrize("text", ["Ann Lee", "ANN-LEE", "ANN_LEE", "  ann   lee\u00a0", "aNN\tLee"])
def test_a_student_is_read_in_these_forms(text: str) -> None:
    assert student._read_student(text) == ANN


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Mary Ann_Lee", {"id": "MARY ANN_LEE", "name": "MARY ANN-LEE"}),
        ("Ann_Lee-Smith", {"id": "ANN_LEE-SMITH", "name": "ANN-LEE-SMITH"}),
        ("Ann Lee-Smith", {"id": "ANN_LEE-SMITH", "name": "ANN-LEE-SMITH"}),
    ],
)
def test_names_of_more_parts_are_told_apart(text: str, read: dict[str, str]) -> None:
    assert student._read_student(text) == read


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mary Ann Lee", "put _ between"),
        ("MARY ANN-LEE", "put _ between"),
        ("Ann", "Both names are required"),
        ("", "Both names are required"),
        (None, "Both names are required"),
        (7, "Both names are required"),
        ("Änn Lee", "English letters only"),
        ("A Lee", "At least two letters"),
        (f"{'a' * 61} Lee", "At most 60 characters"),
    ],
)
def test_other_texts_are_an_error_in_words(text: Any, why: str) -> None:
    with pytest.raises(ValueError, match=f"^student_name: .*{why}"):
        student._read_student(text)


@pytest.mark.parametrize("text", ["d14w-r9gp-ax34", " D14W-R9GP-AX34\n"])
def test_a_code_stands_for_a_student_and_has_no_other_name(text: str) -> None:
    read = {"id": "d14w-r9gp-ax34", "name": "d14w-r9gp-ax34"}
    assert student._read_student(text) == read
    assert student._read_student(text.replace("-", " "), is_coded=True) == read


@pytest.mark.parametrize(
    ("text", "is_coded", "why"),
    [
        ("d14w-r9gp-ax35", False, "A character of the code is wrong"),
        ("d14u-r9gp-ax34", False, "A code has digits and English letters, and no U"),
        ("Ann Lee", True, "A code has 12 characters"),
        ("O\u2019Neil Ann", True, "A code has digits and English letters, and no U"),
        (None, True, "The code is missing"),
    ],
)
def test_another_code_is_an_error_in_words(text: object, is_coded: bool, why: str) -> None:
    with pytest.raises(ValueError, match=f"^student_name: {why}. Give the code"):
        student._read_student(text, is_coded)


def test_who_goes_by_a_code_is_asked_for_the_code_alone(
    typed: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = typed("Ann Lee", "d14w-r9gp-ax34")
    assert student._ask_student("A notice.", is_coded=True) == {
        "id": "d14w-r9gp-ax34",
        "name": "d14w-r9gp-ax34",
    }
    assert prompts == ["Code: "] * 2
    assert capsys.readouterr().out.splitlines()[1:] == [
        "Type cancel instead of a code, and nothing is recorded.",
        "A code has 12 characters",
    ]
    typed("x", "y", "z")
    with pytest.raises(ValueError, match="no code was given that will do: A code has 12 char"):
        student._ask_student("", is_coded=True)
    typed()
    with pytest.raises(ValueError, match="nobody can be asked for a code here"):
        student._ask_student("", is_coded=True)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Type these answers; gives the prompts, as they come."""

    def typed(*answers: str) -> list[str]:
        prompts: list[str] = []
        left = iter(answers)

        def read(prompt: str) -> str:
            prompts.append(prompt)
            answer = next(left, None)
            if answer is None:
                raise EOFError
            return answer

        monkeypatch.setattr("builtins.input", read)
        return prompts

    return typed


def test_who_is_asked_is_asked_for_both_names_again_until_they_will_do(
    typed: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = typed("Ann", "7", "Ann", "Lee")
    assert student._ask_student("A notice.") == ANN
    assert prompts == ["First name: ", "Last name: "] * 2
    assert capsys.readouterr().out.splitlines() == [
        "A notice.",
        "Type cancel instead of a name, and nothing is recorded.",
        "English letters only",
    ]


@pytest.mark.parametrize("answers", [["cancel"], ["Ann", " Cancel "]])
def test_who_cancels_is_no_student(typed: Callable[..., list[str]], answers: list[str]) -> None:
    typed(*answers)
    assert student._ask_student("") is None


def test_three_bad_names_are_enough(typed: Callable[..., list[str]]) -> None:
    prompts = typed("1", "2", "3", "Ann", "Lee")
    with pytest.raises(ValueError, match="no name was given that will do: English letters only"):
        student._ask_student("")
    assert len(prompts) == 3


def test_where_nobody_can_be_asked_it_is_an_error(
    typed: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed()
    with pytest.raises(ValueError, match="nobody can be asked"):
        student._ask_student("")
    prompts = typed("Ann", "Lee")
    monkeypatch.setattr(student, "_parent", lambda: {"content": {"allow_stdin": False}})
    with pytest.raises(ValueError, match="nobody can be asked"):
        student._ask_student("")
    assert prompts == []
