"""A certificate that is pinned: its holder alone gets a request, and nobody else a byte of one."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipynb_telemetry.kernel.post import _NOT_PINNED, _UNTRUSTED, _post
from ipynb_telemetry.relay.rules import Answer
from ipynb_telemetry.relay.transport import post_batch, probe
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES, WaitingEvent
from ipynb_telemetry.settings.destination import Destination
from ipynb_telemetry.tests.support.authority import Authority
from ipynb_telemetry.tests.support.fakeposthog import PATIENCE_S, FakePostHog, fake_posthog
from ipynb_telemetry.tests.support.selfsigned import SelfSigned

SENT_AT = "2026-03-01T10:00:00.000Z"
EVENT = WaitingEvent(1, "uuid", "tried", "JOHN_DOE", SENT_AT, "{}", MAX_EVENT_BYTES)
KEY = "tcw_0123456789abcdef"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no file of this account's, and no opener of another test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("ipynb_telemetry.kernel.post._OPENERS", {})


@pytest.fixture
def certificate(tmp_path: Path) -> SelfSigned:
    return SelfSigned(tmp_path / "certificate")


@pytest.fixture
def collector(certificate: SelfSigned) -> Iterator[FakePostHog]:
    with fake_posthog(certificate.server()) as collector:
        yield collector


def post(host: str, fingerprint: str, key: str = KEY) -> Answer:
    return post_batch(Destination(host, key, fingerprint), [EVENT], SENT_AT)


def test_the_holder_of_the_certificate_gets_the_batch_whatever_its_name(
    collector: FakePostHog, certificate: SelfSigned
) -> None:
    by_name = collector.host.replace("127.0.0.1", "localhost")
    for host in (collector.host, by_name):
        assert post(host, certificate.fingerprint)[:2] == (200, "200 OK")
    assert [request.document["api_key"] for request in collector.requests] == [KEY, KEY]
    assert probe(Destination(collector.host, KEY, certificate.fingerprint), 60).status == 200


def test_a_certificate_that_is_not_pinned_is_trusted_no_more_than_before(
    collector: FakePostHog, certificate: SelfSigned
) -> None:
    # Also by the process that has just trusted it.
    assert post(collector.host, certificate.fingerprint).status == 200
    assert post(collector.host, "")[:2] == (None, _UNTRUSTED)
    assert post(collector.host, "0" * 64)[:2] == (None, _NOT_PINNED)
    assert post(collector.host, certificate.fingerprint).status == 200
    assert len(collector.requests) == 2


def test_a_certificate_that_the_machine_trusts_does_not_do_instead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificate: SelfSigned
) -> None:
    authority = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with fake_posthog(authority.server()) as other:
        assert post(other.host, "").status == 200
        assert post(other.host, certificate.fingerprint) == Answer(None, _NOT_PINNED)
    assert len(other.requests) == 1


def test_not_a_byte_of_the_request_goes_to_the_holder_of_another_certificate(
    certificate: SelfSigned,
) -> None:
    heard: list[bytes] = []

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with certificate.server().wrap_socket(connection, server_side=True) as secure:
            try:
                while part := secure.recv(65536):
                    heard.append(part)
            except OSError:  # closed without a word
                return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        answer = post(f"https://127.0.0.1:{server.getsockname()[1]}", "0" * 64)
        thread.join(PATIENCE_S)
    assert answer == Answer(None, _NOT_PINNED)
    assert b"".join(heard) == b""


def test_who_shows_no_certificate_gets_nothing(collector: FakePostHog) -> None:
    with fake_posthog() as plain:
        assert _post(plain.host, b"{}", fingerprint="0" * 64) == Answer(None, _NOT_PINNED)
    assert plain.requests == []


def test_through_a_proxy_the_certificate_at_the_other_end_counts(
    collector: FakePostHog, certificate: SelfSigned, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    asked: list[bytes] = []

    def pump(source: socket.socket, sink: socket.socket) -> None:
        try:
            while part := source.recv(65536):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            return

    def serve(proxy: socket.socket) -> None:
        for _ in range(2):
            here, _address = proxy.accept()
            request = b""
            while b"\r\n\r\n" not in request:
                request += here.recv(65536)
            asked.append(request)
            there = socket.create_connection(("127.0.0.1", int(collector.host.rsplit(":")[-1])))
            here.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with here, there:
                back = threading.Thread(target=pump, args=(there, here))
                back.start()
                pump(here, there)
                back.join(PATIENCE_S)

    with socket.create_server(("127.0.0.1", 0)) as proxy:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        thread = threading.Thread(target=serve, args=(proxy,))
        thread.start()
        assert post("https://collector.invalid:8443", certificate.fingerprint).status == 200
        assert post("https://collector.invalid:8443", "0" * 64) == Answer(None, _NOT_PINNED)
        thread.join(PATIENCE_S)
    assert len(collector.requests) == 1
    for request in asked:
        assert request.startswith(b"CONNECT collector.invalid:8443 ")
        assert KEY.encode() not in request


def test_a_class_collector_is_told_one_random_id_and_a_posthog_none(
    collector: FakePostHog, certificate: SelfSigned, tmp_path: Path
) -> None:
    for key in (KEY, "tcw_another", "phc_key"):
        assert post(collector.host, certificate.fingerprint, key).status == 200
    first, second, third = (each.headers.get("Telemetry-Sender") for each in collector.requests)
    assert first == second
    assert third is None
    assert first is not None
    assert len(first) == 32
    file = tmp_path / "data" / "ipynb-telemetry" / "sender"
    assert file.read_text("ascii") == first
    # What somebody has written there goes nowhere.
    file.write_text("Ann Lee's laptop")
    post(collector.host, certificate.fingerprint)
    assert "Telemetry-Sender" not in collector.requests[-1].headers
    file.unlink()
    post(collector.host, certificate.fingerprint)
    assert collector.requests[-1].headers["Telemetry-Sender"] != first
