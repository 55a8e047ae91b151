# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Texts without escape sequences, folders and tokens, cut to a length; as in src/events/text.ts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

from .secrets import _without_secrets
from .shared import _MAX_LABEL

_MAX_TEXT = 10_000  # characters of a message or traceback
_MAX_JSON = 22_000  # units of a text's JSON: four texts in an event fit into a page's 100,000
# Escape sequences, folders and tokens are taken out; src/events/text.ts says why.
_ANSI = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|\Z)|"
    r"\x1b(?:\][^\x07\x1b\n]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~]?)"
)
# A letter of any language, with its marks: \w of Python has no marks.
_LETTER = r"\w\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u064b-\u065f\u0900-\u109f\u1ab0-\u1aff"
_LETTER += r"\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
_PART = rf"[{_LETTER}.@+~%$-]+"
_SPACED = r"[^\\/:*?\"'<>|\r\n]{1,100}"
_PATH = re.compile(
    r"(^|[\s\"'`(=<\[{,:;|>])(?:"
    rf"((?:file://)?(?:~[\w.-]*)?/(?:{_PART}/{{1,2}})+)({_PART})|"
    rf"([A-Za-z]:[\\/]{{1,2}}(?:{_SPACED}[\\/]{{1,2}})+)({_SPACED}(?=[\"'])|{_PART})|"
    rf"(\\\\{_PART}\\(?:{_PART}\\)+)({_PART}))",
    re.MULTILINE,
)
_WORD = r"[^\s/\\:*?\"'<>|,;]{1,100}"
_ROOT = r"(?:home|Users|root|mnt|tmp|srv)"
_ROOTED = re.compile(
    rf"(^|[^{_LETTER}./:]|:(?!//(?!/))|(?:^|\s)-[A-Za-z]|file://[\w.-]{{1,64}}(?=/))"
    rf"((?:file://|[A-Za-z]:)?/{{1,4}}{_ROOT}/{{1,2}}"
    rf"(?:{_WORD}(?: (?=[{_LETTER}(&-]){_WORD}){{0,4}}/{{1,2}})*)"
    rf"({_SPACED}(?=[\"'\u201d\u2019])|{_PART})",
    re.MULTILINE,
)
_ROOT_IN = re.compile(f"/{_ROOT}/")
_HOMES = re.compile(r"(?:file://|[A-Z]:)?[\\/]+(?:home|users)[\\/]+", re.IGNORECASE)
_TOKEN = re.compile(r"([?&#](?:token|access_token|_xsrf)=)[^&\s\"'<>]+", re.IGNORECASE)
# Variables with a token of the server; the token itself may stand in any text.
_SECRETS = ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN")


def _without_tokens(text: str) -> str:
    """Code as it was typed, but for tokens and secrets."""
    for secret in map(os.environ.get, _SECRETS):
        if secret and len(secret) >= 8:  # a shorter secret may be a word
            text = text.replace(secret, "\u2026")
    plain = _TOKEN.sub("\\1\u2026", text).encode("utf-8", "replace").decode()
    return _without_secrets(plain)


def _clean(text: str) -> str:
    """`text` without escape sequences, folders of paths, tokens and secrets."""
    plain = _without_tokens(_ANSI.sub("", text))
    if _ROOT_IN.search(plain):
        plain = _ROOTED.sub(_without_folder, plain)
    return _PATH.sub(_without_folder, plain)


def _without_folder(match: re.Match[str]) -> str:
    folder, last = (group for group in match.groups()[1:] if group is not None)
    return match[1] + ("\u2026" if _HOMES.fullmatch(folder) else f"\u2026/{last}")


def _clean_json(value: Any) -> Any:
    """Plain JSON with all of its texts cleaned, names of properties too."""
    if isinstance(value, dict):
        return {_clean(key): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean_json(item) for item in value]
    return _clean(value) if isinstance(value, str) else value


def _cut(
    text: str, limit: int = _MAX_TEXT, clean: Callable[[str], str] = _clean
) -> tuple[str, bool]:
    """The beginning of `text`, cleaned, and whether anything was cut off.

    Cleaning shortens a text. Hence twice `limit` is cleaned, and no more.
    """
    whole = clean(text[: 2 * limit])
    kept = _fit(whole[:limit])
    return kept, len(text) > 2 * limit or len(whole) > len(kept)


def _label(value: object) -> str:
    """A value of any kind, named in a warning."""
    return repr(value[:_MAX_LABEL]) if isinstance(value, str) else f"of type {type(value).__name__}"


def _text(text: str, limit: int = _MAX_TEXT) -> str:
    """`text` without escape sequences and lone surrogates, cut to `limit` characters."""
    return _fit(_ANSI.sub("", text[: 4 * limit])[:limit].encode("utf-8", "replace").decode())


def _fit(text: str) -> str:
    """Less of `text` where JSON makes it far longer: a control character becomes six."""
    units = len(json.dumps(text, ensure_ascii=False).encode("utf-16-le")) // 2
    return text if units <= _MAX_JSON else text[: _MAX_JSON // 6]
