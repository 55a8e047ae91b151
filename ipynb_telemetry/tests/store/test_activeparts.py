"""Active time in parts: added up, put together, and never longer than bounded."""

from ipynb_telemetry.store.activeparts import MOST, active_since, joined, with_active


def test_time_goes_to_the_part_that_began_then() -> None:
    parts = with_active(with_active(with_active("", 100, 7), 100, 5), 200, 3)
    assert parts == "100:12 200:3"
    assert with_active(parts, 300, 0) == parts
    assert [active_since(parts, at_ms) for at_ms in (0, 100, 101, 200, 201)] == [15, 15, 3, 3, 0]


def test_sessions_without_any_time_have_no_part() -> None:
    assert joined(["", "100:12", "", "50:2 60:1"]) == "100:12 50:2 60:1"
    assert joined([]) == ""


def test_many_parts_are_bounded_and_lose_no_time() -> None:
    parts = ""
    for number in range(10 * MOST):
        parts = with_active(parts, number, 1)
    for found in (parts, joined([parts, parts])):
        assert len(found.split()) == MOST
        assert active_since(found, 0) in (10 * MOST, 20 * MOST)
    assert active_since(parts, 10 * MOST - 5) == 5
