"""Who is in a simulated class: names, ids that no real student can have, and parts to play."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from ..store.simulated import MARK


class Part(Enum):
    """What a student is in the class for; most are `ORDINARY`."""

    LOST = "has the same error again and again, to the end"
    SPINNING = "fails a test ten times and more, by ever other errors"
    PEEKING = "opens each solution before trying"
    OFFLINE = "loses the network: events come late, and some were given up"
    NAMESAKE = "has the name of somebody else"
    QUIET = "goes away and does not come back"
    CLOSED = "closes the tab, and the session has no end"
    HOLED = "has events that never arrived, and nobody knows why"
    FAST = "has done everything after half of the time"
    SLOW = "takes twice as long as others"
    ABSENT = "never starts"
    ORDINARY = "works, errs, and goes on"


class Student(NamedTuple):
    """A student.

    Attributes:
        id: as events have it, such as `ANN_LEE~7`.
        name: for people.
        group: of the roster.
        part: what the student is there for.
    """

    id: str
    name: str
    group: str
    part: Part


_FIRST = (
    *("Ada", "Aisha", "Amara", "Ana", "Bela", "Bo", "Carla", "Chen", "Dana", "Diego", "Elif"),
    *("Emil", "Esra", "Farid", "Fiona", "Goran", "Hana", "Hugo", "Ida", "Ines", "Ivan", "Jana"),
    *("Jonas", "Kai", "Kofi", "Lara", "Lin", "Luca", "Maya", "Mehmet", "Mina", "Nadia", "Nils"),
    *("Noor", "Olga", "Omar", "Paula", "Priya", "Rafael", "Rosa", "Sami", "Sofia", "Tariq"),
    *("Tomas", "Uma", "Vera", "Viktor", "Yara", "Yusuf", "Zoe"),
)
_LAST = (
    *("Abe", "Adler", "Bauer", "Bello", "Berg", "Castro", "Costa", "Diaz", "Dubois", "Egger"),
    *("Fischer", "Fontana", "Garcia", "Gupta", "Haas", "Hassan", "Horvat", "Ito", "Jansen"),
    *("Kaya", "Keller", "Kim", "Kovac", "Kowalski", "Lam", "Lopez", "Marino", "Mensah", "Meyer"),
    *("Moreau", "Nakamura", "Nguyen", "Novak", "Okafor", "Olsen", "Park", "Patel", "Petrov"),
    *("Rossi", "Roth", "Sato", "Silva", "Singh", "Sommer", "Tanaka", "Vogel", "Weber", "Wu"),
    *("Yilmaz", "Zhang"),
)
# First and last name: two people whose names are told alike, since `_` alone tells their ids apart.
_NAMESAKES = (("Mary-Ann", "Lee"), ("Mary", "Ann-Lee"))
_PARTS = (
    *(Part.LOST, Part.PEEKING, Part.OFFLINE, Part.ABSENT, Part.NAMESAKE, Part.NAMESAKE),
    *(Part.QUIET, Part.SPINNING, Part.CLOSED, Part.HOLED, Part.FAST, Part.SLOW),
)
_GROUPS = ("A", "B")


def people(count: int, seed: int) -> list[Student]:
    """Give the students of a class, the same for the same seed.

    Two thirds of a small class at most have a part to play, in the order of importance.

    Args:
        count: how many.
        seed: chooses the names, and who is who.
    """
    chance = random.Random(f"people {seed}")
    parts: list[Part] = list(_PARTS[: count * 2 // 3])
    if parts.count(Part.NAMESAKE) == 1:
        parts.remove(Part.NAMESAKE)
    parts += [Part.ORDINARY] * (count - len(parts))
    chance.shuffle(parts)
    names = [(first, last) for first in _FIRST for last in _LAST]
    chosen = chance.sample(names, min(count, len(names)))
    namesakes = list(_NAMESAKES)
    students = []
    for number, part in enumerate(parts):
        first, last = chosen[number % len(chosen)]
        name = f"{first} {last}"
        if part is Part.NAMESAKE:
            first, last = namesakes.pop()
            name = "Mary-Ann-Lee"
        again = f"-{number // len(chosen) + 1}" if number >= len(chosen) else ""
        students.append(
            Student(
                id=f"{first}_{last}{MARK}{seed}{again}".upper(),
                name=name,
                group=_GROUPS[number % len(_GROUPS)],
                part=part,
            )
        )
    return students


def roster_csv(students: Sequence[Student]) -> str:
    """Write the roster of a class, as `answers.roster` reads it."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "name", "group", "staff"])
    rows.writerows([each.id, each.name, each.group, "no"] for each in students)
    return text.getvalue()
