"""A PostHog on the loopback interface that answers what a test tells it to."""

import gzip
import json
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

PATIENCE_S = 60
Answer = tuple[int, dict[str, str], bytes]
ACCEPTED: Answer = (200, {}, b'{"status":1}')


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    document: Any


class FakePostHog:
    """Keeps each request, and answers it as `answer` says: status, headers and body.

    A GET is answered by `document`, or refused where there is none.
    """

    def __init__(self, port: int, scheme: str = "http") -> None:
        self.host = f"{scheme}://127.0.0.1:{port}"
        self.answer: Callable[[Any], Answer] = lambda document: ACCEPTED
        self.document: Any = None
        self.requests: list[Request] = []
        self.accepted: list[Any] = []
        self._changed = threading.Condition()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        is_packed = body.startswith(b"\x1f\x8b")
        document: Any = json.loads(gzip.decompress(body) if is_packed else body)
        with self._changed:
            self.requests.append(Request(path, headers, document))
            self._changed.notify_all()
        answer = self.answer(document)
        with self._changed:
            if answer == ACCEPTED:
                self.accepted += document.get("batch", [])  # a claim of sessions has none
            self._changed.notify_all()
        return answer

    def wait_until(self, condition: Callable[[], Any]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_S), "what was waited for did not come"


@contextmanager
def fake_posthog(tls: ssl.SSLContext | None = None) -> Iterator[FakePostHog]:
    """A PostHog that speaks TLS as `tls` says, or else plain HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.reply(*posthog.take(self.path, dict(self.headers), body))

        def reply(self, status: int, headers: dict[str, str], answer: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def do_GET(self) -> None:
            posthog.requests.append(Request(self.path, dict(self.headers), None))
            if posthog.document is None:
                self.send_error(405)
            else:
                self.reply(200, {}, json.dumps(posthog.document).encode())

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *where: Any) -> None:
            """Print what goes wrong here, and not that a client went away."""
            if not isinstance(sys.exc_info()[1], OSError):
                super().handle_error(*where)

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    if tls:
        # Each thread does its own handshake: a client that refuses holds up no other.
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    posthog = FakePostHog(server.server_address[1], "https" if tls else "http")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield posthog
    server.shutdown()
    thread.join()
    server.server_close()
