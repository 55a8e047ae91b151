"""The two keys of a class: their form, how they are made, and how the instructor's is kept."""

from __future__ import annotations

import hashlib
import re
import secrets

from jupyter_server.auth.security import passwd, passwd_check

CLASS_PREFIX = "tcw_"
"""The beginning of a class key, which students have: it sends events, and reads nothing."""
INSTRUCTOR_PREFIX = "tcr_"
"""The beginning of an instructor's key, which reads the class."""

_BYTES = 16  # nobody guesses 128 bits, and a person can still read them out
_INSTRUCTOR_KEY = re.compile(f"{INSTRUCTOR_PREFIX}[0-9a-f]{{{2 * _BYTES}}}")


def new_class_key() -> str:
    """Make a class key."""
    return f"{CLASS_PREFIX}{secrets.token_hex(_BYTES)}"


def new_instructor_key() -> str:
    """Make an instructor's key."""
    return f"{INSTRUCTOR_PREFIX}{secrets.token_hex(_BYTES)}"


def new_session_token() -> str:
    """Make what a browser has in its cookie while an instructor is logged in."""
    return secrets.token_urlsafe(32)


def hash_instructor_key(key: str) -> str:
    """Give what is kept of an instructor's key, by Jupyter Server's slow hash. The call blocks."""
    return str(passwd(key))


def is_instructor_key(key: str, kept: str) -> bool:
    """Whether this is the key of which `kept` is the hash. The call blocks."""
    return bool(_INSTRUCTOR_KEY.fullmatch(key)) and bool(passwd_check(kept, key))


def hash_session_token(token: str) -> str:
    """Give what is kept of a session's token: a token is long and random, a fast hash will do."""
    return hashlib.sha256(token.encode()).hexdigest()
