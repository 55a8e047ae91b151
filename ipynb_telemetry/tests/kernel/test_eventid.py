# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Ids of events, in whose order a page sends what waits."""

from __future__ import annotations

import itertools
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from .frontend import SOURCE

NOW_NS = 1_796_000_000_123_456_789


@pytest.fixture
def uuid7(copy: dict[str, Any]) -> Callable[[], str]:
    made: Callable[[], str] = copy["_uuid7"]
    return made


def test_an_id_is_a_uuid_of_version_7_with_the_time(
    uuid7: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: NOW_NS)
    made = uuid.UUID(uuid7())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == NOW_NS // 1_000_000
    # 0.456789 of a millisecond.
    assert made.int >> 64 & 0xFFF == 1871


@pytest.mark.parametrize(
    "clock",
    [
        lambda nth: NOW_NS,
        lambda nth: NOW_NS - nth * 1_000_000_000,
        lambda nth: NOW_NS + nth * 200,
        lambda nth: NOW_NS + nth // 5_000 * 15_600_000,
    ],
    ids=["stands", "is set back", "runs", "is coarse"],
)
def test_each_id_sorts_behind_those_before_it(
    uuid7: Callable[[], str], monkeypatch: pytest.MonkeyPatch, clock: Callable[[int], int]
) -> None:
    count = itertools.count()
    monkeypatch.setattr(time, "time_ns", lambda: clock(next(count)))
    made = [uuid7() for _ in range(10_000)]
    assert made == sorted(set(made))


def test_ids_of_several_copies_and_threads_are_distinct_and_in_order(
    copy: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: NOW_NS)
    other: dict[str, Any] = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(SOURCE, other)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor() as pool:
            makers = [copy["_uuid7"], other["_uuid7"]] * 4
            made = list(pool.map(lambda make: [make() for _ in range(500)], makers))
    finally:
        sys.setswitchinterval(interval)
    assert len(set(itertools.chain(*made))) == 4_000
    assert all(each == sorted(each) for each in made)
