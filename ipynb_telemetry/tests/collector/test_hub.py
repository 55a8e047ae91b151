"""What is refused behind a hub's proxy, which gives a connection to whoever comes next."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from ipynb_telemetry.tests.support.hub import USER, Hub

HOME = f"/user/{USER}"
ROUTES = f"{HOME}/ipynb-telemetry"
EVENT = b'{"event":"tried","distinct_id":"A"}'
SAVED = b'{"type":"file","format":"text","content":"x = 1"}'
# More than the connection has room for, so that its sender still sends when the answer is ready.
LARGE = b" " * 2**20
TOO_LARGE = b" " * (21 * 2**20)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    hub = Hub(tmp_path_factory.mktemp("hub"))
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


def in_pieces() -> Iterator[bytes]:
    """Give a body whose length nobody is told."""
    yield EVENT
    yield LARGE


def test_what_is_refused_breaks_no_request_of_anybody_else(hub: Hub) -> None:
    cookies = hub.sign_in()
    logged_in = "; ".join(f"{name}={value}" for name, value in cookies.items())
    expired = {
        "Cookie": f"jupyterhub-user-{USER}=expired; _xsrf={cookies['_xsrf']}",
        "X-XSRFToken": cookies["_xsrf"],
    }
    batch, forwarded = f"{ROUTES}/batch/", f"{ROUTES}/relay/batch/"
    requests: dict[str, tuple[int, int, tuple[Any, ...]]] = {
        "a stranger": (60, 403, ("POST", batch, EVENT)),
        "somebody else": (60, 403, ("POST", forwarded, EVENT, {}, "other")),
        "no XSRF token": (60, 403, ("POST", batch, EVENT, {"Cookie": logged_in})),
        "a login that has expired": (60, 403, ("POST", batch, EVENT, expired)),
        "and a large body": (30, 403, ("POST", forwarded, LARGE, expired)),
        "too large": (5, 413, ("POST", batch, TOO_LARGE, {}, "owner")),
        "another method": (20, 405, ("PUT", batch, LARGE, {}, "owner")),
        "a stranger asks": (5, 403, ("POST", f"{ROUTES}/relay/status", LARGE)),
    }
    for refused, (times, status, request) in requests.items():
        for _ in range(times):
            assert hub.send(*request).status == status, refused
            saved = hub.send("PUT", f"{HOME}/api/contents/lesson.txt", SAVED, {}, "owner")
            assert saved.status in (200, 201), f"after {refused}"
    # Nobody can tell where such a body ends, and the connection ends before: it does no harm.
    for _ in range(20):
        with suppress(ConnectionError):
            assert hub.send("POST", batch, in_pieces(), expired).status in (403, 503)
        saved = hub.send("PUT", f"{HOME}/api/contents/lesson.txt", SAVED, {}, "owner")
        assert saved.status == 200
    assert b'"events":[]' in hub.send("GET", f"{ROUTES}/api/events", who="owner").body
    assert hub.send("POST", batch, EVENT, {}, "owner").status == 200
