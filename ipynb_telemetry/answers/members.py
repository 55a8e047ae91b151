"""The roster as the collector keeps it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, TypeVar, cast

from ..store.projection import next_rev
from .roster import Member, Roster, RosterError, check_member

NAMES = "names"
"""A student who types the beginning of a name is offered the names that begin so."""
CODES = "codes"
"""A student types a code, and is shown the name; nobody is shown the names of others."""
NOTHING = "nothing"
"""A student types a name, of which nobody says whether the roster has it."""
OFFERS = (NAMES, CODES, NOTHING)

_MAX_MEMBERS = 10_000

T = TypeVar("T")


def read_members(connection: sqlite3.Connection) -> Roster:
    """Give the roster that was stored last; empty: none was."""
    rows = connection.execute(
        'SELECT student, name, "group", is_staff FROM roster ORDER BY position'
    )
    return Roster(
        Member(student, name, group, bool(is_staff)) for student, name, group, is_staff in rows
    )


def save_members(connection: sqlite3.Connection, members: Iterable[Member]) -> None:
    """Store a roster in place of the one before, within a transaction; an empty one removes it.

    A first roster is offered by names; a later one is offered as the one before.
    """
    connection.execute("DELETE FROM roster")
    rows = [
        (member.id, position, member.name, member.group, int(member.is_staff))
        for position, member in enumerate(members)
    ]
    connection.executemany("INSERT INTO roster VALUES (?, ?, ?, ?, ?)", rows)
    if rows:
        connection.execute("INSERT OR IGNORE INTO roster_offer VALUES (1, ?)", (NAMES,))
    else:
        connection.execute("DELETE FROM roster_offer")
    next_rev(connection)


def read_offer(connection: sqlite3.Connection) -> str:
    """Give what is offered of the roster to students who are asked for a name."""
    row = connection.execute(
        "SELECT offer FROM roster_offer WHERE EXISTS (SELECT 1 FROM roster WHERE is_staff = 0)"
    ).fetchone()
    return row[0] if row and row[0] in OFFERS else NOTHING


def save_offer(connection: sqlite3.Connection, offer: str) -> None:
    """Store what is offered, within a transaction."""
    connection.execute("INSERT OR REPLACE INTO roster_offer VALUES (1, ?)", (offer,))
    next_rev(connection)


def check_offer(given: Any) -> str | None:
    """Check an offer from outside; None: nothing was said.

    Raises:
        RosterError: the offer is none, in words that follow the roster's name.
    """
    if given is None or given in OFFERS:
        return cast("str | None", given)
    raise RosterError(f"is offered as {', '.join(OFFERS[:-1])} or {OFFERS[-1]}")


def check_count(members: list[T]) -> list[T]:
    """Give the members as they are, unless they are too many.

    Raises:
        RosterError: they are.
    """
    if len(members) > _MAX_MEMBERS:
        raise RosterError(f"has more than {_MAX_MEMBERS} members")
    return members


def check_members(given: Any) -> list[Member]:
    """Check a roster from outside: a list of objects with the columns of a roster.

    Raises:
        RosterError: the roster is none, in words that follow its name.
    """
    if not isinstance(given, list):
        raise RosterError("must be a list of members")
    check_count(given)
    members: dict[str, Member] = {}
    for number, each in enumerate(given, 1):
        if not isinstance(each, dict):
            raise RosterError(f"member {number} is no object")
        student, name, group = (each.get(column, "") for column in ("id", "name", "group"))
        if not all(isinstance(text, str) for text in (student, name, group)):
            raise RosterError(f"member {number}: id, name and group are texts")
        is_staff = each.get("is_staff", False)
        if not isinstance(is_staff, bool):
            raise RosterError(f"member {number}: is_staff is true or false")
        member = Member(student, name, group, is_staff)
        check_member(member, f"member {number}")
        if member.id in members:
            raise RosterError(f"has {member.id} twice")
        members[member.id] = member
    return list(members.values())
