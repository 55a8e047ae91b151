"""A class of which events have codes: whose each code is, by the roster and the course's secret.

The store has codes where its events have codes. Whose these are is found with each question, for
the members of the roster and not for each event, and is written down nowhere.
"""

from __future__ import annotations

import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence, Set

from ..store.aliases import Aliases, read_aliases
from .codesecret import SecretError, secret_of
from .members import read_members
from .roster import Member, Roster
from .studentcodes import code_of

THERE = """
WITH asked (who) AS (VALUES {})
SELECT who FROM asked WHERE EXISTS (SELECT 1 FROM session_audit WHERE student = who)
    OR EXISTS (SELECT 1 FROM session_audit WHERE person = who)
"""
"""Give the ids among these that have events, or by which an instructor has named a person."""
_AT_ONCE = 500  # an older SQLite takes no more than 999 values


def read_class(connection: sqlite3.Connection) -> Roster:
    """Give the roster with the ids that events have, see `as_known`."""
    roster = read_members(connection)
    codes = codes_of(connection, roster)
    return as_known(roster, codes, _there(connection, [*codes]), read_aliases(connection))


def as_known(
    roster: Roster, codes: Mapping[str, Member], there: Set[str], aliases: Aliases
) -> Roster:
    """Give a roster with the ids that events have: of whoever came under a code, the code.

    The other id of a member, under which nothing or less has come, is the member's, too.

    Args:
        roster: with the ids of its file.
        codes: its members by their codes; empty: there are no codes.
        there: ids under which something has come.
        aliases: by which an instructor may have said whose a code is.
    """
    if not codes:
        return roster
    here = {code for code in there & codes.keys() if aliases.of(code) != codes[code].id}
    return Roster(
        [member._replace(id=code) if code in here else member for code, member in codes.items()],
        {member.id if code in here else code: member for code, member in codes.items()},
    )


def read_shown(connection: sqlite3.Connection) -> dict[str, str]:
    """Give the names that codes of the roster are shown by; the id where there is no name.

    Of members whose names read alike each has the id behind the name.
    """
    members = codes_of(connection, read_members(connection))
    many = Counter(_as_read(member.name) for member in members.values() if member.name)
    return {
        code: f"{member.name} ({member.id})"
        if many[_as_read(member.name)] > 1
        else member.name or member.id
        for code, member in members.items()
    }


def ids_of(connection: sqlite3.Connection, student: str) -> list[list[str]]:
    """Give whom an id, a code or a name may mean: the ids of each, that of the roster first.

    Only a name may mean several members. Whoever the roster does not know has the one id.
    """
    roster = read_members(connection)
    code_of_id = {member.id: code for code, member in codes_of(connection, roster).items()}
    all_ids = [
        (member, [member.id, *filter(None, [code_of_id.get(member.id)])]) for member in roster
    ]
    by_id = [ids for _, ids in all_ids if student in ids]
    name = _as_read(student)
    by_name = [ids for member, ids in all_ids if name and _as_read(member.name) == name]
    return by_id or by_name or [[student]]


def _there(connection: sqlite3.Connection, ids: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(ids), _AT_ONCE):
        asked = ids[at : at + _AT_ONCE]
        rows = connection.execute(THERE.format(", ".join(["(?)"] * len(asked))), asked)
        found.update(each for (each,) in rows)
    return found


def _as_read(name: str) -> str:
    """Give a name without what nobody sees: capitals, blanks, and how accents are put together."""
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())


def codes_of(connection: sqlite3.Connection, roster: Roster) -> dict[str, Member]:
    """Give the members by their codes, in the roster's order; empty where codes were never made."""
    try:
        secret = secret_of(connection)
    except SecretError:
        secret = None  # answers go on with what events have; `doctor` says what is wrong
    return {} if secret is None else {code_of(secret, member.id): member for member in roster}
