"""When events are sent, and where to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.kernel.answer import _Answer
from ipynb_telemetry.simulation.player import AT_ONCE, begins_ms, play
from ipynb_telemetry.simulation.sender import Place, Sender, SendError
from ipynb_telemetry.simulation.servers import ServerError, choose_server, named_server
from ipynb_telemetry.simulation.session import Played


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def played(second: float, session: str = "a") -> Played:
    event = {"uuid": f"{session}{second}", "properties": {"session_id": session}}
    return Played(0, round(second * 1000), event)


def at_speed(speed: float, events: list[Played]) -> list[tuple[float, list[str]]]:
    """When each batch was sent, in seconds, and what was in it."""
    clock = Clock()
    sent: list[tuple[float, list[str]]] = []

    def send(batch: list[dict[str, Any]]) -> None:
        sent.append((clock.now - 100, [each["uuid"] for each in batch]))

    assert [*play(events, speed, send, clock, clock.sleep)] == events
    return sent


def test_each_event_is_sent_when_it_is_due_at_that_speed() -> None:
    events = [played(second) for second in (0, 10, 60)]
    for speed in (1, 20):
        times = [at for at, _ in at_speed(speed, events)]
        assert times == pytest.approx([0, 10 / speed, 60 / speed], abs=0.3)
        assert all(at >= due / speed - 0.001 for at, due in zip(times, (0, 10, 60), strict=True))


def test_what_is_due_together_goes_in_a_request_for_each_page() -> None:
    events = [played(0), played(9, "a"), played(9.5, "a"), played(9.6, "b"), played(30, "b")]
    sent = [batch for _, batch in at_speed(10, events)]
    assert sent[-1] == ["b30"]
    assert ["a9", "b9.6"] not in sent
    assert [uuid for batch in sent for uuid in batch] == ["a0", "a9", "a9.5", "b9.6", "b30"]


def test_at_once_everything_goes_in_large_batches_without_waiting() -> None:
    events = [played(second) for second in range(450)]
    sizes: list[int] = []

    def never(_: float) -> None:
        raise AssertionError("nothing is waited for")

    sent = [*play(events, AT_ONCE, lambda batch: sizes.append(len(batch)), sleep=never)]
    assert (sent, sizes) == (events, [200, 200, 50])


def test_a_lesson_ends_when_its_playing_does() -> None:
    now = 1_767_600_000_000
    assert begins_ms(50, 1, now) == now
    assert begins_ms(50, 20, now) == now + 150_000 - 3_000_000
    assert begins_ms(50, AT_ONCE, now) == now - 3_000_000


def sender(*answers: _Answer) -> tuple[Sender, list[int], list[float]]:
    """A sender to a place that gives these answers, the sizes of batches, and the pauses."""
    left = [*answers]
    sizes: list[int] = []
    pauses: list[float] = []

    def post(body: bytes) -> _Answer:
        document = json.loads(body)
        assert document["api_key"] == "key"
        sizes.append(len(document["batch"]))
        return left.pop(0)

    return Sender(Place("the place", post, "key"), pauses.append), sizes, pauses


TAKEN = _Answer(200, "200 OK", body=b'{"status": 1}')
EVENTS: list[dict[str, Any]] = [{"event": str(number)} for number in range(4)]


def test_a_busy_place_is_asked_again() -> None:
    one, sizes, pauses = sender(
        _Answer(503, "503 Service Unavailable"),
        _Answer(429, "429 Too Many Requests", "3"),
        _Answer(None, "timed out"),
        TAKEN,
    )
    one.send(EVENTS)
    assert sizes == [4] * 4
    assert pauses == [0.5, 3, 2]


def test_a_batch_that_is_too_large_goes_in_halves() -> None:
    one, sizes, _ = sender(_Answer(413, "413 Content Too Large"), TAKEN, TAKEN)
    one.send(EVENTS)
    assert sizes == [4, 2, 2]


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([_Answer(401, "401 Unauthorized")], "the place does not take the events: 401 Unauth"),
        ([_Answer(400, "400 Bad Request")], "the place does not take the events: 400 Bad"),
        ([_Answer(None, "timed out")] * 6, "the place does not take the events: timed out"),
        ([_Answer(302, "302 Found")] * 6, "the place does not take the events: 302 Found"),
    ],
)
def test_a_place_that_does_not_take_events_is_no_success(answers: list[_Answer], why: str) -> None:
    one, _, _ = sender(*answers)
    with pytest.raises(SendError, match=why):
        one.send(EVENTS)


def test_what_the_collector_warns_of_is_kept() -> None:
    one, _, _ = sender(_Answer(200, "200 OK", body=b'{"status": 1, "warnings": ["batch[0] odd"]}'))
    one.send(EVENTS)
    assert one.warnings == ["batch[0] odd"]


def server(url: str, root: Path, token: str = "") -> dict[str, Any]:
    return {"url": url, "root_dir": str(root), "token": token}


def test_the_server_is_the_one_whose_folder_the_notebook_lies_in(tmp_path: Path) -> None:
    course, week = tmp_path / "course", tmp_path / "course" / "week"
    running = [
        server("http://localhost:1/", tmp_path / "other", "no"),
        server("http://localhost:2/", course, "no"),
        server("http://localhost:3/user/ann", week, "yes"),
        {"url": "http+unix://%2Ftmp%2Fs", "root_dir": str(week)},
    ]
    found = choose_server(running, week / "D1.ipynb")
    assert found == ("http://localhost:3/user/ann/", "yes")
    assert choose_server(running[:1], week / "D1.ipynb").token == "no"


def test_none_and_too_many_servers_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="no Jupyter server of yours runs: start one"):
        choose_server([], tmp_path / "D1.ipynb")
    running = [server(f"http://localhost:{port}/", tmp_path, "secret") for port in (2, 1)]
    with pytest.raises(ServerError, match=r"several .* http://localhost:1/, http://localhost:2/$"):
        choose_server(running, tmp_path / "D1.ipynb")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:8888", ("http://localhost:8888/", "known")),
        ("http://127.0.0.1:8888/lab", ("http://127.0.0.1:8888/", "known")),
        ("http://localhost:8888/?token=given", ("http://localhost:8888/", "given")),
        ("http://localhost:8889/", ("http://localhost:8889/", "")),
        ("https://hub.example/user/ann/lab", ("https://hub.example/user/ann/", "")),
        ("http://someone:word@localhost:8889/", ("http://localhost:8889/", "")),
    ],
)
def test_a_server_is_named_by_its_address(
    url: str, expected: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("JUPYTER_TOKEN", "JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    running = [server("http://localhost:8888/", tmp_path, "known")]
    assert named_server(url, running) == expected
    monkeypatch.setenv("JUPYTER_TOKEN", "environment")
    token = "given" if expected[1] == "given" else "environment"
    assert named_server(url, running).token == token


@pytest.mark.parametrize("url", ["localhost:8888", "ftp://x/", "http://", "http://x:port/", ""])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ServerError, match="--host is no URL of a server"):
        named_server(url, [])
