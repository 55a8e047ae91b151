"""The exercises and the students that the queries of a dashboard in PostHog are made with."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .report import CommandError

if TYPE_CHECKING:
    from ..answers.outlines import Exercise
    from ..answers.roster import Roster
    from ..notebooks.outline import Exercise as Asked


def query_values(
    printed: Sequence[str],
    exercises: Mapping[str, Sequence[Asked]],
    roster_file: str | None,
    secret_file: str | None = None,
) -> dict[str, str]:
    """Give what is written into the queries.

    Args:
        printed: the files with what `outline --json` has printed.
        exercises: of notebooks that were read, by the notebook's id.
        roster_file: CSV as `roster` takes it; None: no roster.
        secret_file: by which events have codes in place of the roster's ids; None: they have ids.
    """
    from ..answers.roster import Roster, RosterError, read_roster
    from ..answers.thresholds import Thresholds
    from ..posthogapi.baked import literals

    outlines = _outlines(printed, exercises)
    roster: Roster = Roster(())
    if roster_file is not None:
        try:
            roster = read_roster(Path(roster_file))
        except RosterError as error:
            raise CommandError(f"{roster_file} {error}") from error
    if secret_file is not None:
        roster = _under_codes(roster, Path(secret_file))
    return literals(outlines, roster, Thresholds())


def _under_codes(roster: Roster, path: Path) -> Roster:
    from ..answers.codesecret import SecretError, read_secret
    from ..answers.roster import Roster
    from ..answers.studentcodes import code_of

    try:
        secret = read_secret(path)
    except SecretError as error:
        raise CommandError(f"{path} {error}") from error
    if secret is None:
        raise CommandError(f"{path} is not there: jupyter telemetry codes makes it")
    return Roster(member._replace(id=code_of(secret, member.id), name="") for member in roster)


def _outlines(
    printed: Sequence[str], exercises: Mapping[str, Sequence[Asked]]
) -> dict[str, list[Exercise]]:
    from ..answers.outlinesaving import OutlineError, check_exercises

    told: dict[str, Any] = {}
    for path in printed:
        told.update(_printed(path))
    for notebook, found in exercises.items():
        told[notebook] = [asdict(exercise) for exercise in found]
    try:
        return {
            notebook: check_exercises(document, notebook) for notebook, document in told.items()
        }
    except OutlineError as error:
        raise CommandError(str(error)) from error


def _printed(path: str) -> dict[str, Any]:
    """Read what `outline --json` has printed."""
    try:
        document = json.loads(Path(path).read_text("utf-8"))
        found = {each["notebook"]: each["exercises"] for each in document["notebooks"]}
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise CommandError(f"{path} is not what jupyter telemetry outline --json prints") from error
    if not all(isinstance(notebook, str) and notebook.isprintable() for notebook in found):
        raise CommandError(f"{path} has a notebook whose id is no text")
    return {notebook: exercises for notebook, exercises in found.items() if exercises}
