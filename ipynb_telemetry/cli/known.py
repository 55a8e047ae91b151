"""The students and notebooks that a command may name: those that have events."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence

from .report import CommandError

_MAX_NAMED = 8


def refuse_unknown(
    students: Sequence[str], notebooks: Sequence[str], pairs: Iterable[tuple[str | None, str]]
) -> None:
    """Refuse a student or a notebook that no event is of, and say which there are.

    Args:
        students: ids that are asked for.
        notebooks: ids that are asked for.
        pairs: notebook and student of the events.

    Raises:
        CommandError: an id is not there.
    """
    there = list(pairs)
    for noun, wanted, known in (
        ("student", students, {student for _, student in there}),
        ("notebook", notebooks, {notebook for notebook, _ in there if notebook is not None}),
    ):
        for each in wanted:
            if each not in known:
                raise CommandError(f"no such {noun}: {each}; {_there_are(each, known)}")


def _there_are(word: str, known: set[str]) -> str:
    """Say what there is, what is nearest first."""
    if not known:
        return "there is none at all"
    folded = {re.sub(r"[\W_]+", "_", each).casefold(): each for each in sorted(known)}
    near = difflib.get_close_matches(
        re.sub(r"[\W_]+", "_", word).casefold(), folded, n=_MAX_NAMED, cutoff=0.5
    )
    named = [folded[each] for each in near]
    named += [each for each in sorted(known) if each not in named]
    more = f" and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
    return f"there {'is' if len(named) == 1 else 'are'} {', '.join(named[:_MAX_NAMED])}{more}"
