"""Rosters, as spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ipynb_telemetry.answers.roster import Member, RosterError, read_roster

ROWS = "id,name,group,staff\nANN_LEE,Ann Lee,A,\nKIM_LIM,Kim Lim,B,no\nSAM_TEE,,,yes\n"


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode(),
        ROWS.replace("\n", "\r\n").encode("utf-8-sig"),
        ROWS.replace(",", ";").encode(),
        ROWS.replace(",", "\t").encode(),
        b"Staff, Group ,more,ID,name\n,A,1, ANN_LEE ,Ann Lee\n0,B,,KIM_LIM,Kim Lim\n"
        b"X,,,SAM_TEE\n\n,,,,\n",
        b'id,name,group,staff\n"ANN_LEE","Ann Lee",A,\nKIM_LIM,Kim Lim,B,FALSE\nSAM_TEE,,,Staff',
    ],
)
def test_members_are_read(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "class.csv"
    path.write_bytes(content)
    roster = read_roster(path)
    assert roster.students == [
        Member("ANN_LEE", "Ann Lee", "A"),
        Member("KIM_LIM", "Kim Lim", "B"),
    ]
    assert [roster.is_staff(who) for who in ("SAM_TEE", "ANN_LEE", "BOB_ROE")] == [
        True,
        False,
        False,
    ]
    assert [roster.group(who) for who in ("KIM_LIM", "SAM_TEE", "BOB_ROE")] == ["B", "", ""]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "has no column id"),
        (b"student,name\nANN_LEE,Ann\n", "has no column id"),
        (b"id,name\nANN_LEE,Ann\n,Kim\n", "line 3 has no id"),
        (b"id\nANN_LEE\n\nANN_LEE\n", "has ANN_LEE in line 2 and in line 4"),
        (b"id,staff\nANN_LEE,perhaps\n", "line 2: staff is yes or no, not 'perhaps'"),
        (b"id,group\nANN_LEE,A\x1b\n", "line 2: group must be up to 200 characters that print"),
        (b"id\n" + b"A" * 201, "line 2: id must be up to 200 characters that print"),
        (b'id\nANN_LEE\n"KIM"LIM\n', "is no CSV: line 3"),
        ("id,name\nANN_LEE,Zoë".encode("latin-1"), "is not UTF-8 text"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "class.csv"
    path.write_bytes(content)
    with pytest.raises(RosterError) as refusal:
        read_roster(path)
    assert words in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RosterError, match="cannot be read: No such file"):
        read_roster(tmp_path / "class.csv")
