# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Doctests, and the verdicts that a page hears of."""

from __future__ import annotations

import textwrap

from .frontend import FrontEnd

DOCTESTS = '''
import doctest
def add(a, b):
    """
    >>> add(1, 2)
    3
    """
    return a + b
def subtract(a, b):
    """
    >>> subtract(3, 2)
    1
    >>> subtract(3, 1)
    1
    >>> subtract(1)
    """
    return a - b
def divide(a, b):
    """
    >>> divide(1, 0)
    1
    """
    return a / b
def later():
    """
    >>> later()  # doctest: +SKIP
    """
'''


def results(page: FrontEnd, code: str) -> list[tuple[str, str]]:
    """The verdicts and tests a cell is told of."""
    return [(event, properties["test"]) for event, properties in page.events(textwrap.dedent(code))]
