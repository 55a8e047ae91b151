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
    assert [each.id for each in by_name(ROSTER, typed).members] == found


def test_few_are_found_at_once() -> None:
    roster = Roster(Member(str(number), "Ann Lee") for number in range(20))
    found = by_name(roster, "an")
    assert [each.id for each in found.members] == [str(n) for n in range(MOST_FOUND)]
    assert found.has_more
    assert not by_name(Roster([*roster][:MOST_FOUND]), "an").has_more


def test_a_name_of_one_letter_is_found_by_the_whole_of_it() -> None:
    names = ["Yves", "Y", "李", "李小明", "이", "Y Lee", "Ö"]
    roster = Roster(Member(name, name) for name in names)
    for name in ("Y", "李", "이", "Ö"):
        assert [each.id for each in by_name(roster, name).members] == [name]
    assert [each.id for each in by_name(roster, "o").members] == ["Ö"]
    assert [each.id for each in by_name(roster, "y le").members] == ["Y Lee"]


def test_of_many_namesakes_the_group_finds_one_and_the_whole_name_comes_first() -> None:
    longer = [Member(f"l{n}", "Kim Limburg", "A") for n in range(MOST_FOUND)]
    namesakes = [Member(f"k{n}", "Kim Lim", f"Lab {n}") for n in range(MOST_FOUND + 2)]
    roster = Roster([*longer, *namesakes])
    found = by_name(roster, "kim lim")
    assert [each.id for each in found.members] == [each.id for each in namesakes[:MOST_FOUND]]
    assert found.has_more
    for typed in ("kim lim lab 9", "Kim Lim 9", "lab 9 kim"):
        assert [each.id for each in by_name(roster, typed).members] == ["k9"]
    assert by_name(roster, "lab 9") == ([], False), "a group alone lists nobody"
    assert by_name(Roster([Member("y", "Y", "B"), Member("z", "Y", "C")]), "y c").members == [
        Member("z", "Y", "C")
    ]


def test_a_code_finds_whose_it_is_staff_too() -> None:
    assert by_code(ROSTER, SECRET, code_of(SECRET, "3")) == Member("3", "Lee Ann", "B")
    assert by_code(ROSTER, SECRET, code_of(SECRET, "4")) == Member("4", "Ann Lee", is_staff=True)
    assert by_code(ROSTER, bytes([1] * 32), code_of(SECRET, "3")) is None
