# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events that a page does not acknowledge: sent again, kept for the next page, or told as lost."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, dropwhile, islice
from typing import Any

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from .frontend import ANN, FROZEN, JOHN, THAWED, TIMEOUT, FrontEnd, a_page
from .kernelpython import NEWEST

HURRY = "import sys; sys.modules['_ipynb_telemetry'].look.__globals__['_PAUSE_S'] = 0.02"
TELL = "_telemetry_capture('mark', {{'nth': {}}})"


class Page(FrontEnd):
    """A page that acknowledges, of a version that does; `drops` is what the server drops."""

    def greet(self, student: dict[str, str] | None = JOHN, comm_id: str = "page") -> list[Any]:
        self.comm_id = comm_id
        self.load()
        data = {"version": 2, "notebook": "D1", "student": student}
        content = {"comm_id": comm_id, "target_name": "ipynb_telemetry", "data": data}
        return [m for m in self.request("comm_open", content) if "event" in m]

    def ack(self, number: Any) -> list[dict[str, Any]]:
        return self.tell({"ack": number}, self.comm_id)

    def comes(self) -> dict[str, Any]:
        """The next message to this page, whatever it is an answer to."""
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            content = message["content"]
            if message["msg_type"] == "comm_msg" and content["comm_id"] == self.comm_id:
                data: dict[str, Any] = content["data"]
                if "event" in data:
                    return data


