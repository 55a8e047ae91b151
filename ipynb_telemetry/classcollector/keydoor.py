"""The door of a class collector that stands alone: a key for all students, one for instructors."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import APIHandler
from tornado import web

from ..collector.slowdown import SlowDown
from .addresses import address_of
from .bodykeys import keys_in
from .door import (
    INSTRUCTOR,
    SENDER,
    ActionsAuthorizer,
    Caller,
    Door,
    KeyedHandler,
    KeyRefusedError,
)
from .keyring import SESSION_MS, KeyRing
from .loginpage import LoginHandler, LogoutHandler
from .wrongkeys import KeyPausedError, WrongKeys

_LINE = "Ask your instructor for the line that begins with: jupyter telemetry join"
_REFUSALS = {
    "missing": f"The events come without the key of the class. {_LINE}",
    "wrong": f"That is not the key of this class. {_LINE}",
    "replaced": f"The key of this class was replaced. {_LINE}",
}


class KeyIdentity(IdentityProvider):
    """Knows an instructor by the session in a cookie, and takes a class key for a sender's."""

    key_ring: KeyRing
    wrong_keys: WrongKeys
    session_cookie: str

    def get_user(self, handler: Any) -> User | None:
        """Tell who asks.

        Raises:
            HTTPError: 401, where a page that is still open asks after its session has ended.
        """
        if isinstance(handler, KeyedHandler):
            return SENDER  # the key may be in the body, which is not read yet
        token = handler.get_cookie(self.session_cookie)
        if token and self.key_ring.has_session(token):
            return INSTRUCTOR
        if self._is_class_key(handler, key_in_header(handler)):
            return SENDER
        if token and isinstance(handler, APIHandler):
            handler.current_user = None
            raise web.HTTPError(401, "Your login has ended: reload the page to log in again.")
        return None

    def _is_class_key(self, handler: Any, key: str) -> bool:
        # Or who guesses would ask here, and not where events are taken.
        try:
            return bool(key) and self.wrong_keys.judge(address_of(handler), key) == "good"
        except KeyPausedError:
            return False


class KeyDoor(Door):
    """Lets in by keys."""

    def __init__(
        self,
        key_ring: KeyRing,
        *,
        port: int,
        path: str,
        is_secure: bool,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Let in by these keys.

        Args:
            key_ring: the keys, and the sessions of instructors.
            port: cookies of two collectors on one host, which browsers mix up, differ by it.
            path: where the collector lies, with a slash at the end.
            is_secure: whether browsers come by https, as far as they see.
            clock: of the pauses after wrong keys, in seconds.
        """
        self.key_ring = key_ring
        self.slow_down = SlowDown(clock)
        self.wrong_keys = WrongKeys(key_ring.judge, clock)
        self._path = path
        self._is_secure = is_secure
        self.cookie_name = f"ipynb-telemetry-session-{port}"
        identity = KeyIdentity(token="")
        identity.key_ring, identity.session_cookie = key_ring, self.cookie_name
        identity.wrong_keys = self.wrong_keys
        self.identity_provider = identity
        self.authorizer = ActionsAuthorizer(identity_provider=identity)

    def routes(self) -> list[tuple[str, type[web.RequestHandler]]]:
        """Give the login page, and the end of a session."""
        return [(r"/login/?", LoginHandler), (r"/logout/?", LogoutHandler)]

    def check_key(self, handler: Any, document: Any) -> None:
        """Check the class key, of the header where there is one, else of the body."""
        named = key_in_header(handler)
        for key in [named] if named else keys_in(document):
            judgment = self.wrong_keys.judge(address_of(handler), key) if key else "missing"
            if judgment != "good":
                raise KeyRefusedError(_REFUSALS[judgment])

    def student_of(self, handler: Any) -> None:
        """Tell that nobody knows who sends: all students have one key."""

    async def log_in(self, handler: Any) -> Caller:
        """Begin a session, and give its token to the browser."""
        handler.set_cookie(
            self.cookie_name,
            await self.key_ring.open_session(),
            path=self._path,
            httponly=True,
            samesite="Lax",
            secure=self._is_secure,
            max_age=SESSION_MS // 1000,
        )
        return INSTRUCTOR

    async def log_out(self, handler: Any) -> None:
        """End the session of a browser."""
        token = handler.get_cookie(self.cookie_name)
        if token:
            await self.key_ring.close_session(token)
        handler.clear_cookie(self.cookie_name, path=self._path)


def key_in_header(handler: Any) -> str:
    """Give the key of the header `Authorization: Bearer`; an empty one: there is none."""
    kind, _, key = handler.request.headers.get("Authorization", "").strip().partition(" ")
    return key.strip() if kind.lower() in ("bearer", "token") else ""
