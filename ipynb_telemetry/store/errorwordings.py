"""Messages of Python that say the same in other words: of other versions, of other values."""

from __future__ import annotations

PYTHON: dict[str, tuple[str, ...]] = {
    # 3.11 and later
    "cannot access local variable 'x' where it is not associated with a value": (
        "local variable 'x' referenced before assignment",
    ),
    "cannot access free variable 'x' where it is not associated with a value in enclosing scope": (
        "free variable 'x' referenced before assignment in enclosing scope",
    ),
    # 3.12 and later
    "max() iterable argument is empty": ("max() arg is an empty sequence",),
    # The operands' types decide
    "division by zero": ("float division by zero", "complex division by zero"),
    "integer division or modulo by zero": (
        "integer modulo by zero",
        "float floor division by zero",
        "float modulo",
        "float modulo by zero",
        "float divmod()",
    ),
    # Where in the function the limit was reached
    "maximum recursion depth exceeded": (
        "maximum recursion depth exceeded in comparison",
        "maximum recursion depth exceeded while calling a Python object",
        "maximum recursion depth exceeded in __instancecheck__",
        "maximum recursion depth exceeded in __subclasscheck__",
        "Stack overflow",
    ),
    # The bytes decide
    "'x' codec can't decode byte 0x1 in position 0: invalid start byte": (
        "'x' codec can't decode byte 0x1 in position 0: invalid continuation byte",
        "'x' codec can't decode byte 0x1 in position 0: unexpected end of data",
        "'x' codec can't decode bytes in position 0-1: unexpected end of data",
    ),
    "expected an indented block": (
        "expected an indented block after 'if' statement",
        "expected an indented block after function definition",
        "expected an indented block after class definition",
    ),
    "f() takes 2 positional arguments but 3 were given": (
        "f() takes from 1 to 2 positional arguments but 3 were given",
    ),
}
"""Messages by the one that is taken for all of them; names and values are samples."""
