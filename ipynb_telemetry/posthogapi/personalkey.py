"""The personal key, which may change everything in a project: held in memory, and shown nowhere."""

from __future__ import annotations

import re

from .errors import PostHogError

VARIABLE = "POSTHOG_PERSONAL_API_KEY"
"""The environment variable that may have the key."""

_KEY = re.compile(r"[\w-]{8,200}", re.ASCII)
_PUBLIC = ("phc_", "tcw_", "tcr_")


def read_personal_key(text: str) -> str:
    """Check a personal key; gives it without spaces around it.

    Raises:
        PostHogError: the text is none; the sentence does not repeat it.
    """
    key = text.strip()
    if not key:
        raise PostHogError("there is no personal key: nothing was done")
    if key.startswith(_PUBLIC):
        raise PostHogError(
            "this is the key that events are sent with: a personal one begins with phx_, and is"
            " made in PostHog under Settings, Personal API keys"
        )
    if not _KEY.fullmatch(key):
        raise PostHogError("this is no personal key: it has only letters, digits, _ and -")
    return key
