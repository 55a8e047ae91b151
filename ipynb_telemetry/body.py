"""Bytes from a PostHog client in, one JSON document out."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import zlib
from typing import Any, NoReturn
from urllib.parse import parse_qs

GZIP_MAGIC = b"\x1f\x8b"
# The beginning of a form up to its data, other short fields first. No JSON begins like that, and
# however large a body is, only its beginning is looked at.
FORM = re.compile(rb"(?:[\w.%+*-]{1,100}(?:=[^&]{0,1000})?&){0,10}data=")
# Far beyond any event, far below Python's recursion limit: what is stored can always be read.
MAX_DEPTH = 100


class BodyError(ValueError):
    """A body that cannot be taken."""

    def __init__(self, message: str, status: int = 400) -> None:
        """Say why.

        Args:
            message: a sentence for the sender.
            status: HTTP status, 400 or 413.
        """
        super().__init__(message)
        self.status = status


def read_body(body: bytes | bytearray, limit: int, compression: str = "") -> Any:
    """Decode a request body and parse its JSON.

    Args:
        body: JSON, gzip, a form with `data=<base64>`, or base64. The bytes tell which, because
            headers do not: posthog-js posts gzip as text/plain.
        limit: most bytes the body may have once decompressed.
        compression: the `compression` argument of the request; only `base64` changes anything.

    Raises:
        BodyError: the body is damaged, too large, or not JSON.
    """
    body = _gunzip(body, limit)
    if FORM.match(body):
        body = _gunzip(_unform(body), limit)
    elif compression == "base64":
        body = _gunzip(_unbase64(body), limit)
    return _parse(body)


def _gunzip(body: bytes | bytearray, limit: int) -> bytes | bytearray:
    if not body.startswith(GZIP_MAGIC):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            plain = stream.read(limit + 1)  # never more: a small body can hold gigabytes
    except (OSError, EOFError, zlib.error) as error:
        raise BodyError("The body is damaged gzip.") from error
    if len(plain) > limit:
        raise BodyError(f"The body is larger than {limit} bytes when decompressed.", 413)
    return plain


def _unform(body: bytes | bytearray) -> bytes:
    data = parse_qs(body.decode("utf-8", "replace")).get("data", [""])[0].strip().encode()
    return data if data.startswith((b"{", b"[")) else _unbase64(data)


def _unbase64(data: bytes | bytearray) -> bytes:
    # A plus sign that was not percent-encoded reaches us as a space; padding is often left out.
    data = data.strip().replace(b" ", b"+")
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except ValueError as error:
        raise BodyError("The data is not base64.") from error


def _parse(body: bytes | bytearray) -> Any:
    if not body.strip():
        raise BodyError("The body is empty.")
    try:
        # The hook changes nothing. But without a call into Python the parser would keep the
        # interpreter to itself, and the event loop waiting, until a large body is read.
        document = json.loads(body, object_hook=lambda found: found, parse_constant=_no_constant)
    except RecursionError as error:
        raise BodyError("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise BodyError("The body is not valid JSON.") from error
    if _deeper_than(MAX_DEPTH, document):
        raise BodyError("The JSON is nested too deeply.")
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _deeper_than(depth: int, document: Any) -> bool:
    level = [document]
    for _ in range(depth):
        containers = [node for node in level if isinstance(node, (dict, list))]
        if not containers:
            return False
        level = [
            child
            for node in containers
            for child in (node.values() if isinstance(node, dict) else node)
        ]
    return any(isinstance(node, (dict, list)) for node in level)
