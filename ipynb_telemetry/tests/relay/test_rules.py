import json
from datetime import datetime, timezone
from typing import Any

import pytest

from ipynb_telemetry.relay.rules import Answer, Outcome, Pace, Verdict, back_off, judge, settle
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES, WaitingEvent

NOW = datetime(2026, 3, 1, 10, tzinfo=timezone.utc).timestamp()
SMALL = WaitingEvent(1, "uuid", "tried", "JOHN_DOE", "time", "{}", MAX_EVENT_BYTES)
LARGE = SMALL._replace(properties=json.dumps({"code": "x" * 1000}))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        *((status, "accepted") for status in (200, 201, 202, 204)),
        (401, "unauthorized"),
        (403, "unauthorized"),
        (413, "too_large"),
        (400, "rejected"),
        (422, "rejected"),
        *((status, "retry") for status in (None, 301, 302, 404, 408, 418, 424, 429, 500, 503)),
    ],
)
def test_each_status_has_its_meaning(status: int | None, kind: str) -> None:
    reason = "" if kind == "accepted" else "why"
    assert judge(Answer(status, "why", body=b'{"status":1}'), NOW) == Verdict(kind, reason)


def test_the_words_of_the_host_are_left_out() -> None:
    for status in (400, 401, 403, 404, 413, 422, 429):
        answer = Answer(status, f"{status} Status", body=b'{"detail":"sesame"}')
        assert judge(answer, NOW).reason == f"{status} Status"


def test_a_204_has_no_body() -> None:
    assert judge(Answer(204, "204 No Content"), NOW) == Verdict("accepted")


@pytest.mark.parametrize(
    "body", [b'{"status":1}', b'{"status":"Ok"}', b'{"status":1,"quota_limited":[]}']
)
def test_a_200_is_accepted(body: bytes) -> None:
    assert judge(Answer(200, "200 OK", body=body), NOW) == Verdict("accepted")


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"<html>Log in</html>", b"\xff\xfe", b"[" * 60_000),
        *(b"{}", b"1", b"null", b'["status"]', b'"status"', b'{"login":"/hub"}'),
    ],
)
def test_a_200_that_is_not_posthogs_is_not(body: bytes) -> None:
    assert judge(Answer(200, "200 OK", body=body), NOW).kind == "retry"


def test_a_200_of_a_project_over_its_quota_is_not() -> None:
    def verdict(limited: Any) -> Verdict:
        body = json.dumps({"status": 1, "quota_limited": limited}).encode()
        return judge(Answer(200, "200 OK", body=body), NOW)

    assert verdict(["recordings", "events"])[::2] == ("retry", 60)
    assert verdict(["recordings"]).kind == "accepted"


@pytest.mark.parametrize(
    ("header", "pause_s"),
    [
        (None, 0),
        ("7", 7),
        (" 3600 ", 3600),
        ("3601", 3600),
        ("9" * 5000, 3600),
        ("Sun, 01 Mar 2026 10:01:30 GMT", 90),
        ("Mon, 02 Mar 2026 10:00:00 GMT", 3600),
        ("Sun, 01 Mar 2026 09:00:00 GMT", 0),
        ("-5", 0),
        ("nan", 0),
        ("soon", 0),
        ("", 0),
    ],
)
def test_retry_after_is_honoured_up_to_an_hour(header: str | None, pause_s: float) -> None:
    assert judge(Answer(429, "why", header), NOW).after_s == pause_s


def test_pauses_grow_to_two_minutes_and_differ_between_servers() -> None:
    assert [back_off(failures, 1) for failures in (1, 2, 3, 7, 8, 9, 10**6)] == [
        *(1, 2, 4),
        *(64, 120, 120, 120),
    ]
    assert back_off(1, 0) == 0.5
    assert back_off(8, 0.5) == 90


def test_a_failure_makes_a_pause_and_keeps_the_pace() -> None:
    verdict = Verdict("retry", "503 down")
    pace = settle(Pace(50, 1), [SMALL], verdict, NOW, 1).pace
    assert pace == Pace(50, 2, NOW + 2, "503 down")
    asked = settle(pace, [SMALL], verdict._replace(after_s=30), NOW, 1)
    assert asked == Outcome(Pace(50, 3, NOW + 30, "503 down"))
    assert settle(pace, [SMALL], verdict._replace(after_s=3), NOW, 1).pace.not_before == NOW + 4


def test_a_batch_that_got_no_answer_in_time_is_halved() -> None:
    verdict = judge(Answer(None, "timed out", is_late=True), NOW)
    assert verdict == Verdict("retry", "timed out", is_slow=True)
    halved = settle(Pace(200, 1), [SMALL] * 7, verdict, NOW, 1)
    assert halved == Outcome(Pace(3, 2, NOW + 2, "timed out"))
    assert settle(Pace(1), [SMALL], verdict, NOW, 1).pace.max_count == 1
    assert settle(Pace(9), [SMALL] * 7, Verdict("retry", "503"), NOW, 1).pace.max_count == 9


def test_a_refused_key_makes_a_pause_of_two_minutes() -> None:
    outcome = settle(Pace(), [SMALL], Verdict("unauthorized", "401"), NOW, 1)
    assert outcome == Outcome(Pace(200, 0, NOW + 120, "401"))


def test_success_forgets_the_trouble_and_lets_batches_grow_again() -> None:
    accepted = Verdict("accepted")
    outcome = settle(Pace(3, 9, NOW, "503"), [SMALL], accepted, NOW, 1)
    assert outcome == Outcome(Pace(6), "delivered")
    assert settle(Pace(150), [SMALL], accepted, NOW, 1).pace == Pace(200)


@pytest.mark.parametrize("kind", ["too_large", "rejected"])
def test_a_refused_batch_is_halved(kind: Any) -> None:
    outcome = settle(Pace(200, 3, NOW, "503"), [SMALL] * 7, Verdict(kind, "why"), NOW, 1)
    assert outcome == Outcome(Pace(3))


def test_a_rejected_event_is_set_aside_with_its_reason() -> None:
    outcome = settle(Pace(1), [LARGE], Verdict("rejected", "400 Bad"), NOW, 1)
    assert outcome == Outcome(Pace(1, 1), "set_aside", "400 Bad")
    fifth = settle(Pace(1, 4), [LARGE], Verdict("rejected", "400 Bad"), NOW, 1)
    assert fifth == Outcome(Pace(1, 5, NOW + 1, "400 Bad"), "set_aside", "400 Bad")


def test_an_event_that_is_too_large_is_cut_before_it_is_set_aside() -> None:
    verdict = Verdict("too_large", "413 Large")
    assert settle(Pace(1), [LARGE], verdict, NOW, 1).state == "waiting"
    assert settle(Pace(1), [LARGE], verdict, NOW, 1).max_bytes in range(500, 600)
    assert settle(Pace(1, 2), [LARGE], verdict, NOW, 1).pace == Pace(1, 2)
    outcome = settle(Pace(1), [SMALL], verdict, NOW, 1)
    assert outcome == Outcome(Pace(1, 1), "set_aside", "413 Large")
