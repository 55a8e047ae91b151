import asyncio
import threading
import time
from collections.abc import Awaitable, Callable

import pytest

from ipynb_telemetry.relay.watch import SettingsWatch
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.settings.inforce import InForce

FIRST = InForce(Destination("https://eu.i.posthog.com", "phc_first"), saved_at=1.0)
SECOND = InForce(Destination("https://eu.i.posthog.com", "phc_second"), saved_at=2.0)


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ipynb_telemetry.relay.switchover.SETTLE_S", 0.05)
    monkeypatch.setattr("ipynb_telemetry.relay.watch.LOOK_S", 0.01)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def alone() -> None:
        before = asyncio.all_tasks()
        await work()
        assert asyncio.all_tasks() == before  # a stop leaves no task behind

    asyncio.run(asyncio.wait_for(alone(), 20))


def test_a_change_is_told_once_while_it_looks() -> None:
    says, told = [FIRST], list[InForce | None]()
    watch = SettingsWatch(lambda: says[0])

    async def work() -> None:
        changed = asyncio.Event()

        def tell() -> None:
            told.append(watch.in_force)
            changed.set()

        watch.changed = tell
        assert watch.in_force is None
        assert await watch.look(None) == FIRST
        says[0] = SECOND
        await changed.wait()
        assert watch.in_force == SECOND
        assert await watch.look(None) == SECOND
        await watch.stop()

    run(work)
    assert told == [SECOND]


def test_it_looks_no_more_when_it_rests_and_again_when_it_is_asked() -> None:
    looks = [0]

    def read() -> InForce:
        looks[0] += 1
        return FIRST

    watch = SettingsWatch(read)

    async def until(count: int) -> None:
        while looks[0] < count:
            await asyncio.sleep(0.01)

    async def work() -> None:
        await watch.look(None)
        await until(4)
        watch.rest()
        await asyncio.sleep(0.05)
        rested = looks[0]
        await asyncio.sleep(0.05)
        assert looks[0] == rested
        await watch.look(None)
        await until(rested + 4)
        await watch.stop()

    run(work)


def test_nothing_is_told_of_settings_that_may_have_changed_during_a_rest() -> None:
    watch = SettingsWatch(lambda: InForce(None, "the settings name no project key"))

    async def work() -> None:
        await watch.look(None)
        assert watch.in_force is not None
        watch.rest()
        assert watch.in_force is None
        await asyncio.sleep(0.02)  # the task ends
        await watch.stop()

    run(work)


def test_a_drive_that_hangs_holds_up_neither_the_event_loop_nor_the_stop() -> None:
    hang = threading.Event()

    def read() -> InForce:
        hang.wait(60)
        return FIRST

    watch = SettingsWatch(read)

    async def work() -> None:
        begun = time.monotonic()
        look = asyncio.ensure_future(watch.look(None))
        await asyncio.sleep(0.02)
        look.cancel()
        await asyncio.wait({look})
        await watch.stop()
        assert time.monotonic() - begun < 10

    try:
        run(work)
    finally:
        hang.set()
