# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Whether anything like a secret's value stands behind a name that tells of one.

Most names have nothing of the kind, and one expression for each root of names says so: the search
in namedsecrets.py, which takes many, is for the others. The expressions are for small letters.
"""

from __future__ import annotations

import functools
import re

# Behind the rest of the name, which is taken whole, there is what stands between and the value, or
# there are words and the value. A value without quotation marks stands behind : and = alone.
_BARE_SIGN = r"[^\s\"'`,;<>(){}[\]&|\\]"
_REST_OF_NAME = "(?=([a-z0-9_-]{0,40}))"
_VALUE_BEHIND = (
    rf"{_REST_OF_NAME}\1"
    r"(?:(?:\\{0,2}[\"'`])?[ \t]{0,3}[\])]?[ \t]{0,8}"
    r"(?:(?::[ \t]?[a-z_][a-z0-9_.[\]| ]{0,30}=|[=!]==?|=>|:=|<-|[:=,(])[ \t\n]{0,8}"
    r"(?:[a-z_][a-z0-9_.]{0,30}\([ \t]{0,4})?[a-z]{0,2}\\{0,2}"
    r"(?:\"(?:\"\")?[^\s\"]{LEAST}|'(?:'')?[^\s']{LEAST}|`[^\s`]{LEAST})"
    r"|[:=][ \t\n]{0,8}BARE{LEAST})"
    r"|(?=((?:[ \t][a-z]{1,12}){0,3}:?[ \t]{1,3}[\"'`]?))\2TOLD)"
)


def _value_behind(least: int, told: str) -> str:
    pattern = _VALUE_BEHIND.replace("TOLD", told).replace("LEAST", str(least))
    return pattern.replace("BARE", _BARE_SIGN)


_OF_PASSWORD = _value_behind(4, rf"{_BARE_SIGN[:-1]}0-9]{{0,300}}[0-9]")
_OF_OTHERS = _value_behind(8, "BARE{20}")
_AUTHORIZES = rf"{_REST_OF_NAME}(?:[a-z0-9_-]{{0,40}}orization|[ \t]{{0,3}}=?[ \t]{{0,3}}\()"
_BEARS = rf"{_REST_OF_NAME}[ \t]{{1,3}}\S{{8}}"
_BEHIND_ROOTS = {
    **dict.fromkeys(("pass", "pwd", "token"), _OF_PASSWORD),
    **dict.fromkeys(("secret", "key", "credential", "appid"), _OF_OTHERS),
    **{"auth": _AUTHORIZES, "login": _AUTHORIZES, "bearer": _BEARS},
}


@functools.lru_cache(maxsize=16)
def _plausible(root: str) -> re.Pattern[str]:
    """The expression for a root, made when a text has the root: a kernel begins sooner."""
    return re.compile(root + _BEHIND_ROOTS[root])
