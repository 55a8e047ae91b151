"""How long a store that is upgraded builds its facts and aggregates, while events go on coming.

    python benchmarks/lesson.py FILE && python benchmarks/rebuild.py FILE

builds in the file. Prints one line of JSON: seconds by the clock and of the processor, the longest
slice, and for the batches that were stored meanwhile how long they waited, in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import islice
from typing import TypeVar

from lesson import lesson

from ipynb_telemetry.collector.intake import Intake
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.rebuilding import Rebuilding

T = TypeVar("T")

BATCH = 20  # events
EVERY_S = 0.1  # so that 200 events a second come: twice a class of 300


async def build(path: str) -> dict[str, float]:
    """Upgrade the store and build; store batches of a new lesson meanwhile."""
    log = logging.getLogger("rebuild")
    store = EventStore(path, log)
    thread = ThreadPoolExecutor(1)
    slices: list[float] = []

    async def off_loop(work: Callable[[], T]) -> T:
        def timed() -> T:
            begun = time.perf_counter()
            try:
                return work()
            finally:
                slices.append(time.perf_counter() - begun)

        return await asyncio.get_running_loop().run_in_executor(thread, timed)

    rebuilding = Rebuilding(store.database, off_loop, log)
    intake = Intake(store, thread)
    waits: list[float] = []
    coming = iter(list(lesson(1000, seed=2)))
    begun, cpu = time.perf_counter(), time.process_time()
    rebuilding.start()
    task = rebuilding._task
    assert task is not None
    while not task.done():
        batch = list(islice(coming, BATCH))
        sent = time.perf_counter()
        await intake.add(partial(list, batch))
        waits.append((time.perf_counter() - sent) * 1000)
        await asyncio.wait({task}, timeout=EVERY_S)
    took, cpu = time.perf_counter() - begun, time.process_time() - cpu
    await rebuilding.stop()
    thread.submit(store.close).result()
    thread.shutdown()
    slices.sort()
    waits.sort()
    return {
        "seconds": round(took, 1),
        "cpu_seconds": round(cpu, 1),
        "slices": len(slices),
        "slice_p50_ms": round(statistics.median(slices) * 1000, 1),
        "slice_p99_ms": round(slices[len(slices) * 99 // 100] * 1000, 1),
        "slice_max_ms": round(slices[-1] * 1000, 1),
        "batches": len(waits),
        "wait_p50_ms": round(statistics.median(waits), 1),
        "wait_p99_ms": round(waits[len(waits) * 99 // 100], 1),
        "wait_max_ms": round(waits[-1], 1),
    }


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    print(json.dumps(asyncio.run(build(sys.argv[1]))))  # noqa: T201
