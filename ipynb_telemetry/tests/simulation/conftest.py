"""Lessons whose code was run, once for all tests."""

from pathlib import Path
from typing import NamedTuple

import pytest

from ipynb_telemetry.notebooks.notebookfile import NotebookFile
from ipynb_telemetry.simulation.lesson import Lesson, read_lesson
from ipynb_telemetry.simulation.trials import Trials, try_out
from ipynb_telemetry.tests.support.commandline import EXAMPLE
from ipynb_telemetry.tests.support.lessons import write_lesson


class Tried(NamedTuple):
    lesson: Lesson
    trials: Trials


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """A lesson of two exercises."""
    path = write_lesson(tmp_path_factory.mktemp("small") / "shopping.ipynb")
    lesson = read_lesson(NotebookFile(path))
    return Tried(lesson, try_out(lesson, 7))


@pytest.fixture(scope="session")
def course() -> Tried:
    """The lesson of the example."""
    lesson = read_lesson(NotebookFile(Path(EXAMPLE)))
    return Tried(lesson, try_out(lesson, 7))
