"""The message of an error with what differs from student to student replaced.

Quoted text becomes `'…'`, a path `<path>`, an address in memory or another hexadecimal number
`<hex>`, a number `<n>`, an object that shows its address `<object>`, a list of values in brackets
`<value>`, and a name that is written as code writes names (`total_2`, `df.mean`, `f()`) `<name>`.
Several of one sort in a row are as one. Words of prose stay: they are what tells "unsupported
operand" from "not subscriptable". So do the names of Python's types, since `'NoneType' object is
not subscriptable` has another cause than `'function' object …`; all types of numbers are one.

The words that stay may still differ by Python's version or R's language: `errorwordings` and
`rwordings` know the frequent ones.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from .errorlanguages import as_python, of_julia, of_r
from .errorwordings import PYTHON
from .rwordings import in_english

MAX_MESSAGE = 200  # characters of a folded message
R_TYPE = "ERROR"
"""What R's kernel gives as the type of every error."""
_MAX_TEXT = 1000  # characters of a message that are looked at

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_SPACE = re.compile(r"\s+")
# Each alternative begins with what no other begins with, or is tried before it. No quantifier
# repeats a group that can match the same text in two ways: a message is anyone's text.
_VARIABLE = re.compile(
    r"""
    (?P<object><(?:[^<>\n]|<l[a-z]+>){1,200}\ at\ 0x[0-9a-fA-F]+>)
    | (?P<quoted>(?<![A-Za-z0-9_])[bBrRuU]{0,2}
            (?: '(?:[^'\n]|(?<=[A-Za-z])'(?=[A-Za-z]))*(?:'|$) | "[^"\n]*(?:"|$) )
        | `[^`\n]*` | \u2018[^\u2019\n]*\u2019 | \u201c[^\u201d\n]*\u201d
        | \u201e[^\u201c\u201d\n]*[\u201c\u201d] | \u00ab[^\u00bb\n]*\u00bb
        | \u300c[^\u300d\n]*\u300d)
    | (?P<path>(?<![\w.]) (?: ~?/ | [A-Za-z]:[\\/] | \.\.?/ ) [^\s,;:'")\]}]+)
    | (?P<hex>\b0[xX][0-9a-fA-F]+\b | \bU\+[0-9A-F]{4,6}\b
        | \b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,}\b)
    | (?P<number>(?<![\w.]) [+-]? \d[\d_]* (?:\.\d+)* (?:[eE][+-]?\d+)? [jL]? (?![\w])
        | \bnp\.\w+\([^()\n]*\))
    | (?P<value>\b(?:\w*Index|array|Timestamp)\([^()\n]*\))
    | (?P<name>\b[A-Za-z_]\w*(?:\.(?:[A-Za-z_]\w*|<l[a-z]+>))+(?:\(\))? | <lambda>(?:\(\))?
        | \b[A-Za-z]\w*_\w*(?:\(\))? | \b_\w+(?:\(\))?
        | \b[A-Za-z]+\d\w*(?:\(\))? | \b[A-Za-z]\w*\(\))
    | (?P<type>\bnot\ (?:int|float)\b | \b(?:int|float)\ (?:found|object)\b)
    | (?P<plural>\b(?:arguments|values|were\ given|rows|columns)\b)
    """,
    re.VERBOSE,
)
_REPLACED = {
    "object": "<object>",
    "quoted": "'…'",
    "path": "<path>",
    "hex": "<hex>",
    "number": "<n>",
    "value": "<value>",
    "name": "<name>",
}
_NUMBERS = frozenset({"int", "float", "complex", "bool", "numpy.float64", "numpy.int64"})
_TYPES = frozenset(
    {
        *("str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset", "range"),
        *("NoneType", "type", "function", "method", "module", "generator", "map", "filter", "zip"),
        *("slice", "ellipsis", "object", "property", "enumerate", "reversed", "dict_keys"),
        *("dict_values", "dict_items", "builtin_function_or_method", "method_descriptor"),
        *("DataFrame", "Series", "Index", "ndarray", "numpy.ndarray"),
    }
)
_SINGLE = r"(?:'…'|<(?:n|hex|path|name|object|value)>)"
_ROW = re.compile(rf"({_SINGLE})(?:(?:, ?(?:and |or )?| and | or )\1)+")
_BRACKETS = re.compile(
    rf"\[(?:{_SINGLE}(?:, ?{_SINGLE})*)?,?\]|(?<!\w)\((?:{_SINGLE}(?:, ?{_SINGLE})*)?,?\)"
    rf"|\{{(?:{_SINGLE}(?:: {_SINGLE})?(?:, {_SINGLE}(?:: {_SINGLE})?)*)?\}}"
)
_SEVERAL = re.compile(r"['>](?:, ?| and | or )|[\[({]['<\])}]")
_NESTED = 3  # brackets in brackets
# Where the parser stood, and what Python guesses was meant: the names at hand decide whether.
_ASIDE = re.compile(
    r" ?\((?:detected at line \d+|[^()\s]*, line \d+)\)| on line \d+"
    r"|\.? Did you (?:mean|forget)\b[^?]*\?"
)
_LITERAL = re.compile(_SINGLE)


def one_line(text: str) -> str:
    """Give a text without colours, on one line."""
    return _SPACE.sub(" ", without_colours(text)).strip()


def without_colours(text: str) -> str:
    """Give a text without the codes of a terminal's colours."""
    return _COLOURS.sub("", text) if "\x1b" in text else text


@lru_cache(maxsize=4096)
def fold_message(value: str, kind: str = "") -> str:
    """Give a message with what differs from student to student replaced, on one line.

    Args:
        value: the message.
        kind: the type of the error, which also tells the language.
    """
    value = value[:_MAX_TEXT]
    if kind == R_TYPE:
        return in_english(_replaced(of_r(value)))
    if kind and value.startswith(f"{kind}: "):
        return _replaced(of_julia(value))
    folded = _replaced(as_python(value, kind))
    return _python_wordings().get(folded, folded)


def _replaced(value: str) -> str:
    text = one_line(value)
    if "line " in text or "Did you " in text:
        text = _ASIDE.sub("", text)
    text = _VARIABLE.sub(_replacement, text)
    if _SEVERAL.search(text):
        text = _ROW.sub(r"\1", text)
        for _ in range(_NESTED):
            shorter = _BRACKETS.sub("<value>", text)
            if shorter == text:
                break
            text = _ROW.sub(r"\1", shorter)
    # A message that is nothing but a value is the key that is missing, of whatever type.
    return "'…'" if _LITERAL.fullmatch(text) else text[:MAX_MESSAGE]


@cache
def _python_wordings() -> dict[str, str]:
    return {_replaced(each): _replaced(usual) for usual, group in PYTHON.items() for each in group}


def _replacement(found: re.Match[str]) -> str:
    sort = found.lastgroup or ""
    if sort == "quoted":
        return _quoted(found)
    if sort == "plural":
        return "was given" if found[0] == "were given" else found[0][:-1]
    if sort == "type":
        return re.sub("int|float", "<number>", found[0])
    return _REPLACED[sort]


def _quoted(found: re.Match[str]) -> str:
    """Keep the name of a type, where a message names one."""
    inner = found[0][1:-1]
    if inner in _TYPES or inner in _NUMBERS:
        text = found.string
        if text.startswith((" object", " and '"), found.end()) or text.endswith(
            ("not ", "and ", "type ", " of "), 0, found.start()
        ):
            return "'<number>'" if inner in _NUMBERS else f"'{inner}'"
    elif inner == ":" and found.string.startswith("expected ") and found.start() == 9:
        return found[0]
    return _REPLACED["quoted"]
