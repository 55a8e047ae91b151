from ipynb_telemetry.relay.switchover import SETTLE_S, Switchover
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.inforce import InForce

WALL = 1_772_359_200.0  # 2026-03-01T10:00:00Z
OLD = InForce(Destination("https://eu.i.posthog.com", "phc_old"), saved_at=WALL - 3600)
NEW = InForce(Destination("https://eu.i.posthog.com", "phc_new"), saved_at=WALL)
NOWHERE = InForce(None, "the settings name no project key", WALL)


def at_work() -> Switchover:
    """A switchover that has seen the old settings, at 0 s."""
    switchover = Switchover(OLD.destination)
    switchover.follow(OLD, 0, WALL)
    assert switchover.in_force == OLD
    return switchover


def test_where_events_went_before_counts_at_once_however_new_the_file_is() -> None:
    switchover = Switchover(NEW.destination)
    switchover.follow(NEW, 0, WALL)
    assert switchover.in_force == NEW


def test_another_destination_counts_when_it_was_left_alone_and_until_then_none_does() -> None:
    switchover = at_work()
    switchover.follow(NEW, 100, WALL)
    assert switchover.in_force is None
    switchover.follow(NEW, 100 + SETTLE_S - 0.01, WALL)
    assert switchover.in_force is None
    switchover.follow(NEW, 100 + SETTLE_S, WALL)
    assert switchover.in_force == NEW


def test_each_save_begins_the_time_anew() -> None:
    switchover = at_work()
    for second in range(20):
        switchover.follow(NEW._replace(saved_at=WALL + second), second, WALL + second)
        assert switchover.in_force is None
    switchover.follow(NEW._replace(saved_at=WALL + 19), 19 + SETTLE_S, WALL)
    assert switchover.in_force is not None


def test_the_former_destination_counts_again_at_once() -> None:
    switchover = at_work()
    switchover.follow(NOWHERE, 1, WALL)
    assert switchover.in_force is None
    switchover.follow(OLD._replace(saved_at=WALL), 2, WALL)
    assert switchover.in_force == OLD._replace(saved_at=WALL)


def test_no_destination_is_one_too() -> None:
    switchover = at_work()
    switchover.follow(NOWHERE, 1, WALL)
    switchover.follow(NOWHERE, 1 + SETTLE_S, WALL)
    assert switchover.in_force == NOWHERE
    # Said again, it is nothing new.
    switchover.follow(NOWHERE._replace(saved_at=WALL + 60), 60, WALL + 60)
    assert switchover.in_force == NOWHERE._replace(saved_at=WALL + 60)


def test_the_first_look_goes_by_the_time_of_the_file() -> None:
    for saved_at, counts in (
        (None, True),
        (WALL - SETTLE_S, True),
        (WALL - 1, False),
        (WALL + 3600, False),  # of a clock that is ahead
    ):
        switchover = Switchover(None)
        read = NEW._replace(saved_at=saved_at)
        switchover.follow(read, 100, WALL)
        assert (switchover.in_force == read) == counts
        switchover.follow(read, 100 + SETTLE_S, WALL + SETTLE_S)
        assert switchover.in_force == read


def test_later_looks_do_not_go_by_the_time_of_the_file() -> None:
    switchover = at_work()
    behind = NEW._replace(saved_at=WALL - 3600)  # of a clock that is behind, or long unseen
    switchover.follow(behind, 1, WALL)
    assert switchover.in_force is None
