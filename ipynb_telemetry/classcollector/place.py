"""Where a class collector listens, and by which address others reach it."""

from __future__ import annotations

import ipaddress
import re
import socket
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urlsplit

_EVERYWHERE = ("", "*", "0.0.0.0", "::")
_PREFIX = re.compile(r"/(?:[\w.~-]+/)*", re.ASCII)


class PlaceError(ValueError):
    """A collector cannot run there, and why, in a sentence."""


class Outside(NamedTuple):
    """How others reach a collector.

    Attributes:
        origin: scheme, host and port; None: those of this computer.
        path: with a slash at the beginning and the end.
    """

    origin: str | None
    path: str


def read_base_url(text: str) -> Outside:
    """Read a prefix such as `/cs1/`, or a whole address such as `https://example.org/cs1/`.

    Raises:
        PlaceError: the text is neither.
    """
    parts = urlsplit(text.strip())
    path = f"/{parts.path.strip('/')}/".replace("//", "/")
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    if parts.query or parts.fragment or "@" in parts.netloc or not _PREFIX.fullmatch(path):
        raise PlaceError("--base-url is a path such as /cs1/, or a whole address with one")
    if not is_whole and (parts.scheme or parts.netloc):
        raise PlaceError("--base-url begins with / or with https://")
    return Outside(f"{parts.scheme}://{parts.netloc.lower()}" if is_whole else None, path)


def is_loopback(ip: str) -> bool:
    """Whether nobody but this computer reaches what listens there."""
    with suppress(ValueError):
        return ipaddress.ip_address(ip).is_loopback
    return ip == "localhost"


def own_address(ip: str) -> str:
    """Give the address by which others in the room reach what listens at `ip`."""
    if ip not in _EVERYWHERE:
        return ip
    # No packet is sent: the system only says which of its addresses one would have.
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asked:
            asked.connect((somewhere, 9))
            found = str(asked.getsockname()[0])
            if not is_loopback(found) and found not in _EVERYWHERE:
                return found
    return socket.gethostname()


def origin_of(scheme: str, host: str, port: int) -> str:
    """Write an origin."""
    name = f"[{host}]" if ":" in host else host
    is_usual = port == {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{name}" if is_usual else f"{scheme}://{name}:{port}"
