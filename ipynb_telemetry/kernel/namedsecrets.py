# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Secrets that their names give away; as in src/events/namedsecrets.ts, which says why."""

from __future__ import annotations

import functools
import re
import string

from .extent import _Extent
from .plausible import _BEHIND_ROOTS, _plausible
from .randomness import _REMEMBERED, _is_random
from .secretvalues import _fits, _is_mixed, _stands_in

_VARIABLE_SIGNS = re.compile("[A-Z0-9_]+")
_NAME_SIGNS = f"{string.ascii_letters}{string.digits}_-"
_CAMEL = re.compile("([a-z0-9])([A-Z])")
_BETWEEN = re.compile(
    r"(\\{0,2}[\"'`])?[ \t]{0,3}[\])]?[ \t]{0,8}"
    r"(:[ \t]?[A-Za-z_][A-Za-z0-9_.[\]| ]{0,30}=(?!=)|[=!]==?|=>|:=|<-|[:=]|,|\()[ \t\n]{0,8}"
)
_OPENING = re.compile(
    r"([A-Za-z_][A-Za-z0-9_.]{0,30}\([ \t]{0,4})?[A-Za-z]{0,2}\\{0,2}(?:\"\"\"|'''|[\"'`])"
)
_WORDS = re.compile(r"(?:[ \t][A-Za-z]{1,12}){0,3}:?[ \t]{1,3}[\"'`]?")
_BARE = re.compile(r"[^\s\"'`,;<>(){}[\]&|\\]+")
_QUOTED = {sign: re.compile(rf"[^{sign}\n\r]{{1,300}}") for sign in "\"'`"}
_SCHEME = re.compile(
    "(?:(?:Bearer|Basic|Token|token|bearer|basic|ApiKey|Digest|Key|Bot|OAuth|SSWS|GenieKey)"
    r"[ \t]{1,3})?"
)
_CREDENTIALS = re.compile(r"[^\s\"'`,}\\]{1,2000}")
_BLANK = re.compile("[ \t]{1,3}")
_PAIR = re.compile(
    r"[ \t]{0,3}=?[ \t]{0,3}\([ \t]{0,4}(?:[\"'][^\"'\n]{0,100}[\"']|[A-Za-z_][A-Za-z0-9_.]{0,60})"
    r"[ \t]{0,4},[ \t]{0,4}([\"'])"
)
_LOGIN = re.compile("login|auth|(?:http_)?(?:basic|digest)_auth")
_PASSWORD = re.compile(
    "(?:^|_)(?:pass|password|passwd|passwort|passphrase|passcode|pwd|pw)[0-9]{0,3}"
    "(?:_confirm|_confirmation)?$|(?:password|passwd|passphrase|passwort|pwd)[0-9]{0,3}$"
    "|(?:db|my|root|admin|user|smtp|ftp|ssh)pass$"
)
_NAMED_SECRET = re.compile(
    "secret(?!s$|ar)|token(?!i[zs]|s$)|credential|appid|(?:^|_)sig$|(?:api|secret|private|access"
    "|auth|account|shared|subscription|encryption|signing|licen[cs]e|service|client|master|storage"
    "|admin|app|application|consumer|developer|webhook|deploy|session|security|bot|server|write"
    "|read|ingest|project|instrumentation)_?keys?[0-9]{0,3}(?:_|$)"
)
_NAMED_KEY = re.compile("(?:^|_)key[0-9]{0,3}(?:_id)?$|[a-z]key$")
_OF_JUPYTER = re.compile("(?:jupyter|jupyterhub|jpy)_(?:api_)?token")
_SPACED_KEY = re.compile("(?:api|secret|access|auth|license|account|subscription) $", re.IGNORECASE)
_LOGIN_CALLS = ("login", "lient", "configure", "authenticate", "init", "Api", "API")
_VARIABLE = re.compile(
    "(?![A-Z0-9_]*(?:CACHE|PRIMARY|FOREIGN|SORT|HASH|PARTITION|DATA|OBJECT|DICT|LOOKUP|COMMIT|MD5"
    "|SHA))[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_KEY"
)
_NAME_ONLY = re.compile("[A-Za-z_][A-Za-z0-9_.]*")
_SENTENCE_END = re.compile("[.:!?]+$")
_LONGEST = 300  # characters of a value


