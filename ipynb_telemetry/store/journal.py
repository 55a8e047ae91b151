"""Whether the journal beside a SQLite file is one: SQLite itself drops without a word what is not.

The format of the journal: https://www.sqlite.org/fileformat2.html#walformat
"""

from __future__ import annotations

import os
import sqlite3
import struct
import time
from contextlib import suppress

_HEADER_BYTES = 32
_MAGIC = (0x377F0682, 0x377F0683)
# Another server may write the header in the moment it is read.
_TRIES = 3
_PAUSE_S = 0.01


def check_journal(path: str) -> None:
    """Look at the journal beside a file, if there is one, before SQLite does.

    Raises:
        sqlite3.DatabaseError: the journal holds what nobody will read: the file was emptied, or the
            journal was written over.
    """
    header = b""
    for _ in range(_TRIES):
        with suppress(FileNotFoundError):
            with open(f"{path}-wal", "rb") as journal:
                header = journal.read(_HEADER_BYTES)
            # The file has its first page before there is a journal.
            if not header or (_is_header(header) and os.path.getsize(path)):
                return
        if not header:
            return
        time.sleep(_PAUSE_S)
    if not _is_header(header):
        raise sqlite3.DatabaseError("its journal was written over")
    raise sqlite3.DatabaseError("it was emptied beside its journal")


def _is_header(header: bytes) -> bool:
    if len(header) < _HEADER_BYTES:
        return False
    magic, *_, first, second = struct.unpack(">8I", header)
    if magic not in _MAGIC:
        return False
    words = struct.unpack(">6I" if magic & 1 else "<6I", header[:24])
    sum0 = sum1 = 0
    for even, odd in zip(words[::2], words[1::2], strict=True):
        sum0 = (sum0 + even + sum1) % 2**32
        sum1 = (sum1 + odd + sum0) % 2**32
    return (sum0, sum1) == (first, second)
