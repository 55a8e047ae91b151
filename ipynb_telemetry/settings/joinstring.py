"""The line that lets a student's Jupyter server send to a class collector.

`https://192.168.1.20:8443#cs1.tcw_KEY.FINGERPRINT`: the collector's address, the class, the class
key and, where the collector made its certificate itself, the certificate's fingerprint.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..kernel.shared import _WHITE
from .destination import (
    CLASS_KEY,
    Destination,
    DestinationError,
    read_fingerprint,
    read_host,
    read_key,
)

CLASS_NAME = re.compile(r"[\w-]{1,40}", re.ASCII)
"""The form of the name of a class."""

# Longer than any join string, and short enough to be read at once.
_MAX_LENGTH = 4_000
# Around a line that somebody has copied out of a text.
_QUOTES = _WHITE + "\"'`<>\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"
_COPY = "Copy the whole line from your instructor."


class JoinStringError(ValueError):
    """Why a join string is refused, in sentences that do not repeat it."""


class JoinString(NamedTuple):
    """A class, and where its events go.

    Attributes:
        class_name: letters, digits, `_` and `-`.
        destination: the class collector.
    """

    class_name: str
    destination: Destination

    @property
    def place(self) -> str:
        """Server, port and path, for people."""
        return self.destination.host.partition("://")[2]


def read_join_string(text: str) -> JoinString:
    """Read a join string as somebody typed or copied it.

    Raises:
        JoinStringError: nobody can be sent to by it.
    """
    text = text.strip(_QUOTES)
    address, mark, rest = text.partition("#")
    if len(text) > _MAX_LENGTH or not address:
        raise JoinStringError(f"That is no line that joins a class. {_COPY}")
    if not mark:
        raise JoinStringError(f"The line ends before its #. {_COPY}")
    class_name, _, secret = rest.partition(".")
    key, _, fingerprint = secret.partition(".")
    if not CLASS_NAME.fullmatch(class_name):
        raise JoinStringError(f"After # the name of the class must follow, then a dot. {_COPY}")
    if key.startswith("tcr_"):
        raise JoinStringError(
            "The line holds the instructor's key, which reads all that students do. Tell"
            " nobody, and ask your instructor for the line that is for students."
        )
    if not key.startswith(CLASS_KEY):
        raise JoinStringError(f"After the class a key must follow, {CLASS_KEY}\u2026. {_COPY}")
    try:
        host = read_host(address)
    except DestinationError as error:
        raise JoinStringError(f"{error} {_COPY}") from error
    try:
        key = read_key(key)
    except DestinationError as error:
        raise JoinStringError(f"The key in the line is damaged. {_COPY}") from error
    try:
        destination = Destination(host, key, read_fingerprint(fingerprint, host))
    except DestinationError as error:
        raise JoinStringError(
            f"The last part of the line, the certificate's fingerprint, is damaged. {_COPY}"
        ) from error
    return JoinString(class_name, destination)


def write_join_string(joining: JoinString) -> str:
    """Write the line that `read_join_string` reads.

    Raises:
        JoinStringError: the line could not be read again.
    """
    host, key, fingerprint = joining.destination
    written = ".".join(filter(None, (joining.class_name, key, fingerprint)))
    line = f"{host}#{written}"
    if read_join_string(line) != joining:
        raise JoinStringError("The class, its key or its host has a form of no join string.")
    return line
