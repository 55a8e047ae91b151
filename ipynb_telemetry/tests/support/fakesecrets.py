# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Fake secrets in texts, made by each test; src/__tests__/events/fakesecrets.ts has the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .samples import read_samples

TABLE: dict[str, Any] = read_samples("secrets")
CORPUS: dict[str, Any] = read_samples("secret_kinds")
SIGNS = {
    name: "".join(sign for sign in map(chr, range(128)) if re.match(f"[{inside}]", sign))
    for name, inside in {**TABLE["alphabets"], **CORPUS["alphabets"]}.items()
}
FAKES = 2  # of each kind in each context
LONGER = 40  # than the shortest a fake may be
Draw = Callable[[str, int], str]


class Telling(NamedTuple):
    """Texts that are cleaned one after the other, of which the last one tells a secret."""

    kind: str
    side: str
    context: str
    secret: str
    steps: list[str]


def drawer(seed: int) -> Draw:
    """Give a function that draws signs of an alphabet, by the numbers of Park and Miller."""
    state = seed + 1

    def draw(alphabet: str, length: int) -> str:
        nonlocal state
        drawn = ""
        for _ in range(length):
            state = state * 16807 % 2147483647
            drawn += SIGNS[alphabet][state % len(SIGNS[alphabet])]
        return drawn

    return draw


def uuid(draw: Draw) -> str:
    """A UUID of no version."""
    return re.sub("^(.{8})(.{4})(.{4})(.{4})", r"\1-\2-\3-\4-", draw("hexadecimal", 32))


def behind(row: dict[str, Any], draw: Draw) -> str:
    """What follows the mark."""
    least, greatest = row["length"]
    count = min(greatest, least + LONGER)
    if row["alphabet"] == "hexadecimal and hyphens" and least == 36:
        return uuid(draw)
    if "dots" in row:
        dots: int = row["dots"]
        part = (count - dots) // (dots + 1)
        lengths = [part] * dots + [count - dots * (part + 1)]
        return ".".join(draw("letters and digits", length) for length in lengths)
    drawn = re.sub(
        "[^A-Za-z0-9_]{2,}", lambda signs: "a" * len(signs[0]), draw(row["alphabet"], count)
    )
    return re.sub("^[^A-Za-z0-9]|[^A-Za-z0-9]$", "a", drawn)


def kinds_of(half: str) -> Iterator[tuple[str, str, str, Callable[[Draw], str]]]:
    """Kind, name, mark and maker of each kind of one half."""
    for each in CORPUS["kinds"][half]:

        def make(draw: Draw, each: dict[str, Any] = each) -> str:
            is_uuid = each["alphabet"] == "uuid"
            return uuid(draw) if is_uuid else draw(each["alphabet"], each["length"])

        yield each["kind"], each["name"], each.get("mark", ""), make
    for index, (provider, rows) in enumerate(TABLE["providers"].items()):
        if (index % 2 == 0) == (half == "development"):
            name = re.sub("[^A-Za-z0-9]+", "_", provider).upper()
            name += "_" + ("API_KEY", "TOKEN", "SECRET")[index % 3]
            for row in rows:

                def make_marked(draw: Draw, row: dict[str, Any] = row) -> str:
                    return behind(row, draw)

                yield f"{provider} {row['mark']}", name, row["mark"], make_marked


def tellings(half: str, contexts_of: str = "") -> Iterator[Telling]:
    """All fakes of one half of the kinds, in one half of the contexts."""
    contexts = [
        (side, context, steps)
        for side, named in CORPUS["contexts"][contexts_of or half].items()
        for context, steps in named.items()
    ]
    before_of = {
        row["mark"]: row.get("before") for rows in TABLE["providers"].values() for row in rows
    }
    for i, (kind, name, mark, make) in enumerate(kinds_of(half)):
        before = before_of.get(mark)
        for j, (side, context, steps) in enumerate(contexts):
            for n in range(FAKES):
                draw = drawer((i * 100 + j) * 10 + n)
                draw("digits", 5)
                secret = make(draw)
                head = draw(before["alphabet"], before["length"][0]) if before else ""
                whole = head + mark + secret
                told = [
                    step.replace("{}", whole)
                    .replace("{NAME}", name)
                    .replace("{name}", name.lower())
                    for step in steps
                ]
                yield Telling(kind, side, context, head + secret, told)


def survives(text: str, secret: str) -> bool:
    """Whether nine characters of a secret together are left in a text, or all of a shorter one."""
    length = min(9, len(secret))
    return any(secret[at : at + length] in text for at in range(len(secret) - length + 1))
