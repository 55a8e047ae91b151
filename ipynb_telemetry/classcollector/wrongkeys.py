"""Wrong class keys: who tries one after another waits, and a room that has the right one does not.

Students share a class key, and a room of them one address. So a wrong key counts once at an address
however often it comes: a program that was set up with it sends it again and again, and learns
nothing by that. And an address from which the right key has come is a room that has it: the right
key is taken from there whatever else is sent.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal

from ..collector.slowdown import SlowDown

FREE_CLASS_KEYS = 10  # different ones, of students who mistype beside one another
_MOST = 10_000  # addresses
_MOST_KEYS = 64  # of an address

Judgment = Literal["good", "replaced", "wrong"]


class KeyPausedError(Exception):
    """A key is not looked at for a while, since so many others of its address were wrong."""

    def __init__(self, wait_s: float) -> None:
        """Say why.

        Args:
            wait_s: until a key of the address is looked at, in seconds.
        """
        super().__init__(
            "Too many wrong class keys came from this network address: nothing of this request was"
            " stored, send it again later."
        )
        self.wait_s = wait_s


@dataclass
class _Address:
    """The digests of the wrong keys that came from an address, and whether the right one did."""

    wrong: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    has_right_key: bool = False

    def remember(self, digest: bytes) -> None:
        """Keep a wrong key as the last one, and the oldest no longer where there are too many."""
        self.wrong[digest] = None
        self.wrong.move_to_end(digest)
        if len(self.wrong) > _MOST_KEYS:
            self.wrong.popitem(last=False)


class WrongKeys:
    """Judges class keys by who sends them. Threads may share it."""

    def __init__(
        self, judge: Callable[[str], Judgment], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Know of none.

        Args:
            judge: tells what a key is worth.
            clock: of the pauses, in seconds.
        """
        self._judge = judge
        self._slow_down = SlowDown(clock, free=FREE_CLASS_KEYS)
        self._known: OrderedDict[str, _Address] = OrderedDict()
        self._salt = secrets.token_bytes(16)
        self._lock = Lock()

    def judge(self, address: str, key: str) -> Judgment:
        """Tell what a key is worth that came from an address.

        Raises:
            KeyPausedError: the key is not looked at now.
        """
        digest = hashlib.blake2b(
            key.encode("utf-8", "replace"), digest_size=16, key=self._salt
        ).digest()
        with self._lock:
            known = self._recall(address)
            judgment = self._judge(key)  # a wrong key of before may be the right one now
            is_known = digest in known.wrong
            wait_s = 0.0 if is_known else self._slow_down.wait_s(address)
            if wait_s and not (known.has_right_key and judgment != "wrong"):
                raise KeyPausedError(wait_s)
            if judgment == "good":
                known.has_right_key = True
            elif judgment == "wrong":
                if not is_known:
                    self._slow_down.fail(address)
                known.remember(digest)
            return judgment

    def _recall(self, address: str) -> _Address:
        known = self._known.setdefault(address, _Address())
        self._known.move_to_end(address)
        if len(self._known) > _MOST:
            self._known.popitem(last=False)
        return known
