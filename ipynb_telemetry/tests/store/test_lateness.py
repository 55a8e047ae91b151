"""The histogram says what the sorted list would, in any order, in any number of parts."""

import random

import pytest

from ipynb_telemetry.store.lateness import Lateness

HOUR = 3_600_000


def histogram(values: list[int], *, parts: int = 1) -> Lateness:
    size = max(1, len(values) // parts)
    found = Lateness(0, "")
    for begin in range(0, len(values), size):
        if begin:
            found = Lateness(min(values[:begin]), found.text)
        found.add(values[begin : begin + size])
    return found


def some(chance: random.Random, length: int) -> list[int]:
    """Give `received - ts` of a session: some at once, some in batches, some after hours."""
    clock = chance.randrange(-(10**9), 10**9)
    return [
        clock + round(chance.choice([chance.random() * 400, 9000 * chance.random(), HOUR / 3]))
        for _ in range(length)
    ]


@pytest.mark.parametrize("seed", range(30))
def test_a_percentile_is_right_to_a_sixteenth(seed: int) -> None:
    chance = random.Random(seed)
    values = some(chance, chance.choice([1, 2, 19, 20, 21, 500]))
    late = sorted(value - min(values) for value in values)
    exact = late[len(late) - len(late) // 20 - 1]
    assert histogram(values).p95_ms == pytest.approx(exact, rel=1 / 16, abs=64)


@pytest.mark.parametrize("seed", range(30))
def test_neither_order_nor_parts_change_the_histogram(seed: int) -> None:
    chance = random.Random(seed)
    values = some(chance, 200)
    whole = histogram(sorted(values))
    falling = sorted(values, reverse=True)  # each is the least so far
    for order in (falling, chance.sample(values, len(values))):
        for parts in (1, 7, 200):
            assert histogram(order, parts=parts).text == whole.text


def test_a_few_events_after_hours_leave_the_others_as_they_were() -> None:
    values = [*range(0, 5000, 50), 5 * HOUR, 6 * HOUR]
    assert histogram(values).p95_ms == pytest.approx(4800, rel=1 / 16)


def test_there_are_no_more_cells_than_the_times_ask_for() -> None:
    chance = random.Random(1)
    lesson = histogram([round(10_000 * chance.random()) for _ in range(20_000)])
    assert len(lesson.text) < 1000
    hostile = histogram([chance.randrange(2 ** chance.randrange(1, 45)) for _ in range(50_000)])
    assert len(hostile.text) < 10_000


@pytest.mark.parametrize("count", [0, 1, 5])
def test_events_that_are_equally_late_are_not_late(count: int) -> None:
    assert histogram([-12_345] * count).p95_ms == 0
