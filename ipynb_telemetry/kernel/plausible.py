# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Whether anything like a secret's value stands behind a name that tells of one.

Most names have nothing of the kind, and one expression for each sort of name says so: the search
in namedsecrets.py, which takes many, is for the others.
"""

from __future__ import annotations

import re

# Behind the rest of the name, which is taken whole, there is what stands between and the value, or
# there are words and the value.
_BARE_SIGN = r"[^\s\"'`,;<>(){}[\]&|\\]"
_NAMED = re.compile("[A-Za-z0-9_-]{0,40}")
_REST_OF_NAME = "(?=([A-Za-z0-9_-]{0,40}))"
_VALUE_BEHIND = (
    rf"{_REST_OF_NAME}\1"
    r"(?:(?:\\{0,2}[\"'`])?[ \t]{0,3}[\])]?[ \t]{0,8}"
    r"(?::[ \t]?[A-Za-z_][A-Za-z0-9_.[\]| ]{0,30}=|[=!]==?|=>|:=|<-|[:=,(])[ \t\n]{0,8}"
    r"(?:(?:[A-Za-z_][A-Za-z0-9_.]{0,30}\([ \t]{0,4})?[A-Za-z]{0,2}\\{0,2}"
    r"(?:\"(?:\"\")?[^\s\"]{LEAST}|'(?:'')?[^\s']{LEAST}|`[^\s`]{LEAST})|BARE{LEAST})"
    r"|(?:[ \t][A-Za-z]{1,12}){0,3}:?[ \t]{1,3}[\"'`]?(?:BARE{20}|TOLD))"
)


def _given(least: int, told: str) -> re.Pattern[str]:
    pattern = _VALUE_BEHIND.replace("TOLD", told).replace("LEAST", str(least))
    return re.compile(pattern.replace("BARE", _BARE_SIGN))


# For roots of passwords and of other secrets; in texts with -- options' values are words, too.
_OF_PASSWORD = _given(4, "(?:(?![0-9])BARE){0,300}[0-9]")
_OF_OTHERS = _given(8, "BARE{20}")
_OF_OPTIONS = _given(4, "BARE{4}")
_AUTHORIZES = re.compile(
    rf"{_REST_OF_NAME}(?:[A-Za-z0-9_-]{{0,40}}orization|[ \t]{{0,3}}=?[ \t]{{0,3}}\()"
)
_BEARS = re.compile(rf"{_REST_OF_NAME}[ \t]{{1,3}}\S{{8}}")
_PLAUSIBLE = {
    **dict.fromkeys(("pass", "pwd", "token"), _OF_PASSWORD),
    **dict.fromkeys(("secret", "key", "credential", "appid"), _OF_OTHERS),
    **{"auth": _AUTHORIZES, "login": _AUTHORIZES, "bearer": _BEARS},
}
