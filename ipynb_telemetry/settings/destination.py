"""Where the relay sends to: what a browser names, checked as the front end checks its settings."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

MAX_KEY_LENGTH = 64  # characters, as PostHog has it

_PRINTABLE_ASCII = re.compile(r"[\x21-\x7e]+")
_LOOPBACK = re.compile(r"localhost|127(\.\d+){3}|::1")


class DestinationError(ValueError):
    """A host or key that is refused, and why, in a sentence that does not repeat the text."""


class Destination(NamedTuple):
    """A PostHog project.

    Attributes:
        host: origin and path, without a final slash.
        api_key: the project key.
    """

    host: str
    api_key: str


def read_destination(document: Any) -> Destination:
    """Check the `host` and the project key, `api_key`, that a body brings along.

    Raises:
        DestinationError: one of them is refused; neither is repeated in the sentence.
    """
    told = document if isinstance(document, dict) else {}
    host = told.get("host")
    return Destination(
        read_host(host.strip() if isinstance(host, str) else ""), read_key(told.get("api_key"))
    )


def read_host(text: str) -> str:
    """Check a host; give it without a final slash.

    Raises:
        DestinationError: it is refused, and not repeated in the sentence.
    """
    try:
        url = urlsplit(text)
        loopback = _LOOPBACK.fullmatch(url.hostname or "")
        secure = url.scheme == "https" or (url.scheme == "http" and loopback)
        bare = not (url.query or url.fragment or "@" in url.netloc)
        # Reading the port checks it.
        if _PRINTABLE_ASCII.fullmatch(text) and url.hostname and url.port != 0 and secure and bare:
            return f"{url.scheme}://{url.netloc}{url.path}".rstrip("/")
    except ValueError:
        pass
    raise DestinationError(
        "The host is refused: it must begin with https:// and hold no password and no query."
    )


def read_key(value: Any) -> str:
    """Check a project key; give it without spaces around it.

    Raises:
        DestinationError: it is refused, and not repeated in the sentence.
    """
    key = value.strip() if isinstance(value, str) else ""
    if not key:
        raise DestinationError("The project key is missing.")
    if key.startswith("phx_"):
        raise DestinationError(
            "The key is refused: one with phx_ is personal and secret."
            " Revoke it, and use the project key, phc_…."
        )
    if not _PRINTABLE_ASCII.fullmatch(key):
        raise DestinationError("The key is refused: it holds characters no project key has.")
    if len(key) > MAX_KEY_LENGTH:
        raise DestinationError(
            f"The key is refused: it is longer than {MAX_KEY_LENGTH} characters."
        )
    return key
