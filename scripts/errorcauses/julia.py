"""Errors of Julia as its documentation and source have them: there is no Julia here."""

from __future__ import annotations

_FROM = "not produced here: Julia {}, as its documentation and source have it"
_NOW, _OLDER = _FROM.format("1.11"), _FROM.format("1.8")
DOCUMENTED = (
    (
        "Julia: a name that is not defined",
        _OLDER,
        "UndefVarError",
        "UndefVarError: totl not defined",
    ),
    (
        "Julia: a name that is not defined",
        _FROM.format("1.10"),
        "UndefVarError",
        "UndefVarError: `x1` not defined",
    ),
    (
        "Julia: a name that is not defined",
        _NOW,
        "UndefVarError",
        "UndefVarError: `marks` not defined in `Main`\nSuggestion: check for spelling errors or "
        "missing imports.",
    ),
    (
        "Julia: an index out of bounds",
        _OLDER,
        "BoundsError",
        "BoundsError: attempt to access 3-element Vector{Int64} at index [5]",
    ),
    (
        "Julia: an index out of bounds",
        _NOW,
        "BoundsError",
        "BoundsError: attempt to access 12-element Vector{Int64} at index [0]",
    ),
    (
        "Julia: a method for these types that is not there",
        _OLDER,
        "MethodError",
        "MethodError: no method matching +(::Int64, ::String)\nClosest candidates are:\n  "
        "+(::Any, ::Any, !Matched::Any, !Matched::Any...) at operators.jl:591\n  +(::T, "
        "!Matched::T) where T<:Union{Int128, Int16} at int.jl:87",
    ),
    (
        "Julia: a method for these types that is not there",
        _NOW,
        "MethodError",
        "MethodError: no method matching +(::Int64, ::String)\nThe function `+` exists, but no "
        "method is defined for this combination of argument types.\n\nClosest candidates are:\n  "
        "+(::Any, ::Any, !Matched::Any, !Matched::Any...)\n   @ Base operators.jl:596",
    ),
    (
        "Julia: another method that is not there",
        _NOW,
        "MethodError",
        "MethodError: no method matching *(::Vector{Int64}, ::Vector{Int64})\nThe function `*` "
        "exists, but no method is defined for this combination of argument types.",
    ),
    (
        "Julia: the root of a negative number",
        _NOW,
        "DomainError",
        "DomainError with -1.0:\nsqrt was called with a negative real argument but will only "
        "return a complex result if called with a complex argument. Try sqrt(Complex(x)).",
    ),
    (
        "Julia: the root of a negative number",
        _OLDER,
        "DomainError",
        "DomainError with -2.5:\nsqrt was called with a negative real argument but will only "
        "return a complex result if called with a complex argument. Try sqrt(Complex(x)).",
    ),
    ("Julia: a key that is not there", _NOW, "KeyError", 'KeyError: key "bob" not found'),
    ("Julia: a key that is not there", _OLDER, "KeyError", "KeyError: key 7 not found"),
    (
        "Julia: a text that is no number",
        _NOW,
        "ArgumentError",
        "ArgumentError: invalid base 10 digit 'x' in \"x1\"",
    ),
    (
        "Julia: a text that is no number",
        _OLDER,
        "ArgumentError",
        "ArgumentError: invalid base 10 digit ',' in \"3,5\"",
    ),
    ("Julia: division by zero", _NOW, "DivideError", "DivideError: integer division error"),
)
"""Causes of errors of a language that is not at hand: cause, where from, type and message."""
