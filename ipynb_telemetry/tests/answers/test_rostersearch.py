"""What a student types finds the student in the roster, and nobody else's slip does."""

from __future__ import annotations

import pytest

from ipynb_telemetry.answers.roster import Member, Roster
from ipynb_telemetry.answers.rostersearch import MOST_FOUND, by_code, by_name
from ipynb_telemetry.answers.studentcodes import code_of

SECRET = bytes(32)
ROSTER = Roster(
    [
        Member("1", "Seán O\u2019Brien", "A"),
        Member("2", "Ann-Marie Lee", "A"),
        Member("3", "Lee Ann", "B"),
        Member("4", "Ann Lee", is_staff=True),
        Member("5", "王小明"),
        Member("6", "Jürgen Groß"),
        Member("JOHN_DOE"),
        Member("8", "Łukasz Ødegård"),
        Member("9", "P\u0131nar I\u015f\u0131k"),
        Member("10", "هم\u200cکار راد"),  # noqa: RUF001
    ]
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("sean", ["1"]),
        ("SEÁN obr", ["1"]),
        ("o'brien", ["1"]),
        ("brien", []),
        ("ann", ["2", "3"]),
        ("an le", ["2", "3"]),
        ("marie lee", ["2"]),
        ("ann-m", ["2"]),
        ("juergen", []),
        ("jurgen gross", ["6"]),
        ("王小", ["5"]),
        ("lukasz odeg", ["8"]),
        ("ŁUK", ["8"]),
        ("pinar isik", ["9"]),
        ("PINAR IŞIK", ["9"]),
        ("همکار", ["10"]),
        ("هم\u200cک", ["10"]),
        ("john d", ["JOHN_DOE"]),
        ("doe", ["JOHN_DOE"]),
        ("a", []),
        ("- '", []),
        ("", []),
        ("nn", []),
        ("ann x", []),
    ],
)
def test_words_that_begin_words_of_a_name_find_it(typed: str, found: list[str]) -> None:
    assert [each.id for each in by_name(ROSTER, typed)] == found


def test_few_are_found_at_once() -> None:
    roster = Roster(Member(str(number), "Ann Lee") for number in range(20))
    assert [each.id for each in by_name(roster, "an")] == [str(n) for n in range(MOST_FOUND)]


def test_a_code_finds_its_student_and_no_staff() -> None:
    assert by_code(ROSTER, SECRET, code_of(SECRET, "3")) == Member("3", "Lee Ann", "B")
    assert by_code(ROSTER, SECRET, code_of(SECRET, "4")) is None
    assert by_code(ROSTER, bytes([1] * 32), code_of(SECRET, "3")) is None
