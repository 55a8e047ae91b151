"""The jobs by which a lesson is tried out: which cells are run, and with which code."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from .benchprocess import BenchProcess
from .lesson import Cell, Lesson, Task, cells_of
from .mutations import Variant, wrong_variants
from .solutions import bound_names

LIMIT_S = 20.0
"""How long the cells of one variant may take; a variant that takes longer is no student's."""
_MAX_STARTS = 6
_REMARKS = ("TODO: check this", "first try", "step 1", "what comes out", "as in the lecture")


class Job(NamedTuple):
    """Cells to be run one after the other.

    Attributes:
        key: what is tried, such as `solved 2` for the exercise with that number.
        cells: with the code to run in each.
        stays: whether later jobs find what the cells define.
        without: names that these cells are not to find.
        kind: what is wrong with the code; empty: nothing is.
    """

    key: str
    cells: Sequence[tuple[Cell, str]]
    stays: bool = False
    without: Sequence[str] = ()
    kind: str = ""


def jobs_of(lesson: Lesson, seed: int) -> list[Job]:
    """Give the jobs in the order of the lesson: those of an exercise go before its solution."""
    jobs: list[Job] = []
    number = 0
    known: set[str] = set()
    for step in lesson.steps:
        if isinstance(step, Cell):
            jobs.append(Job(f"shown {step.id}", [(step, step.source)], stays=True))
            known |= bound_names(step.source)
            continue
        for cell in step.before:
            jobs.append(Job(f"shown {cell.id}", [(cell, cell.source)], stays=True))
            known |= bound_names(cell.source)
        right = step.work.source if step.solution is None else step.solution
        chance = random.Random(f"variants {seed} {number}")
        variants = [Variant("as handed out", step.work.source)]
        variants += wrong_variants(right, chance, frozenset(known))
        first = {each.kind: each for each in reversed(variants[1:])}
        variants += [
            Variant(each.kind, _in_another_hand(each.code, chance))
            for each in reversed(first.values())
            if each.kind not in ("syntax", "cell above not run")
        ]
        for nth, variant in enumerate(variants):
            jobs.append(
                Job(
                    f"wrong {number} {nth}",
                    work_of(step, variant.code),
                    without=variant.without,
                    kind=variant.kind,
                )
            )
        jobs.append(Job(f"solved {number}", work_of(step, right), stays=True))
        known |= bound_names(right)
        number += 1
    return jobs


def work_of(task: Task, code: str) -> list[tuple[Cell, str]]:
    """Give the cells of a student's attempt, the work with the code that is tried."""
    cells = cells_of(task)[len(task.before) :]
    return [(cell, code if cell is task.work else cell.source) for cell in cells]


def _in_another_hand(code: str, chance: random.Random) -> str:
    """Write the same code as another student might: the error stands in another line."""
    lines = code.split("\n")
    indented = [at for at, line in enumerate(lines) if line.startswith("    ") and line.strip()]
    if not indented or '"""' in "".join(lines[indented[0] + 1 :]):
        return f"# {chance.choice(_REMARKS)}\n{code}"
    # Below the docstring, which no remark is to be part of.
    at = indented[0] + (1 if '"""' in lines[indented[0]] else 0)
    indent = lines[indented[0]][: len(lines[indented[0]]) - len(lines[indented[0]].lstrip())]
    remarks = [f"{indent}# {chance.choice(_REMARKS)}" for _ in range(chance.randint(1, 3))]
    return "\n".join([*lines[:at], *remarks, *lines[at:]])


def run_jobs(
    jobs: Sequence[Job],
    counts: Mapping[str, int],
    folder: Path,
    watch: Callable[[int, int], object],
) -> dict[str, list[Any]]:
    """Do the jobs in a process of their own, and give by key what each run came to.

    A job that takes too long is left out, and the process begun again with the others.
    """
    told: dict[str, list[Any]] = {}
    bad: set[str] = set()
    for _ in range(_MAX_STARTS):
        left = [job for job in jobs if job.key not in bad and (job.stays or job.key not in told)]
        if all(job.key in told for job in left):
            break
        with BenchProcess(folder) as process:
            process.begin([_document(job, counts) for job in left])
            for job in left:
                runs = process.read(LIMIT_S)
                if runs is None:
                    bad.add(job.key)
                    break
                told[job.key] = runs
                watch(len(told), len(jobs))
    for job in jobs:
        if job.key not in told:
            told[job.key] = []
    return told


def _document(job: Job, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "key": job.key,
        "stays": job.stays,
        "without": list(job.without),
        "cells": [{"code": code, "count": counts[cell.id]} for cell, code in job.cells],
    }
