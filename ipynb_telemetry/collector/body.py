"""Bytes from a PostHog client in, one JSON document out."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zlib
from typing import Any
from urllib.parse import parse_qs

from . import strictjson

GZIP_MAGIC = b"\x1f\x8b"
# The beginning of a form up to its data, other short fields first. No JSON begins like that, and
# however large a body is, only its beginning is looked at.
FORM = re.compile(rb"(?:[\w.%+*-]{1,100}(?:=[^&]{0,1000})?&){0,10}data=")


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
        return strictjson.read(body)
    except RecursionError as error:
        raise BodyError("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise BodyError("The body is not valid JSON.") from error
