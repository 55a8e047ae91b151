"""Where events are sent, host and key, checked as the front end checks its settings."""

from __future__ import annotations

import re
from typing import Any, NamedTuple
from urllib.parse import urlsplit

# The kernel side has the rules, since it can import nothing of the package.
from ..kernel.address import _CLASS_KEY, _read_fingerprint, _read_host, _read_key

CLASS_KEY = _CLASS_KEY
"""The beginning of each class key, which is a key of a class collector and of no PostHog."""

HUB_KEY = "jupyterhub:token"
"""What stands where other destinations have their key, for the class collector of a hub. No setting
can be this: `read_key` refuses it. The token itself is read when a batch is sent, and is kept
nowhere."""


# The servers of PostHog's cloud that take events.
_CLOUD = re.compile(r"https://(us|eu)\.i\.posthog\.com")


class DestinationError(ValueError):
    """What is refused of a destination, and why, in a sentence that does not repeat the text."""


class Destination(NamedTuple):
    """A PostHog project, or a class collector.

    Attributes:
        host: origin and path, without a final slash.
        api_key: the project key, or the class key.
        fingerprint: the SHA-256 of the only certificate that is trusted, as 64 small hexadecimal
            digits, whoever signed it and whatever name it holds; "": those of the environment are.
    """

    host: str
    api_key: str
    fingerprint: str = ""

    @property
    def is_class_collector(self) -> bool:
        """Whether a class collector is there, and no PostHog."""
        return self.api_key == HUB_KEY or self.api_key.startswith(CLASS_KEY)

    @property
    def pages(self) -> str:
        """The origin where people read what is sent: without a path, and without any key."""
        parts = urlsplit(pages_host(self.host))
        return f"{parts.scheme}://{parts.netloc}"


def read_host(text: str) -> str:
    """Check a host; give it as it is used, in small letters and punycode.

    Raises:
        DestinationError: the host is refused; the sentence does not repeat it.
    """
    try:
        return _read_host(text)
    except ValueError as error:
        raise DestinationError(f"The host is refused: {error}.") from None


def pages_host(host: str) -> str:
    """Give the server that has a PostHog's pages and private API, for the one that takes events."""
    cloud = _CLOUD.fullmatch(host)
    return f"https://{cloud[1]}.posthog.com" if cloud else host


def read_key(value: Any) -> str:
    """Check a project key; give it without spaces around it.

    Raises:
        DestinationError: the key is refused; the sentence does not repeat it.
    """
    if not isinstance(value, str) or value == "":
        raise DestinationError("The project key is missing.")
    try:
        return _read_key(value)
    except ValueError as error:
        raise DestinationError(f"The key is refused: {error}.") from None


def read_fingerprint(text: str, host: str) -> str:
    """Check a certificate's fingerprint; give it as 64 small digits.

    Capitals, colons and spaces, as programs print fingerprints, are understood.

    Args:
        text: the fingerprint; "", or white space: there is none.
        host: the host that has the certificate, as `read_host` gives it.

    Raises:
        DestinationError: the fingerprint is refused; the sentence does not repeat it.
    """
    try:
        return _read_fingerprint(text, host)
    except ValueError as error:
        raise DestinationError(f"The certificate is refused: {error}.") from None
