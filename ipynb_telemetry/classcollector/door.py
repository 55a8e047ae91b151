"""Who may send to a class collector and who may read: the one thing that its kinds differ in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from jupyter_server.auth.authorizer import Authorizer
from jupyter_server.auth.identity import IdentityProvider, User
from tornado import web

RESOURCE = "ipynb_telemetry"


@dataclass
class Caller(User):
    """Somebody who asks, and the actions allowed to them: `read`, `write`."""

    actions: frozenset[str] = frozenset()


SENDER = Caller("sender", actions=frozenset({"write"}))
"""Whoever sends events with the key of the class."""
INSTRUCTOR = Caller("instructor", actions=frozenset({"read", "write"}))
"""Whoever has logged in."""


class ActionsAuthorizer(Authorizer):
    """Lets a `Caller` do what is allowed to them, and nobody else anything."""

    def is_authorized(self, handler: Any, user: User, action: str, resource: str) -> bool:
        """Whether the user may do that."""
        return resource == RESOURCE and isinstance(user, Caller) and action in user.actions


class KeyRefusedError(Exception):
    """Events come with a key that is not taken, and why, in sentences for the sender."""


class Door(ABC):
    """Tells who asks, by Jupyter Server's own seam, and what they may do.

    Attributes:
        identity_provider: tells who asks. For a `KeyedHandler`, which takes events, `check_key`
            follows when the body is read.
        authorizer: tells what they may do on the resource `ipynb_telemetry`: `write` is sending
            events, `read` is reading the class, and both together are an instructor's.
    """

    identity_provider: IdentityProvider
    authorizer: Authorizer

    @abstractmethod
    def routes(self) -> list[tuple[str, type[web.RequestHandler]]]:
        """Give the routes by which somebody logs in and out, below the collector's prefix."""

    def settings(self) -> dict[str, Any]:
        """Give the settings of the web application that the login needs."""
        return {}

    @abstractmethod
    def check_key(self, handler: Any, document: Any) -> None:
        """Check the key that a body's events come with; called off the event loop.

        Args:
            handler: a `KeyedHandler`.
            document: the body, as it was sent.

        Raises:
            KeyRefusedError: the events are not taken.
            KeyPausedError: they are not taken now.
        """

    @abstractmethod
    def student_of(self, handler: Any) -> str | None:
        """Give who sends, where that is known; None: the events say it, and it is a claim."""


class KeyedHandler:
    """Marks the handlers that take events of whoever has a key, and nothing by a cookie."""
