"""Who is at the other end of a connection, as far as a class collector wants to know."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

_SECRET = secrets.token_bytes(32)  # of this process: what is made with it tells nobody anything


def hide_address(request: Any, is_behind_proxy: bool) -> None:
    """Take the network address out of a request: it is neither logged nor stored.

    Left is a name for the address, by which requests are counted in memory.

    Args:
        request: Tornado's.
        is_behind_proxy: whether a proxy tells the address in `X-Forwarded-For`; the last one there
            is what the proxy has seen itself.
    """
    address = str(request.remote_ip or "")
    if is_behind_proxy:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        address = told or address
    digest = hmac.new(_SECRET, address.encode("utf-8", "replace"), hashlib.sha256)
    request.remote_ip = digest.hexdigest()[:16]


def address_of(handler: Any) -> str:
    """Give the name that the address of a handler's request has in this process."""
    return str(handler.request.remote_ip)
