"""The messages of errors as kernels of different languages give them, less what is around them."""

from __future__ import annotations

import re

# The operating system's words, perhaps in its language, stand behind its number for them.
_ERRNO = re.compile(r"\[(Errno|WinError) (-?\d+)\]")
# Of these types the number is no more than the type itself.
_OF_NUMBER = frozenset(
    {
        *("BlockingIOError", "BrokenPipeError", "ChildProcessError", "ConnectionAbortedError"),
        *("ConnectionRefusedError", "ConnectionResetError", "FileExistsError", "TimeoutError"),
        *("FileNotFoundError", "InterruptedError", "IsADirectoryError", "NotADirectoryError"),
        *("PermissionError", "ProcessLookupError"),
    }
)
# A KeyError of pandas has words, which `KeyError` itself puts in quotation marks.
_WORDS_OF_KEY = (" not in index", " are in the [", " not found in axis", " not in range")
_PARSED = re.compile(r"(?:parse\(|str2lang\()")
_PLACE = re.compile(r"<text>:\d+:\d+: ")
_UNDEFINED = re.compile(r"UndefVarError: \S+ not defined")
_KEY = re.compile(r"KeyError: key .* not found")


def as_python(value: str, kind: str) -> str:
    """Give the message of an error of Python, of the type `kind`."""
    number = _ERRNO.match(value)
    if number is not None:
        return "[Errno]" if kind in _OF_NUMBER else f"[Errno {number[2]}]"
    if kind == "KeyError" and value.startswith('"') and any(map(value.__contains__, _WORDS_OF_KEY)):
        return value.strip('"')
    return value


def of_julia(value: str) -> str:
    """Give the first line of Julia's message, below which are suggestions."""
    line = value.partition("\n")[0]
    if _UNDEFINED.match(line):
        return "UndefVarError: not defined"
    return "KeyError: key not found" if _KEY.match(line) else line


def of_r(value: str) -> str:
    """Give R's message without the call that it stands behind, which is the student's code."""
    call, message = _apart(value)
    if _PARSED.match(call):
        # Below it stands the line of code.
        message = _PLACE.sub("", message.partition("\n")[0])
    return without_code(message)


def without_code(message: str) -> str:
    """Give R's message without code in brackets at its end, as of an argument that is unused."""
    message = message.strip()
    return (message.endswith(")") and message.partition("(")[0].strip()) or message


def _apart(value: str) -> tuple[str, str]:
    """Give the call and the message of `Error in call: message`, and of `Error: message`."""
    start, colon, message = value.partition(": ")
    if start == "Error" or not colon or not value.startswith("Error in "):
        return "", message if start == "Error" else value
    # A call may hold a colon in a text of its own, or in brackets.
    depth = 0
    quote = ""
    is_escaped = False
    for index in range(len("Error in "), len(value)):
        character = value[index]
        if quote:
            if not is_escaped and character == quote:
                quote = ""
            is_escaped = character == "\\" and not is_escaped
        elif character in "\"'`":
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == ":" and depth <= 0 and value.startswith(": ", index):
            return value[len("Error in ") : index], value[index + 2 :]
    # The call was cut.
    return start[len("Error in ") :], message
