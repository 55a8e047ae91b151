"""Causes of errors of code that Python cannot even parse, so that no test fails by them."""

from __future__ import annotations

from .cause import Cause

PARSING = (
    Cause(
        "a bracket that is not closed",
        (
            "print('a'\nx = 3",
            "xs = [1, 2\nprint(xs)",
            "d = {'a': 1\n\nd",
            "y = (1 + (2 * 3)\nz = 1",
        ),
    ),
    Cause(
        "a text that is not closed", ("print('a)", 'name = "Ann\nprint(name)', "x = 1\n\ny = 'b")
    ),
    Cause(
        "a colon that is missing",
        (
            "if True\n    x = 1",
            "for i in range(3)\n    print(i)",
            "def f(x)\n    return x",
            "x = 1\nwhile x < 3\n    x += 1",
        ),
    ),
    Cause(
        "a block that is not indented",
        (
            "if True:\nx = 1",
            "def f():\nreturn 1",
            "for i in range(3):\nprint(i)",
            "x = 1\nclass A:\npass",
        ),
    ),
    Cause("an indent too many", ("x = 1\n  y = 2", "print(1)\n    print(2)")),
    Cause(
        "an indent that fits no other",
        ("if True:\n    x = 1\n  y = 2", "for i in [1]:\n        a = 1\n    b = 2"),
    ),
    Cause("a comma that is missing", ("x = [1 2]", "print('a' 3)", "names = ['a', 'b' c]")),
    Cause("an assignment in a condition", ("if x = 3:\n    pass", "n = 1\nif n = 2: print(n)")),
    Cause("an assignment to a call", ("len(x) = 3", "y = 2\nmean(y) = 4")),
    Cause("an assignment to a literal", ("3 = x", "'a' = name")),
    Cause("print without brackets", ("print 'a'", "x = 3\nprint x")),
    Cause("a bracket that nothing opened", ("print(1))", "x = 3]", "y = 1\nz = 2}")),
    Cause("typographic quotes", ("print(\u201ca\u201d)", "x = \u201cb\u201d")),
    Cause("return outside a function", ("return 3", "x = 1\nreturn x")),
)
