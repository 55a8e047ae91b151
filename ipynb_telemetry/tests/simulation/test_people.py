"""Who is in a class."""

import csv
import io
import re
from pathlib import Path

import pytest

from ipynb_telemetry.answers.roster import read_roster
from ipynb_telemetry.kernel.student import _read_student, _student
from ipynb_telemetry.simulation.people import Part, people, roster_csv


def test_every_part_is_played_in_a_class_of_thirty() -> None:
    students = people(30, 7)
    parts = [each.part for each in students]
    assert {*parts} == {*Part}
    assert parts.count(Part.NAMESAKE) == 2
    assert parts.count(Part.ORDINARY) == 18


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 12, 300, 3000])
def test_a_class_has_so_many_students_each_with_an_id_of_their_own(count: int) -> None:
    students = people(count, 3)
    assert len({each.id for each in students}) == len(students) == count
    assert sum(each.part is Part.ORDINARY for each in students) >= count / 3
    assert sum(each.part is Part.NAMESAKE for each in students) != 1


def test_no_id_is_one_that_a_real_student_can_have() -> None:
    for student in people(100, 7):
        real, mark, seed = student.id.rpartition("~")
        assert (mark, seed) == ("~", "7")
        with pytest.raises(ValueError, match="English letters only"):
            _read_student(student.id)
        first, last = real.split("_")
        # But for the mark the id is made as that of a real student.
        assert _student(first, last)["id"] == real


def test_two_have_one_name_for_people_and_two_ids() -> None:
    one, other = (each for each in people(30, 7) if each.part is Part.NAMESAKE)
    assert one.name == other.name
    assert one.id != other.id
    told = [_student(*each.id.partition("~")[0].split("_"))["name"] for each in (one, other)]
    assert told == ["MARY-ANN-LEE", "MARY-ANN-LEE"]


def test_another_seed_is_another_class() -> None:
    assert people(30, 7) == people(30, 7)
    seven, eight = ({re.sub("~.*", "", each.id) for each in people(30, seed)} for seed in (7, 8))
    assert len(seven - eight) > 10


def test_the_roster_is_read_as_a_roster(tmp_path: Path) -> None:
    students = people(30, 7)
    path = tmp_path / "roster.csv"
    path.write_text(roster_csv(students), "utf-8")
    roster = read_roster(path)
    assert [(each.id, each.name, each.group) for each in roster.students] == [
        (each.id, each.name, each.group) for each in students
    ]
    rows = list(csv.DictReader(io.StringIO(roster_csv(students))))
    assert {row["staff"] for row in rows} == {"no"}
