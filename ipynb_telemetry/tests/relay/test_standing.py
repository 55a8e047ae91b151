import itertools

import pytest

from ipynb_telemetry.relay.standing import Standing, corrects

NEW = Standing(0, None, False, 0, 0, None)
FAILED = NEW._replace(settled_at=10, failures=1, problem="503")
REFUSED = NEW._replace(settled_at=10, problem="401", is_refusing=True)
RIGHT = NEW._replace(settled_at=10, took_until=0)
AWAY = RIGHT._replace(problem="503")
REVOKED = RIGHT._replace(problem="401", is_refusing=True)


def pair(named: Standing, other: Standing, *, is_later: bool) -> bool:
    """Ask the rule of two, of which the one that is right had its success before the other came."""
    first, second = (other, named) if is_later else (named, other)
    first, second = first._replace(id=1), second._replace(id=2)
    if first.took_until is not None:
        first = first._replace(took_until=1)
    if second.took_until is not None:
        second = second._replace(took_until=2)
    return corrects(*((second, first) if is_later else (first, second)))


@pytest.mark.parametrize("other", [FAILED, REFUSED, REVOKED])
@pytest.mark.parametrize("named", [NEW, RIGHT, AWAY])
def test_a_new_destination_corrects_a_wrong_one(named: Standing, other: Standing) -> None:
    assert pair(named, other, is_later=True)


@pytest.mark.parametrize("named", [NEW, FAILED, REFUSED, RIGHT, AWAY, REVOKED])
@pytest.mark.parametrize("is_later", [True, False])
def test_what_is_kept_for_another_one_stays_with_it(named: Standing, is_later: bool) -> None:
    for other in (NEW, RIGHT, AWAY):
        assert not pair(named, other, is_later=is_later)


@pytest.mark.parametrize("named", [FAILED, REFUSED, REVOKED])
@pytest.mark.parametrize("is_later", [True, False])
def test_a_wrong_one_takes_nothing(named: Standing, is_later: bool) -> None:
    for other in (NEW, FAILED, REFUSED, RIGHT, AWAY, REVOKED):
        assert not pair(named, other, is_later=is_later)


def test_what_one_refuses_that_took_events_beside_the_named_one_stays() -> None:
    revoked = REVOKED._replace(id=1, took_until=2)
    assert not corrects(RIGHT._replace(id=2, took_until=2), revoked)
    assert corrects(NEW._replace(id=3), revoked)


def test_a_slip_that_is_refused_is_taken_back_at_once() -> None:
    assert pair(RIGHT, REFUSED, is_later=False)
    assert pair(AWAY, REFUSED, is_later=False)
    assert not pair(NEW, REFUSED, is_later=False)


def test_a_slip_that_fails_is_taken_back_once_it_is_not_the_network() -> None:
    slip = FAILED._replace(id=2, settled_at=20)
    before = RIGHT._replace(id=1, took_until=1)
    assert not corrects(before, slip)
    since = before._replace(took_until=2)
    assert corrects(since, slip)
    assert not corrects(since._replace(problem="503"), slip)
    assert not corrects(since._replace(settled_at=20), slip)


def test_no_two_correct_each_other() -> None:
    standings = [
        Standing(*known)
        for known in itertools.product(
            (1, 2), (None, 1, 2), (False, True), (0, 10, 20), (0, 1), (None, "503")
        )
    ]
    for one, two in itertools.combinations(standings, 2):
        assert one.id == two.id or not (corrects(one, two) and corrects(two, one))
