"""A PostHog project's host and key, checked as the front end checks its settings."""

from __future__ import annotations

from typing import Any, NamedTuple

# The kernel side has the rules, since it can import nothing of the package.
from ..kernel.address import _read_host, _read_key


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


def read_host(text: str) -> str:
    """Check a host; give it as it is used, in small letters and punycode.

    Raises:
        DestinationError: the host is refused; the sentence does not repeat it.
    """
    try:
        return _read_host(text)
    except ValueError as error:
        raise DestinationError(f"The host is refused: {error}.") from None


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
