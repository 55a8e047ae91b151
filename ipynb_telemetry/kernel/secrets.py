# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Secrets are taken out of texts; as in src/events/secrets.ts, which says why.

Besides, the values of environment variables that are named like secrets are taken out. Nobody is
told these values: they are looked up anew for each text. `toldvalues.py` has pages find them.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterable
from typing import Any

from .extent import _Extent
from .markedsecrets import _find_marked
from .namedsecrets import _NAMED_SECRET, _PASSWORD, _NamedSecrets
from .quotedsecrets import _find_quoted, _is_encoded_text
from .randomness import _distinct, _is_random, _is_very_random
from .secretvalues import _fits

_SECRET = "\u2039secret\u203a"  # what is left of a secret
_MAX_LEARNED = 100
_MAX_CODE = 10_000  # characters of code are told
# By what stands in each, and is found sooner.
_IN_ADDRESS = {
    "://": re.compile(r"://[^\s:@/?#'\"<>]{0,100}:([^\s/'\"<>]{1,200})@"),
    "-u": re.compile(
        r"-(?:u|-user)(?:(?<=[ \t]-u)|(?<=[ \t]--user))[ \t=]{1,2}"
        r"[\"']?[A-Za-z0-9_.@+-]{1,60}:([^\s\"'@]{4,100})"
    ),
    "sig=": re.compile(r"[?&]sig=([A-Za-z0-9%+/]{43,90}(?:=|%3[dD]))"),
}
_STANDS_IN = re.compile(
    r"(?:[0-9]+$|[{<$%*\[\u2026\u2039]|pass|pw$|pwd$|secret$|x+$|\.+$)", re.IGNORECASE
)
_FOLDERS = ("PWD", "OLDPWD")  # of a shell: named like passwords, and in every printed path
_BEGIN = "-----BEGIN "
_PRIVATE = re.compile(
    r"[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\"']?[ \t]*(?:\r?\n|\\[nr])"
    r"(?:\s|\\[nr]|[\"'+])*[A-Za-z0-9+/]{4}"
)
_OWN = re.compile(
    r"(?<!\S)([^\s\[\]{}\\]{2,60})\[((?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_.~+/=])+-?)\]"
    r"\{([0-9]{1,3})(?:,([0-9]{1,3}))?\}(?!\S)"
)


class _SecretRules:
    """What is a secret besides, and what was learned; neither is stored or sent."""

    def __init__(self) -> None:
        self.own: list[re.Pattern[str]] = []  # of the course
        self.is_off = False
        self.learned: dict[str, None] = {}
        self.telling: dict[str, bool] = {}  # names of variables, and whether they tell of a secret
        self.read = ""  # the code that was last learned from


_secret_rules = _SecretRules()


def _set_secret_rules(patterns: str, keeps: bool) -> None:
    """Take a course's own patterns, apart by white space, and whether all secrets stay."""
    _secret_rules.own = [_own_pattern(*parts) for parts in _OWN.findall(patterns)]
    _secret_rules.is_off = keeps


def _own_pattern(mark: str, signs: str, least: str, greatest: str) -> re.Pattern[str]:
    """A pattern of a course's own; where it makes no sense, all of a word goes."""
    try:
        return re.compile(f"{re.escape(mark)}[{signs}]{{{least},{greatest or least}}}")
    except re.error:
        return re.compile(re.escape(mark) + "[!-~]{1,200}")


def _forget_secrets() -> None:
    """Forget what was learned."""
    _secret_rules.learned.clear()
    _secret_rules.read = ""
    for asked in (_fits, _is_random, _is_very_random, _is_encoded_text):
        asked.cache_clear()


def _learn_from(code: str) -> None:
    """Know the secrets in the code of a cell, whatever is told before the code is."""
    if code != _secret_rules.read:
        _secret_rules.read = code
        _without_secrets(code[: 2 * _MAX_CODE])


def _without_known(value: Any) -> Any:
    """Plain JSON without what variables of the environment hold, and what was learned."""
    if _secret_rules.is_off:
        return value
    return _without_values(value, [*_secret_rules.learned, *_environment_secrets()])


