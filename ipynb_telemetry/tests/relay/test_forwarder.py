import json

import pytest

from ipynb_telemetry.relay.queue import RelayQueue
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.tests.support.queues import ACCEPTED, NOW, POSTHOG, events, status_of
from ipynb_telemetry.tests.support.relaycourse import Course, answers, seqs


def test_all_that_waits_is_sent_oldest_first_in_batches(queue: RelayQueue) -> None:
    queue.add(events(450))
    course = Course(queue, answers())
    course.forward()
    assert [len(batch) for batch in course.batches] == [200, 200, 50]
    assert seqs(course.accepted) == list(range(450))
    assert course.pauses == []


def test_what_fails_is_tried_again_as_it_was_with_growing_pauses(queue: RelayQueue) -> None:
    queue.add(events(3, timestamp="2026-03-01T09:00:00Z"))
    failures = [
        Answer(None, "connection refused"),
        *(Answer(status, "why") for status in (408, 429, 500, 502, 503, 404, 302)),
        Answer(200, "200 OK", body=b"<html>Log in</html>"),
        Answer(200, "200 OK", body=b'{"login":"/hub"}'),
    ]
    course = Course(queue, answers(*failures))
    course.forward()
    assert course.pauses == [1, 2, 4, 8, 16, 32, 64, 120, 120, 120]
    assert len(course.batches) == 11
    assert all(batch == course.batches[0] for batch in course.batches)
    assert course.accepted[0]["timestamp"] == "2026-03-01T09:00:00.000Z"
    assert course.sent_at[:3] == [
        "2026-03-01T10:00:00.000Z",
        "2026-03-01T10:00:01.000Z",
        "2026-03-01T10:00:03.000Z",
    ]


def test_a_slow_network_gets_smaller_batches_until_they_get_through(queue: RelayQueue) -> None:
    queue.add(events(450))
    late = Answer(None, "timed out", is_late=True)
    course = Course(queue, lambda batch: ACCEPTED if len(batch) <= 30 else late)
    course.forward()
    assert [len(batch) for batch in course.batches[:5]] == [200, 100, 50, 25, 50]
    assert seqs(course.accepted) == list(range(450))


def test_pauses_that_are_asked_for_are_made(queue: RelayQueue) -> None:
    queue.add(events(1))
    quota = Answer(200, "200 OK", body=b'{"status":1,"quota_limited":["events"]}')
    course = Course(
        queue,
        answers(
            Answer(503, "why", "30"),
            Answer(429, "why", "Sun, 01 Mar 2026 10:05:30 GMT"),
            Answer(429, "why", "86400"),
            quota,
        ),
    )
    course.forward()
    assert course.pauses == [30, 300, 3600, 60]
    assert len(course.accepted) == 1


def test_a_poisoned_event_is_set_aside_and_all_others_arrive(queue: RelayQueue) -> None:
    queue.add(events(500))
    poison = 287
    course = Course(
        queue,
        lambda batch: Answer(400, "400 Bad Request") if poison in seqs(batch) else ACCEPTED,
    )
    course.forward()
    assert seqs(course.accepted) == [seq for seq in range(500) if seq != poison]
    assert status_of(queue, NOW)["set_aside"] == 1
    assert len(course.batches) < 30
    assert course.pauses == []


def test_a_place_that_refuses_every_event_is_asked_with_growing_pauses(queue: RelayQueue) -> None:
    queue.add(events(20))
    course = Course(queue, lambda batch: Answer(400, "400 Bad Request"))
    problems: list[str | None] = []
    course.during_pause = lambda: problems.append(status_of(queue, course.now)["problem"])
    course.forward()
    assert course.pauses[:9] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert len(course.pauses) == 15
    assert set(problems) == {"400 Bad Request"}


def test_a_batch_that_is_too_large_is_halved_and_an_event_cut(queue: RelayQueue) -> None:
    queue.add(events(10))
    queue.add(events(1, properties={"seq": 10, "code": "x" * 50_000}))
    queue.add(events(1, properties={"seq": 11, "code": "y" * 3000}))
    course = Course(
        queue,
        lambda batch: ACCEPTED if len(json.dumps(batch)) < 4000 else Answer(413, "413"),
    )
    course.forward()
    assert seqs(course.accepted) == list(range(12))
    cut, after = course.accepted[10:]
    assert cut["properties"]["truncated"] is True
    assert 1000 < len(cut["properties"]["code"]) < 4000
    assert after["properties"]["code"] == "y" * 3000  # what was cut for another is not for it
    assert status_of(queue, NOW)["set_aside"] == 0


def test_an_event_that_cannot_be_cut_any_more_keeps_the_others_from_nothing(
    queue: RelayQueue,
) -> None:
    queue.add(events(3))
    course = Course(queue, lambda batch: Answer(413, "413 Large") if 1 in seqs(batch) else ACCEPTED)
    course.forward()
    assert seqs(course.accepted) == [0, 2]
    assert status_of(queue, NOW)["set_aside"] == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_key_is_tried_every_two_minutes_until_it_is_corrected(
    queue: RelayQueue, status: int
) -> None:
    corrected = POSTHOG._replace(api_key="phc_right")
    queue.add(events(2))
    course = Course(
        queue,
        lambda batch: (
            ACCEPTED if course.destinations[-1] == corrected else Answer(status, "refused")
        ),
    )

    def correct() -> None:
        if len(course.pauses) == 3:
            queue.add(events(1))
            course.watch.destination = corrected

    course.during_pause = correct
    course.forward()
    assert course.pauses == [120, 120, 120]
    assert course.destinations == [POSTHOG] * 3 + [corrected]
    assert len(course.accepted) == 3


def test_what_comes_while_a_batch_is_sent_is_sent_too(queue: RelayQueue) -> None:
    first, late = events(2)
    queue.add([first])
    course = Course(queue, answers())
    course.before_settling = lambda: queue.add([late])
    course.forward()
    assert [event["uuid"] for event in course.accepted] == [first.uuid, late.uuid]