class _NamedSecrets:
    """A search for secrets in one text."""

    def __init__(self, text: str, extent: _Extent) -> None:
        self.text = text
        self._extent = extent
        self._endless = 0  # where the last stretch ends that is too long for a value

    def find(self) -> list[tuple[int, int]]:
        """Where values of telling names begin and end."""
        spans: list[tuple[int, int]] = []
        low = self.text.replace("\u0130", "I").lower()
        for root in _BEHIND_ROOTS:
            self._endless = 0
            at = low.find(root)  # finds sooner than an expression that a text has no root
            if at < 0:
                continue
            given = _plausible(root).search(low, at)
            while given and self._extent.has(given.start()):
                span = self._value_of(given.start(), given.end(1), root)
                if span:
                    spans.append(span)
                given = _plausible(root).search(low, max(given.end(1), self._endless))
        return spans

    def _value_of(self, root_at: int, end: int, root: str) -> tuple[int, int] | None:
        before = self.text[max(0, root_at - 40) : root_at]
        start = root_at - len(before) + len(before.rstrip(_NAME_SIGNS))
        written = self.text[start:end]
        name = _plain_name(written)
        if root == "bearer":
            return self._after_bearer(end) if name == root else None
        if start >= 2 and self.text.startswith("::", start - 2):
            return None
        if _LOGIN.fullmatch(name):
            return self._second(end)
        kind = _kind_of(name, written, root)
        if kind in ("key", "other key"):
            kind = _kind_behind(self.text[max(0, start - 40) : start], kind)
        return self._value(start, end, kind) if kind else None

    def _value(self, start: int, end: int, kind: str) -> tuple[int, int] | None:
        between = _BETWEEN.match(self.text, end)
        if not between:
            return self._told(start, end, kind)
        closing, sign = between.groups()
        opening = _OPENING.match(self.text, between.end())
        if opening and (sign != "," or closing):
            return self._quoted(opening, kind, start, sign, not closing)
        if sign in (":", "="):
            if kind == "authorization":
                return self._authorization(between.end())
            is_tight = between.end() == end + 1 and sign == "="
            is_variable = bool(_VARIABLE_SIGNS.fullmatch(self.text, start, end))
            return self._bare(between.end(), kind, is_tight, is_variable)
        return None

    def _quoted(
        self, opening: re.Match[str], kind: str, name_at: int, sign: str, is_open: bool
    ) -> tuple[int, int] | None:
        mark = opening[0][-1]
        start = opening.end()
        inside = _QUOTED[mark].match(self.text, start)
        if not inside or self.text[inside.end() : inside.end() + 1] != mark:
            return None
        if is_open and name_at and self.text[name_at - 1] == mark:
            return None
        word = inside[0].rstrip("\\")
        end = start + len(word)
        if kind == "authorization":
            return self._authorization(start, end)
        is_password = kind == "password"
        fitting = "token" if is_password and (opening[1] or sign == "(") else kind
        is_listed = sign == "," and is_password and not _is_mixed(word)
        return (start, end) if not is_listed and _fits(word, fitting) else None

    def _bare(
        self, at: int, kind: str, is_tight: bool, is_variable: bool
    ) -> tuple[int, int] | None:
        found = self._match_bare(at)
        if not found or self.text[found.end() : found.end() + 1] in ("(", "["):
            return None
        word = _SENTENCE_END.sub("", found[0])
        is_name = bool(_NAME_ONLY.fullmatch(word))
        if word[:1] in ("~", ".", "/", "\\") or "://" in word:
            is_one = False
        elif kind == "password" and is_tight:
            is_one = _is_mixed(word) if is_name and not is_variable else _fits(word, kind)
        elif kind == "password":
            is_one = _is_mixed(word) and not is_name and _fits(word, kind)
        else:
            least = 16 if is_name and not is_tight else 8 if is_tight else 12
            is_one = _fits(word, kind) and len(word) >= least
        return (at, at + len(word)) if is_one else None

    def _told(self, start: int, end: int, kind: str) -> tuple[int, int] | None:
        words = _WORDS.match(self.text, end)
        found = self._match_bare(words.end()) if words else None
        if not found:
            return None
        word = _SENTENCE_END.sub("", found[0])
        if kind == "password":
            is_one = (
                _is_mixed(word)
                and not _NAME_ONLY.fullmatch(word)
                and "=" not in word
                and end - start > 4
                and _fits(word, kind)
            )
        else:
            is_one = kind == "token" and len(word) >= 20 and _fits(word, kind)
        return (found.start(), found.start() + len(word)) if is_one else None

    def _authorization(self, at: int, last: int | None = None) -> tuple[int, int] | None:
        scheme = _SCHEME.match(self.text, at)
        start = scheme.end() if scheme else at
        end = last
        if end is None:
            found = _CREDENTIALS.match(self.text, start)
            end = found.end() if found else start
        word = self.text[start:end]
        is_one = (
            (len(word) >= 3 if start > at else _is_mixed(word))
            and not _stands_in(word)
            and not re.search(r"[()\s]", word)
        )
        if not is_one and end - start > _LONGEST:
            self._endless = end
        return (start, end) if is_one else None

    def _after_bearer(self, end: int) -> tuple[int, int] | None:
        blank = _BLANK.match(self.text, end)
        found = self._match_bare(blank.end()) if blank else None
        return found.span() if found and _is_random(found[0]) else None

    def _second(self, end: int) -> tuple[int, int] | None:
        pair = _PAIR.match(self.text, end)
        inside = _QUOTED[pair[1]].match(self.text, pair.end()) if pair else None
        if not pair or not inside or self.text[inside.end() : inside.end() + 1] != pair[1]:
            return None
        return inside.span() if _fits(inside[0], "password") else None

    def _match_bare(self, at: int) -> re.Match[str] | None:
        found = _BARE.match(self.text, at)
        if found and found.end() - at > _LONGEST:
            self._endless = found.end()
            return None
        return found


