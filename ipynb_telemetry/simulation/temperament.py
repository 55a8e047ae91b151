"""How a student works: how fast, how carefully, and what the student is inclined to do."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from .people import Part


@dataclass(frozen=True)
class Temperament:
    """How a student works; shares are of 1.

    Attributes:
        pace: how long everything takes, compared with the median student.
        late_s: how long after the beginning the student opens the notebook.
        errs: how likely an attempt is wrong.
        repeats: how likely the next wrong attempt has the same error.
        peeks: how likely a solution is opened after a failure.
        pastes: how likely code is then copied out of it.
        wanders: how likely the student goes away before or in an exercise.
        skips: how likely a cell that is only shown is not run.
        runs_all: whether the student begins by running all cells.
        leaves: whether the student closes the notebook when the lesson ends.
    """

    pace: float
    late_s: float
    errs: float
    repeats: float
    peeks: float
    pastes: float
    wanders: float
    skips: float
    runs_all: bool
    leaves: bool


def temperament(chance: random.Random, part: Part, lesson_s: float) -> Temperament:
    """Give a student's temperament.

    Args:
        chance: of the student.
        part: what the student is in the class for.
        lesson_s: how long the lesson takes, in seconds.
    """
    drawn = Temperament(
        pace=min(1.7, max(0.6, chance.lognormvariate(0, 0.25))),
        late_s=min(0.2 * lesson_s, abs(chance.gauss(0, 0.03)) * lesson_s),
        errs=chance.uniform(0.25, 0.7),
        repeats=chance.uniform(0.1, 0.5),
        peeks=chance.choice((0.02, 0.1, 0.2, 0.35)),
        pastes=chance.uniform(0.2, 0.8),
        wanders=chance.choice((0.1, 0.3, 0.6)),
        skips=chance.choice((0.0, 0.0, 0.1, 0.3)),
        runs_all=chance.random() < 0.1,
        leaves=chance.random() < 0.4,
    )
    if part is Part.FAST:
        return replace(drawn, pace=0.5, errs=0.2, late_s=0.0, peeks=0.02)
    if part is Part.SLOW:
        return replace(drawn, pace=1.8, leaves=False)
    if part is Part.PEEKING:
        return replace(drawn, pace=0.9, late_s=0.0, errs=0.1, pastes=1.0, leaves=False)
    if part in (Part.LOST, Part.SPINNING):
        return replace(drawn, pace=0.9, late_s=0.0, wanders=0.0, peeks=0.0, leaves=False)
    if part in (Part.QUIET, Part.CLOSED):
        return replace(drawn, leaves=False)
    if part in (Part.OFFLINE, Part.HOLED):
        return replace(drawn, pace=0.9, late_s=0.0, leaves=True)
    return drawn
