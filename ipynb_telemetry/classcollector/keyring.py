"""The keys and sessions of a running class collector, in memory as the store has them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from hmac import compare_digest
from sqlite3 import Connection
from typing import Literal, TypeVar

from ..collectorparts import CollectorParts
from ..store.database import StoreUnavailableError, transaction
from . import keys, keytables
from .keytables import KeptKeys

LOOK_S = 1.0
"""A key that another process rotates in the file counts after so many seconds."""
SESSION_MS = 12 * 3600 * 1000

T = TypeVar("T")


def now_ms() -> int:
    """Give the present time, in milliseconds since 1970."""
    return round(time.time() * 1000)


class KeyRing:
    """Knows the keys and sessions. Its methods must be called on the event loop, `judge` need not.

    Attributes:
        new_instructor_key: the instructor's key, where `load` has made it: only here it is.
    """

    def __init__(self, parts: CollectorParts, clock_ms: Callable[[], int] = now_ms) -> None:
        """Know nothing yet."""
        self._parts = parts
        self._clock_ms = clock_ms
        self._kept = KeptKeys({}, "", {})
        self._task: asyncio.Task[None] | None = None
        self.new_instructor_key = ""

    @property
    def class_key(self) -> str:
        """The class key in force."""
        return self._kept.class_key

    async def load(self) -> None:
        """Read the keys, or make them where there are none yet.

        Raises:
            StoreUnavailableError: the store can be neither read nor written.
        """
        kept = await self._change(keytables.read_keys)
        if kept is None:
            key = keys.new_instructor_key()
            hashed = await asyncio.to_thread(keys.hash_instructor_key, key)
            made = KeptKeys({keys.new_class_key(): None}, hashed, {})
            await self._change(lambda connection: keytables.write_keys(connection, made))
            kept = await self._change(keytables.read_keys)
            assert kept is not None
            self.new_instructor_key = key if kept.instructor_hash == hashed else ""
        self._kept = kept

    def start(self) -> None:
        """Look from now on whether another process has changed a key."""
        self._task = asyncio.get_running_loop().create_task(self._look())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def judge(self, key: str) -> Literal["good", "replaced", "wrong"]:
        """Tell what a key is worth that somebody sends events with."""
        for known, refused_ms in self._kept.class_keys.items():
            if compare_digest(known.encode(), key.encode("utf-8", "replace")):
                is_good = refused_ms is None or self._clock_ms() < refused_ms
                return "good" if is_good else "replaced"
        return "wrong"

    async def is_instructor_key(self, key: str) -> bool:
        """Whether this is the instructor's key, found out off the event loop."""
        return await asyncio.to_thread(keys.is_instructor_key, key, self._kept.instructor_hash)

    def has_session(self, token: str) -> bool:
        """Whether a token is that of a session which goes on."""
        ends_ms = self._kept.sessions.get(keys.hash_session_token(token))
        return ends_ms is not None and self._clock_ms() < ends_ms

    async def open_session(self) -> str:
        """Begin a session, and give its token."""
        token, now = keys.new_session_token(), self._clock_ms()
        hashed, ends_ms = keys.hash_session_token(token), now + SESSION_MS
        await self._change(
            lambda connection: keytables.open_session(connection, hashed, now, ends_ms)
        )
        self._kept = self._kept._replace(sessions={**self._kept.sessions, hashed: ends_ms})
        return token

    async def close_session(self, token: str) -> None:
        """End a session."""
        hashed = keys.hash_session_token(token)
        await self._change(lambda connection: keytables.close_session(connection, hashed))
        left = {each: ends_ms for each, ends_ms in self._kept.sessions.items() if each != hashed}
        self._kept = self._kept._replace(sessions=left)

    async def look(self) -> None:
        """Read again what the store holds."""
        before = self._kept
        found = await self._parts.reader.read(
            lambda snapshot: keytables.read_keys(snapshot.connection)
        )
        if self._kept is not before:
            return  # a session began or ended meanwhile
        if found is None:
            # The file was damaged or deleted, and is a new one: the class goes on with its keys.
            await self._change(lambda connection: keytables.write_keys(connection, before))
        else:
            self._kept = found

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            with suppress(StoreUnavailableError):
                await self.look()

    async def _change(self, work: Callable[[Connection], T]) -> T:
        def change(connection: Connection) -> T:
            with transaction(connection):
                return work(connection)

        return await self._parts.off_loop(lambda: self._parts.store.database.use(change))