@functools.lru_cache(maxsize=_REMEMBERED)
def _plain_name(written: str) -> str:
    return _CAMEL.sub(r"\1_\2", written).lower().replace("-", "_")


@functools.lru_cache(maxsize=_REMEMBERED)
def _kind_of(name: str, written: str, root: str) -> str:
    """Give what a name says of its value; "": nothing; "key": the words before it say more."""
    if root == "auth":
        return "authorization" if name.endswith("authorization") else ""
    if root in ("pass", "pwd"):
        return "password" if _PASSWORD.search(name) else ""
    if _OF_JUPYTER.fullmatch(name):
        return "password"
    if "public" in name:
        return ""
    if _NAMED_SECRET.search(name):
        return "token"
    if root != "key":
        return ""
    if not _NAMED_KEY.search(name):
        return "other key"
    return "token" if _VARIABLE.fullmatch(written) else "key"


def _kind_behind(before: str, kind: str) -> str:
    """Give what the name of a key says of its value, with the words that stand before the name."""
    if before.endswith(" ") and _SPACED_KEY.search(before):
        return "token"
    if kind == "other key":
        return ""
    outer, call, inner = before.rpartition("(")
    is_in_call = call and outer.endswith(_LOGIN_CALLS) and not (")" in inner or "\n" in inner)
    return "token" if is_in_call or before.endswith(("?", "&")) else kind
