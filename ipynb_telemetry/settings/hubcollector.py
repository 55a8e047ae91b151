"""The class collector that a JupyterHub gives the servers of its users, and the token for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

from .destination import HUB_KEY, Destination

VARIABLE = "IPYNB_TELEMETRY_CLASS_COLLECTOR"
"""The environment variable with the collector's address, which a hub's administrator sets."""

TOKEN_VARIABLE = "JUPYTERHUB_API_TOKEN"
"""The environment variable in which a hub gives each server a token of its own."""


class AddressError(ValueError):
    """An address that is refused, and why, in words that follow its name and do not repeat it."""


def read_address(text: str) -> str:
    """Check the address of a hub, or of something on it; give it without a final slash.

    Plain http is taken, unlike in settings: an administrator says where, often within one machine
    or one cluster.

    Raises:
        AddressError: the text is no such address.
    """
    text = text.strip()
    try:
        address = urlsplit(text)
        is_address = (
            address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
        )
    except ValueError:
        is_address = False
    if not is_address:
        raise AddressError("must begin with http:// or https:// and the name of a server")
    if "@" in address.netloc or "?" in text or "#" in text:
        raise AddressError("must hold no user name, no password and no query")
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise AddressError("must be plain ASCII without spaces")
    return text.rstrip("/")


def read_hub_collector(environ: Mapping[str, str] = os.environ) -> Destination | None:
    """Give the class collector of this server's hub; None: the hub gives none.

    Args:
        environ: the environment of the server.

    Raises:
        AddressError: the address is none that can be used, in words that follow `VARIABLE`.
    """
    text = environ.get(VARIABLE, "")
    return Destination(read_address(text), HUB_KEY) if text.strip() else None


def token_for(destination: Destination, environ: Mapping[str, str] = os.environ) -> str | None:
    """Give the token that a batch to a destination carries; None: the batch carries none.

    Only the hub's own collector gets it, at the address that the environment has now: a file that
    somebody wrote into the store or the settings leads the token nowhere.

    Args:
        destination: where a batch goes.
        environ: the environment of the server.
    """
    if destination.api_key != HUB_KEY:
        return None
    try:
        is_ours = destination == read_hub_collector(environ)
    except AddressError:
        return None
    return (environ.get(TOKEN_VARIABLE) or None) if is_ours else None
