"""Events by the person they are of, where an instructor has merged or split names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING

from .report import CommandError

if TYPE_CHECKING:
    import sqlite3

    from ..answers.roster import Roster
    from ..store.aliases import Aliases
    from ..store.reading import Selection, Snapshot, StoredEvent


class Persons:
    """Tells whose the events of a collector's file are."""

    def __init__(self, stored: Snapshot) -> None:
        """Read the aliases; a file of an older version has none."""
        from ..store.aliases import Aliases, read_aliases

        has = {name for (name,) in stored.connection.execute("SELECT name FROM sqlite_schema")}
        self.aliases: Aliases = (
            read_aliases(stored.connection) if "person_alias" in has else Aliases(())
        )
        self._stored = stored
        self._has_roster = "roster" in has

    @cached_property
    def roster(self) -> Roster:
        """The roster that is kept, with the ids that events have."""
        from ..answers.members import read_members
        from ..answers.roster import Roster

        kept = read_members(self._stored.connection) if self._has_roster else Roster(())
        return self.known(kept)

    def known(self, roster: Roster) -> Roster:
        """Give a roster with the ids that events have, which may be codes."""
        from ..answers.pseudonyms import as_known, codes_of
        from ..store.reading import Selection

        codes = codes_of(self._stored.connection, roster)
        there = {student for _, student in self.students(Selection())} if codes else set()
        return as_known(roster, codes, there, self.aliases)

    def meant(self, students: Iterable[str], known: Set[str]) -> list[str]:
        """Give the ids of the events' students, who may be named as in the roster.

        Args:
            students: ids, codes or names.
            known: ids that events have.

        Raises:
            CommandError: several students have a name.
        """
        return [
            each
            for student in students
            for each in ([student] if student in known else self._ids(student, known) or [student])
        ]

    def _ids(self, student: str, known: Set[str]) -> list[str]:
        from ..answers.pseudonyms import ids_of

        found = ids_of(self._stored.connection, student) if self._has_roster else []
        there = [[each for each in ids if each in known] for ids in found]
        return _only(student, [ids for ids in there if ids] or [[]])

    def named(self, students: Iterable[str]) -> list[str]:
        """Give the persons that students are, each once."""
        return list(dict.fromkeys(self.aliases.of(student) for student in students))

    def of(self, event: StoredEvent) -> str:
        """Give the person that an event is of."""
        return (
            self.aliases.of(event.distinct_id, _session_of(event))
            if self.aliases
            else (event.distinct_id)
        )

    def events(self, selection: Selection) -> Iterator[StoredEvent]:
        """Give the events of a selection whose students are persons, oldest first."""
        if not self.aliases or not selection.students:
            return self._stored.events(selection)
        wanted = {*selection.students}
        return (
            event
            for event in self._stored.events(self._wider(selection))
            if self.of(event) in wanted
        )

    def count(self, selection: Selection) -> int:
        """Count them."""
        if not self.aliases or not selection.students:
            return self._stored.count(selection)
        return sum(1 for _ in self.events(selection))

    def students(self, selection: Selection) -> list[tuple[str | None, str]]:
        """Give who is there: each pair of notebook and person once, in order."""
        pairs = self._stored.students(self._wider(selection))
        if not self.aliases:
            return pairs
        found = {
            (notebook, self.aliases.of(student))
            for notebook, student in pairs
            if student not in self.aliases.split
        }
        split = tuple(self.aliases.split & {student for _, student in pairs})
        if split:
            for event in self._stored.events(selection._replace(students=split)):
                found.add((event.notebook, self.of(event)))
        wanted = {*selection.students}
        return sorted(
            (pair for pair in found if not wanted or pair[1] in wanted),
            key=lambda pair: (pair[0] is not None, pair[0] or "", pair[1]),
        )

    def _wider(self, selection: Selection) -> Selection:
        """Narrow to all names under which events of the persons may have come."""
        names = [name for person in selection.students for name in self.aliases.names_of(person)]
        return selection._replace(students=names)


def ids_meant(connection: sqlite3.Connection, student: str, *, is_there: bool) -> list[str]:
    """Give the ids of the student who is meant: by the roster, several where one is a code.

    Args:
        connection: of the store.
        student: the id, the code or the roster's name.
        is_there: whether something is kept under this very id.

    Raises:
        CommandError: several students have the name.
    """
    from ..answers.pseudonyms import ids_of

    found = ids_of(connection, student)
    if any(student in ids for ids in found):
        return found[0]
    # An id may be the name of somebody else, too.
    return [student] if is_there else _only(student, found)


def _only(student: str, found: Sequence[list[str]]) -> list[str]:
    if len(found) > 1:
        ids = ", ".join(each[0] for each in found)
        raise CommandError(
            f"several students of the roster are called {student}: name one of {ids}"
        )
    return found[0]


def _session_of(event: StoredEvent) -> str:
    try:
        session = json.loads(event.properties)["session_id"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return session if isinstance(session, str) else ""