@contextmanager
def kernel_of(python: str) -> Iterator[KernelManager]:
    manager = KernelManager()
    argv = [python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    manager._kernel_spec = KernelSpec(argv=argv, display_name="", language="python")
    manager.start_kernel()
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()


@pytest.fixture(scope="module", params=["at work", "newest"])
def kernel(request: pytest.FixtureRequest) -> Iterator[KernelManager]:
    python = sys.executable if request.param == "at work" else NEWEST.environment()
    with kernel_of(python) as kernel:
        yield kernel


@pytest.fixture
def page(kernel: KernelManager) -> Iterator[Page]:
    with a_page(kernel, Page) as page:
        assert page.greet() == []
        yield page
        # Nothing is left for the next test.
        page.tell({"off": True}, page.comm_id)
        page.close(page.comm_id)


@contextmanager
def another(kernel: KernelManager) -> Iterator[Page]:
    with a_page(kernel, Page) as page:
        yield page
        page.close(page.comm_id)


def marks(messages: list[dict[str, Any]]) -> list[tuple[int, int, int]]:
    return [(m["properties"]["nth"], m["number"], m["after"]) for m in messages]


def test_messages_are_numbered_and_sent_again_until_they_are_acknowledged(page: Page) -> None:
    first, second = page.run(f"{TELL.format(1)}\n{TELL.format(2)}")
    assert marks([first, second]) == [(1, 1, 0), (2, 2, 1)]
    assert first["student"] == "JOHN_DOE"
    assert first["age_ms"] < 1_000
    again = [page.comes() for _ in range(4)]
    assert [m["uuid"] for m in again] == [first["uuid"], second["uuid"]] * 2
    assert marks(again) == [(1, 1, 0), (2, 2, 1)] * 2
    assert again[0]["age_ms"] >= 900
    # The first one has come, the second one not.
    page.ack(1)
    rest = page.comes()
    assert (rest["uuid"], rest["number"], rest["after"]) == (second["uuid"], 2, 1)
    assert page.ack(2) == []
    assert marks(page.run(TELL.format(3))) == [(3, 3, 2)]


def test_results_of_one_moment_have_ids_in_their_order(page: Page) -> None:
    tests = [
        f"@tracked_test('{name}')\ndef test(): assert {name == 'holds'}\n"
        "try: test()\nexcept AssertionError: pass"
        for name in ["holds", "breaks"] * 20
    ]
    told = page.run("\n".join([FROZEN, *tests, THAWED]))
    assert [m["event"] for m in told] == ["test_passed", "test_failed"] * 20
    uuids = [m["uuid"] for m in told]
    assert uuids == sorted(uuids)
    page.ack(40)


def test_acknowledgements_that_cannot_be_change_nothing(page: Page) -> None:
    page.run(TELL.format(1))
    for number in (-1, 2, "1", True, 1.0, None, [1], 10**30):
        page.ack(number)
    assert page.comes()["properties"] == {"nth": 1}
    page.ack(1)


def test_events_that_cannot_be_kept_are_told_as_lost_where_the_page_has_not_had_them(
    page: Page,
) -> None:
    tell_many(page, 1, 1_200)
    answer = page.ack(150)
    lost = [m for m in answer if m["event"] == "events_dropped"]
    assert [m["properties"] for m in lost] == [{"count": 50, "reason": "rate"}]
    # After what the page has, and not all at once. What was sent again before the page said what it
    # has may still be on its way.
    coming = chain((m for m in answer if m["event"] == "mark"), iter(page.comes, None))
    again = dropwhile(lambda m: m["after"] != 150, coming)
    kept = [(201, 201, 150), *((nth, nth, nth - 1) for nth in range(202, 301))]
    assert marks(list(islice(again, 101))) == [*kept, kept[0]]
    assert losses(page.ack(1_201)) == []


def tell_many(page: Page, first: int, last: int) -> None:
    """Tell of events in several cells: a socket that has a thousand messages drops the next."""
    for begin in range(first, last + 1, 300):
        page.run(f"for nth in range({begin}, {min(begin + 300, last + 1)}): {TELL.format('nth')}")


def losses(messages: list[dict[str, Any]]) -> list[int]:
    return [m["properties"]["count"] for m in messages if m["event"] == "events_dropped"]


def test_a_page_that_was_told_in_vain_says_so_before_it_takes_what_is_behind_the_loss(
    page: Page,
) -> None:
    tell_many(page, 1, 1_200)
    coming = dropwhile(lambda m: m["number"] != 201, iter(page.comes, None))
    assert marks([next(coming)]) == [(201, 201, 200)]
    assert losses(page.ack(0)) == [200]
    assert marks([page.comes(), page.comes()]) == [(201, 201, 0), (202, 202, 201)]
    assert losses(page.ack(1_201)) == []


def test_the_word_of_a_loss_is_not_given_up_for_later_events(page: Page) -> None:
    tell_many(page, 1, 1_200)
    assert losses(page.ack(150)) == [50]
    tell_many(page, 1_201, 2_400)
    answer = page.ack(150)
    # 999 events are kept, beside the first loss, which comes again.
    assert losses(answer)[0] == 2_400 - 150 - 50 - 999
    while 50 not in losses(answer):
        answer = [page.comes()]
    page.ack(2_402)


def test_what_a_page_is_given_under_other_numbers_is_not_lost(page: Page) -> None:
    page.run(f"for nth in range(1, 1_201): {TELL.format('nth')}")
    told = {"version": 2, "notebook": "D1", "student": None, "left": True}
    page.tell(told)
    given = page.tell({**told, "student": JOHN, "left": False})
    assert losses(given) == [200]
    assert len(given) == 1_001
    # The event that the word of that loss took the room of. The word itself was not
    # acknowledged, and on a busy machine is due again by now.
    assert [count for count in losses(page.ack(0)) if count != 200] == [1]
    page.ack(2_202)


def test_what_a_page_has_had_is_not_lost_though_it_was_not_kept(page: Page) -> None:
    page.run(f"for nth in range(1, 1_201): {TELL.format('nth')}")
    assert page.ack(1_200) == []


def test_what_was_not_acknowledged_goes_to_the_page_that_comes(
    page: Page, kernel: KernelManager
) -> None:
    first, second, third = page.run("\n".join(map(TELL.format, (1, 2, 3))))
    left = {"version": 2, "notebook": "D1", "student": None, "left": True, "ack": 1}
    page.tell(left)
    # The cell goes on.
    page.run(TELL.format(4))
    with another(kernel) as stranger:
        assert stranger.greet(ANN, "of another") == []
    with another(kernel) as back:
        given = back.greet(comm_id="back")
        assert marks(given) == [(2, 1, 0), (3, 2, 1), (4, 3, 2)]
        assert [m["uuid"] for m in given[:2]] == [second["uuid"], third["uuid"]]
        assert first["uuid"] not in {m["uuid"] for m in given}
        back.ack(3)
    assert page.run("") == []


def test_a_page_that_went_without_a_word_leaves_its_events_to_another(
    page: Page, kernel: KernelManager
) -> None:
    (told,) = page.run(TELL.format(1))
    with another(kernel) as other:
        assert other.greet(comm_id="other") == []
        page.run(HURRY)
        # Not before the first one has been given time, by the pauses that double.
        given = other.comes()
        assert given["uuid"] == told["uuid"]
        assert given["age_ms"] > 5_000
        other.ack(given["number"])
        assert marks(page.run(TELL.format(2))) == [(2, 2, 0)]


def test_of_two_pages_the_one_that_asked_is_told(page: Page, kernel: KernelManager) -> None:
    thread = f"import threading\nt = threading.Thread(target=lambda: {TELL.format(9)})\n"
    with another(kernel) as other:
        other.greet(comm_id="other")
        assert [m["comm"] for m in page.run(TELL.format(1))] == ["page"]
        assert [m["comm"] for m in other.run(TELL.format(2))] == ["other"]
        assert len(page.run(f"{thread}t.start(); t.join()")) == 1
        for each in (page, other):
            each.ack(1)
        other.ack(2)
        page.ack(2)


def test_a_page_of_an_older_version_is_told_as_before(kernel: KernelManager) -> None:
    with a_page(kernel) as old:
        old.load()
        old.open(comm_id="old")
        (told,) = old.run(TELL.format(1))
        assert told == {"event": "mark", "properties": {"nth": 1}, "comm": "old"}
        old.close("old")


def test_after_another_student_has_come_nothing_is_told_as_theirs(
    page: Page, kernel: KernelManager
) -> None:
    page.run(TELL.format(1))
    told = {"version": 2, "notebook": "D1", "student": ANN}
    assert page.tell(told) == []
    assert [m["student"] for m in page.run(TELL.format(2))] == ["ANN_LEE"]
    given = page.tell({**told, "student": JOHN, "ack": 2})
    assert [(m["student"], m["properties"]["nth"]) for m in given] == [("JOHN_DOE", 1)]


def test_where_the_notebook_is_no_longer_tracked_nothing_is_kept(
    page: Page, kernel: KernelManager
) -> None:
    page.run(TELL.format(1))
    page.tell({"off": True})
    page.run(TELL.format(2))
    page.close()
    with another(kernel) as back:
        assert back.greet(comm_id="back") == []