def _without_values(value: Any, known: list[str]) -> Any:
    if isinstance(value, dict):
        return {
            _without_values(name, known): _without_values(each, known)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [_without_values(each, known) for each in value]
    if not isinstance(value, str):
        return value
    extent = _Extent(value)
    return _cut_out(value, _find_known(value, known, extent), extent)


def _without_secrets(text: str) -> str:
    """`text` with `\u2039secret\u203a` for each secret that it tells."""
    if _secret_rules.is_off:
        return text
    extent = _Extent(text)
    found = _find_secrets(text, extent)
    _learn([text[start:end] for start, end in sorted(found)])
    known = {**_secret_rules.learned, **dict.fromkeys(_environment_secrets())}
    return _cut_out(text, found + _find_known(text, known, extent), extent)


def _cut_out(text: str, spans: list[tuple[int, int]], extent: _Extent) -> str:
    if extent.end < len(text):
        spans = [*spans, (extent.end, len(text))]
    pieces = []
    done = 0
    for start, end in sorted(spans):
        if start >= done:
            pieces += [text[done:start], _SECRET]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


def _count_secrets(value: Any) -> int:
    """How many secrets were taken out of plain JSON."""
    if isinstance(value, str):
        return value.count(_SECRET)
    if isinstance(value, dict):
        return sum(_count_secrets(name) + _count_secrets(each) for name, each in value.items())
    return sum(map(_count_secrets, value)) if isinstance(value, list) else 0


def _find_secrets(text: str, extent: _Extent) -> list[tuple[int, int]]:
    """Where secrets begin and end that the text itself gives away."""
    extent.begin()
    spans = _NamedSecrets(text, extent).find()
    spans += _find_private_keys(text)
    extent.begin()
    spans += _find_quoted(text, extent)
    extent.begin()
    spans += _find_marked(text, extent)
    extent.begin()
    for literal, pattern in _IN_ADDRESS.items():
        if literal in text:
            found = itertools.takewhile(lambda m: extent.has(m.start()), pattern.finditer(text))
            spans += [match.span(1) for match in found if not _STANDS_IN.match(match[1])]
    for pattern in _secret_rules.own:
        extent.begin()
        found = itertools.takewhile(lambda m: extent.has(m.start()), pattern.finditer(text))
        spans += [match.span() for match in found]
    return spans


def _find_private_keys(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = text.find(_BEGIN)
    while at >= 0:
        end = at + len(_BEGIN)
        if _PRIVATE.match(text[end : end + 120]):
            last = text.find("-----END ", end)
            close = -1 if last < 0 else text.find("-----", last + 9)
            end = len(text) if close < 0 else close + 5
            spans.append((at, end))
        at = text.find(_BEGIN, end)
    return spans


def _find_known(text: str, known: Iterable[str], extent: _Extent) -> list[tuple[int, int]]:
    """Where values stand that are known to be secrets."""
    spans: list[tuple[int, int]] = []
    extent.begin()
    for value in known:
        at = text.find(value, 0, extent.end + len(value))
        while at >= 0 and extent.has(at):
            end = at + len(value)
            # Where a longer word goes on, it is another word.
            is_within = text[at - 1 : at + 1].isalnum() or text[end - 1 : end + 1].isalnum()
            if not is_within or not (_is_in_word(text, at) or _is_in_word(text, end)):
                spans.append((at, end))
            at = text.find(value, end, extent.end + len(value))
    return spans


def _is_in_word(text: str, at: int) -> bool:
    beside = text[max(0, at - 1) : at + 1]
    return len(beside) == 2 and beside.isalnum() and beside.isascii()


def _environment_secrets() -> list[str]:
    """The values of variables that are named like secrets."""
    telling = _secret_rules.telling
    for name in os.environ:
        if name not in telling:
            low = name.lower()
            is_telling = _PASSWORD.search(low) or _NAMED_SECRET.search(low)
            telling[name] = name not in _FOLDERS and bool(is_telling)
    named = [os.environ.get(name, "") for name, tells in telling.items() if tells]
    return list(filter(_is_learnable, named))


def _is_learnable(value: str) -> bool:
    return (
        6 <= len(value) <= 300
        and re.search("[A-Za-z]", value) is not None
        and re.search(r"[^A-Za-z\s_]", value) is not None
        and _distinct(value) >= 5
        and (len(value) < 40 or _is_random(value))
    )


def _learn(values: list[str]) -> None:
    """Know secrets from now on, wherever they stand; the last hundred are known."""
    new: dict[str, None] = {}
    for value in reversed(values):
        if len(new) < _MAX_LEARNED and value not in new and _is_learnable(value):
            new[value] = None
    learned = _secret_rules.learned
    for value in reversed(new):
        learned.pop(value, None)
        learned[value] = None
    while len(learned) > _MAX_LEARNED:
        del learned[next(iter(learned))]
