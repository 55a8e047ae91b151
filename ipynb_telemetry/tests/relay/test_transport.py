import socket
import threading
import time
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from ipynb_telemetry.kernel.post import _MAX_ANSWER_BYTES
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.relay.transport import post_batch
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES, WaitingEvent
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.tests.support.authority import Authority
from ipynb_telemetry.tests.support.fakeposthog import PATIENCE_S, FakePostHog, fake_posthog

SENT_AT = "2026-03-01T10:00:00.000Z"
EVENT = WaitingEvent(1, "uuid", "tried", "JOHN_DOE", SENT_AT, "{}", MAX_EVENT_BYTES)


def post(host: str) -> Answer:
    return post_batch(Destination(host, "phc_key"), [EVENT], SENT_AT)


def test_a_batch_is_posted_and_says_nothing_of_this_machine(posthog: FakePostHog) -> None:
    answer = post(f"{posthog.host}/proxy")
    assert answer == Answer(200, "200 OK", None, b'{"status":1}', answer.date)
    assert abs(parsedate_to_datetime(answer.date).timestamp() - time.time()) < PATIENCE_S
    (request,) = posthog.requests
    assert request.path == "/proxy/batch/"
    assert request.document["api_key"] == "phc_key"
    assert request.document["sent_at"] == SENT_AT
    assert [event["uuid"] for event in request.document["batch"]] == ["uuid"]
    assert int(request.headers.pop("Content-Length")) > 0
    assert request.headers == {
        "Host": posthog.host.removeprefix("http://"),
        "User-Agent": "ipynb-telemetry",
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }


def test_an_answer_is_given_whatever_it_is(posthog: FakePostHog) -> None:
    posthog.answer = lambda _: (429, {"Retry-After": "7"}, b"slow down")
    assert post(posthog.host)[:4] == (429, "429 Too Many Requests", "7", b"slow down")
    posthog.answer = lambda _: (200, {}, b"x" * 10**6)
    assert post(posthog.host).body == b"x" * _MAX_ANSWER_BYTES


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(posthog: FakePostHog, status: int) -> None:
    posthog.answer = lambda _: (status, {"Location": f"{posthog.host}/login"}, b"")
    assert post(posthog.host).status == status
    assert len(posthog.requests) == 1


def test_no_answer_is_an_answer_without_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    refused = post(closed)
    assert refused.status is None
    assert not refused.is_late
    assert refused.reason.startswith("[Errno ")
    assert "refused" in refused.reason
    monkeypatch.setenv("https_proxy", "not a proxy")
    monkeypatch.delenv("no_proxy", raising=False)
    assert post("https://localhost").status is None


def test_a_server_that_does_not_answer_is_waited_for_so_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ipynb_telemetry.kernel.post._TIMEOUT_S", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer = post(f"http://127.0.0.1:{server.getsockname()[1]}")
    assert answer == Answer(None, "timed out", is_late=True)


def test_where_no_thread_can_be_had_it_is_posted_all_the_same(
    posthog: FakePostHog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def start(_: threading.Timer) -> None:  # as at the end of Python 3.12
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Timer, "start", start)
    assert post(posthog.host).status == 200
    assert len(posthog.requests) == 1


def test_a_place_that_does_not_even_connect_is_late_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_: object, **__: object) -> socket.socket:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", connect)
    assert post("http://127.0.0.1:9") == Answer(None, "timed out", is_late=True)


def test_the_proxy_of_the_environment_is_used_unless_it_could_read_along(
    posthog: FakePostHog, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        address = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, address)
        assert post(posthog.host).status == 200
        assert posthog.requests[0].path == "/batch/"
        proxy.setblocking(False)
        with pytest.raises(BlockingIOError):
            proxy.accept()
        proxy.setblocking(True)
        asked: list[bytes] = []

        def listen() -> None:
            connection, _ = proxy.accept()
            with connection:
                asked.append(connection.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        assert post("https://course.invalid").status is None
        thread.join()
    assert asked[0].startswith(b"CONNECT course.invalid:443 ")


def test_the_words_of_a_status_are_ours(posthog: FakePostHog) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, b"HTTP/1.1 401 sesame\r\n\r\n"))
        thread.start()
        answer = post(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert (answer.status, answer.reason) == (401, "401 Unauthorized")
    posthog.answer = lambda _: (599, {}, b"")
    assert post(posthog.host).reason == "599"


def test_only_a_host_that_the_environment_trusts_is_sent_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    authority = Authority(tmp_path / "authority")
    others = Authority(tmp_path / "others")
    with fake_posthog(authority.server()) as posthog:
        for trusted, answer in (
            (others, (None, "the certificate is not trusted")),
            (authority, (200, "200 OK")),
        ):
            monkeypatch.setenv("SSL_CERT_FILE", str(trusted.file))
            monkeypatch.setattr("ipynb_telemetry.kernel.post._OPENERS", {})  # as in a new server
            assert post(posthog.host)[:2] == answer
    assert len(posthog.requests) == 1


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"sesame\r\n\r\n", "the host or a proxy before it cannot be spoken to"),
        (b"", "the connection was closed without an answer"),
    ],
)
def test_an_answer_that_is_none_is_described_in_our_words(sent: bytes, reason: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_answer, args=(server, sent))
        thread.start()
        answer = post(f"http://127.0.0.1:{server.getsockname()[1]}")
        thread.join()
    assert answer == Answer(None, reason)


def _answer(server: socket.socket, sent: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(65536)
        connection.sendall(sent)
        # The body, too, or the end of the connection would be a reset.
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass
