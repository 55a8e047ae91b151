"""A thread for one piece of work that may hang."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> asyncio.Future[T]:
    """Run `work` in a thread of its own that a process that ends does not wait for.

    The threads of an executor would keep a stopped server alive as long as a request hangs.

    Raises:
        RuntimeError: the machine gives this process no more threads.
    """
    result: Future[T] = Future()
    result.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            result.set_exception(error)

    threading.Thread(target=run, name="ipynb_telemetry_relay", daemon=True).start()
    return asyncio.wrap_future(result)
