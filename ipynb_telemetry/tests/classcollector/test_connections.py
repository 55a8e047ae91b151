"""Connections that say nothing: whoever holds hundreds keeps nobody from sending."""

import asyncio
import subprocess
import sys
from typing import Any

import pytest
from tornado.netutil import bind_sockets

from ipynb_telemetry.classcollector.application import Application
from ipynb_telemetry.classcollector.connections import BoundedServer
from ipynb_telemetry.tests.support.classserver import ClassServer


def test_more_connections_are_asked_for_than_a_shell_allows() -> None:
    resource: Any = pytest.importorskip("resource", reason="Windows gives sockets in another way")
    code = "from ipynb_telemetry.classcollector.connections import *; print(most_connections())"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))  # as on macOS
    try:
        told = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert 256 < int(told.stdout) < hard


async def test_silent_connections_keep_nobody_from_sending(cs1: ClassServer) -> None:
    (socket,) = bind_sockets(0, "127.0.0.1")
    port = socket.getsockname()[1]
    server = BoundedServer(Application(cs1.collector), most=6, most_of_one=3)
    server.add_socket(socket)

    async def ask(own_address: str) -> tuple[bytes, asyncio.StreamWriter]:
        """Ask for something, and stay."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, local_addr=(own_address, 0)
        )
        try:
            writer.write(b"GET /flags HTTP/1.1\r\nHost: a\r\n\r\n")
            return await reader.read(12), writer
        except ConnectionError:
            return b"", writer

    ok = b"HTTP/1.1 200"
    stays = [await ask("127.0.0.1") for _ in range(4)]
    assert [answer for answer, _ in stays] == [ok, ok, ok, b""]
    others = [await ask(f"127.0.0.{number}") for number in (2, 3, 4, 5)]
    assert [answer for answer, _ in others] == [ok, ok, ok, b""], "of all, six"
    for _, writer in stays:
        writer.close()
    while server._held["127.0.0.1"]:
        await asyncio.sleep(0)
    answer, writer = await ask("127.0.0.1")
    assert answer == ok
    for _, each in (*others, (b"", writer)):
        each.close()
    server.stop()
    socket.close()
    await server.close_all_connections()
