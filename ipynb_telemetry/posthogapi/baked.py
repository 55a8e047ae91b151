"""What of a class is written into the queries: its exercises and its roster, which no event tells.

A query has places such as `__items__`, in which a literal is put:

- `__items__`, `__labels__`: each cell and test of the outlines (kind, notebook, item, a line each),
  and the exercise that each is of;
- `__order__`, `__tests__`: each exercise (notebook and name, a line each) in order, and how many
  tests each has;
- `__exercises__`: the same as tuples of notebook, name, place in the order, tests;
- `__outlined__`: the notebooks that have an outline; in the others each test is an exercise;
- `__members__`, `__groups__`: the students of the roster, and the group of each; `__staff__`;
- the names of `answers.thresholds`.

Every list begins with an element that means nothing, since an empty list has no type.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from ..answers.outlines import Exercise
from ..answers.roster import Roster
from ..answers.thresholds import Thresholds

PLACE = re.compile(r"__([a-z_]+?)__")


def literals(
    outlines: Mapping[str, Sequence[Exercise]], roster: Roster, thresholds: Thresholds
) -> dict[str, str]:
    """Give what is put in each place of a query, as HogQL.

    Args:
        outlines: the exercises of notebooks in their order, by the notebook's id.
        roster: who is in the class; empty: nothing is known.
        thresholds: when an answer says something of a student.
    """
    items, labels = [""], [""]
    order: list[str] = [""]
    tests = [0]
    rows: list[tuple[str, str, int, int]] = [("", "", 0, 0)]
    for notebook in sorted(outlines):
        exercises = outlines[notebook]
        for exercise, name in zip(exercises, _names(exercises), strict=True):
            order.append(f"{notebook}\n{name}")
            tests.append(len(exercise.tests))
            rows.append((notebook, name, len(order), len(exercise.tests)))
            for kind, ids in (
                ("test", exercise.tests),
                ("cell", (*exercise.cells, *exercise.solutions)),
            ):
                items += [f"{kind}\n{notebook}\n{item}" for item in ids]
                labels += [name] * len(ids)
    students = roster.students
    return {
        "items": _list(items),
        "labels": _list(labels),
        "order": _list(order),
        "tests": f"[{', '.join(map(str, tests))}]",
        "exercises": "[{}]".format(
            ", ".join(
                f"({_text(notebook)}, {_text(name)}, {place}, {count})"
                for notebook, name, place, count in rows
            )
        ),
        "outlined": _list(["", *sorted(outlines)]),
        "members": _list(["", *(member.id for member in students)]),
        "groups": _list(["", *(member.group for member in students)]),
        "staff": _list(["", *(member.id for member in roster if member.is_staff)]),
        **{name: f"{value:g}" for name, value in thresholds._asdict().items()},
    }


def put_in(query: str, values: Mapping[str, str]) -> str:
    """Give a query with a literal in each of its places.

    Raises:
        KeyError: a place has no literal.
    """
    return PLACE.sub(lambda found: values[found[1]], query)


def _names(exercises: Sequence[Exercise]) -> list[str]:
    """Name the exercises of a notebook, each otherwise."""
    seen: Counter[str] = Counter()
    names = []
    for exercise in exercises:
        seen[exercise.title] += 1
        again = seen[exercise.title]
        names.append(exercise.title if again == 1 else f"{exercise.title} ({again})")
    return names


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    for letter, written in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n")):
        text = text.replace(letter, written)
    return f"'{text}'"
