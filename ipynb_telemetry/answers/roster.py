"""The roster of a class: who is expected, in which group, and who is staff and counts nowhere."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

COLUMNS = ("id", "name", "group", "staff")
"""The columns of a roster; all but `id` may be missing, and others are ignored."""

_YES = {"yes", "y", "true", "1", "x", "staff"}
_NO = {"no", "n", "false", "0", ""}
# An event's label has no more characters.
_LONGEST = 200
_DELIMITERS = ",;\t"


class RosterError(ValueError):
    """A roster that cannot be read, and why, in words that follow its name."""


class Member(NamedTuple):
    """Somebody of a class.

    Attributes:
        id: by which events name a student, such as JOHN_DOE.
        name: to be shown; empty: the id is shown.
        group: such as a section; empty: none.
        is_staff: whether the member is left out of every count.
    """

    id: str
    name: str = ""
    group: str = ""
    is_staff: bool = False


class Roster:
    """The members of a class by their ids, in the order of the file."""

    def __init__(
        self, members: Iterable[Member], others: Mapping[str, Member] | None = None
    ) -> None:
        """Take the members; each id is there once.

        Args:
            members: in their order.
            others: members by other ids that are theirs, too.
        """
        self._members = {member.id: member for member in members}
        self._by_id = {**(others or {}), **self._members}

    def __iter__(self) -> Iterator[Member]:
        """Give all members, staff too."""
        return iter(self._members.values())

    def __contains__(self, student: object) -> bool:
        """Tell whether an id is in the roster."""
        return student in self._by_id

    def of(self, student: str) -> Member | None:
        """Give the member whose id it is, or one of whose ids; None: nobody's."""
        return self._by_id.get(student)

    @property
    def students(self) -> list[Member]:
        """All members but the staff."""
        return [member for member in self._members.values() if not member.is_staff]

    def is_staff(self, student: str) -> bool:
        """Tell whether an id is that of staff. Who is not in the roster is none."""
        member = self.of(student)
        return member is not None and member.is_staff

    def name(self, student: str) -> str:
        """Give the name of somebody; empty: none is known."""
        member = self.of(student)
        return "" if member is None else member.name

    def group(self, student: str) -> str:
        """Give the group of a student; empty: none is known."""
        member = self.of(student)
        return "" if member is None else member.group


def read_roster(path: Path) -> Roster:
    """Read a CSV file, as `parse_roster` does.

    Raises:
        RosterError: the file cannot be read, or is no roster.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RosterError(f"cannot be read: {error.strerror or error}") from error
    return parse_roster(content)


def parse_roster(content: bytes) -> Roster:
    """Read CSV in UTF-8, as spreadsheets write it: separated by commas, semicolons or tabs.

    Raises:
        RosterError: the text is no CSV, or a row is no member; the row is named by its line.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RosterError("is not UTF-8 text: save it as CSV UTF-8") from error
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    rows = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        named = {str(field).strip().lower(): field for field in rows.fieldnames or ()}
        if "id" not in named:
            raise RosterError(
                "has no column id: its first line names the columns, such as id,name,group,staff"
            )
        return Roster(_members(rows, named))
    except csv.Error as error:
        raise RosterError(f"is no CSV: line {rows.reader.line_num}: {error}") from error


def _members(rows: csv.DictReader[str], named: Mapping[str, str]) -> Iterator[Member]:
    seen: dict[str, int] = {}
    for row in rows:
        cells = {
            column: (row.get(named[column]) or "").strip() if column in named else ""
            for column in COLUMNS
        }
        if not any(cells.values()):
            continue  # spreadsheets leave such lines at the end
        line, student = rows.line_num, cells["id"]
        if student in seen:
            raise RosterError(f"has {student} in line {seen[student]} and in line {line}")
        if cells["staff"].lower() not in _YES | _NO:
            raise RosterError(f"line {line}: staff is yes or no, not {cells['staff'][:20]!r}")
        seen[student] = line
        is_staff = cells["staff"].lower() in _YES
        member = Member(student, cells["name"], cells["group"], is_staff)
        check_member(member, f"line {line}")
        yield member


def check_member(member: Member, place: str) -> None:
    """Look whether a member may stand in a roster.

    Args:
        member: as it was read.
        place: where it stands, such as `line 4`.

    Raises:
        RosterError: the member may not.
    """
    if not member.id:
        raise RosterError(f"{place} has no id")
    for column, text in zip(COLUMNS[:3], member[:3], strict=True):
        # The two joiners (U+200C, U+200D) are part of how names are written in Persian and Hindi.
        seen = text.replace("\u200c", "").replace("\u200d", "")
        if len(text) > _LONGEST or not seen.isprintable():
            raise RosterError(f"{place}: {column} must be up to {_LONGEST} characters that print")
