"""A class collector in this process, and one in a process of its own."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.classserver import ClassServer

OpenClass = Callable[..., Awaitable[ClassServer]]


@pytest.fixture
def open_class(tmp_path: Path, jp_asyncio_loop: Any) -> Iterator[OpenClass]:
    """Open a class collector in this process; see `ClassServer.open` for the options."""
    opened: list[ClassServer] = []

    async def open_class(**options: Any) -> ClassServer:
        server = ClassServer(tmp_path / "class" / "cs1.sqlite3", **options)
        await server.open()
        opened.append(server)
        return server

    yield open_class
    for server in opened:
        jp_asyncio_loop.run_until_complete(server.close())


@pytest.fixture
def cs1(open_class: OpenClass, jp_asyncio_loop: Any) -> ClassServer:
    """A class collector as an instructor starts it."""
    server: ClassServer = jp_asyncio_loop.run_until_complete(open_class())
    return server


@pytest.fixture
def collect(tmp_path: Path) -> Iterator[Callable[..., ClassProcess]]:
    """Run `jupyter telemetry collect` in a process of its own, again and again on one file."""
    started: list[ClassProcess] = []

    def collect(*args: str) -> ClassProcess:
        started.append(ClassProcess(tmp_path, *args))
        return started[-1]

    yield collect
    for process in started:
        process.kill()
