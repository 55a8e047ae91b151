"""Bytes from a PostHog client in, one JSON document out."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zlib
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from . import strictjson
from .weight import MAX_VALUES, HeavyError

GZIP_MAGIC = b"\x1f\x8b"
_PART = 128 * 1024  # bytes that are unpacked in one go
# The beginning of a form up to its data, other short fields first. No JSON begins like that, and
# however large a body is, only its beginning is looked at.
FORM = re.compile(rb"(?:[\w.%+*-]{1,100}(?:=[^&]{0,1000})?&){0,10}?data=")


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


def _tell_nobody(size: int) -> None:
    pass


def read_body(
    body: bytes | bytearray,
    limit: int,
    compression: str = "",
    unpacked: Callable[[int], None] = _tell_nobody,
) -> Any:
    """Decode a request body and parse its JSON.

    Args:
        body: JSON, gzip, a form with `data=<base64>`, or base64. The bytes tell which, because
            headers do not: posthog-js posts gzip as text/plain.
            A bytearray is emptied on the way: its memory is wanted for what is made of it.
        limit: most bytes the body may have once decompressed.
        compression: the `compression` argument of the request; only `base64` changes anything.
        unpacked: is told the bytes of each step of decompression, also where it fails.

    Raises:
        BodyError: the body is damaged, too large, or not JSON.
    """
    plain = _gunzip(body, limit, unpacked)
    if form := FORM.match(plain):
        plain = _gunzip(_unform(plain, form.end()), limit, unpacked)
    elif compression == "base64":
        plain = _gunzip(_unbase64(plain), limit, unpacked)
    try:
        return _parse(plain, limit)
    finally:
        _release(plain)
        _release(body)


def _release(body: bytes | bytearray) -> None:
    if isinstance(body, bytearray):
        body.clear()


def _gunzip(
    body: bytes | bytearray, limit: int, unpacked: Callable[[int], None]
) -> bytes | bytearray:
    if not body.startswith(GZIP_MAGIC):
        return body
    plain = io.BytesIO()
    room = limit + 1
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as stream:
            # Never more than a byte too many: a small body can hold gigabytes. Never all at once:
            # Python puts a large read together from small pieces, and may keep their memory.
            while part := stream.read(min(_PART, room)):
                room -= plain.write(part)
    except (OSError, EOFError, zlib.error) as error:
        raise BodyError("The body is damaged gzip.") from error
    finally:
        unpacked(limit + 1 - room)
    if room == 0:
        raise BodyError(f"The body is larger than {limit} bytes when decompressed.", 413)
    return plain.getvalue()  # no copy


def _unform(body: bytes | bytearray, begin: int) -> bytes:
    data = bytes(memoryview(body)[begin:]).partition(b"&")[0].replace(b"+", b" ")
    _release(body)
    if data.count(b"%") > MAX_VALUES:
        raise BodyError("The form escapes too much: send JSON.", 413)
    data = unquote_to_bytes(data).strip()
    return data if data.startswith((b"{", b"[")) else _unbase64(data)


def _unbase64(data: bytes | bytearray) -> bytes:
    # A plus sign that was not percent-encoded reaches us as a space; padding is often left out.
    data = data.strip().replace(b" ", b"+")
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4), validate=True)
    except ValueError as error:
        raise BodyError("The data is not base64.") from error


def _parse(body: bytes | bytearray, limit: int) -> Any:
    if not body or body.isspace():
        raise BodyError("The body is empty.")
    try:
        return strictjson.read(body, limit)
    except HeavyError as error:
        raise BodyError(str(error), 413) from error
    except RecursionError as error:
        raise BodyError("The JSON is nested too deeply.") from error
    except ValueError as error:
        raise BodyError("The body is not valid JSON.") from error
