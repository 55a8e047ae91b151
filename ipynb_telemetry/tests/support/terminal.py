"""The command on a terminal of 80 columns, in a process of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys

COLUMNS = 80
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """Give what the command writes to a terminal, escapes and all."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    ambient = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    process = subprocess.Popen(
        [sys.executable, "-m", "ipynb_telemetry", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**ambient, "TERM": "xterm-256color", **environment},
    )
    os.close(theirs)
    told = b""
    try:
        while part := os.read(ours, 10_000):
            told += part
    except OSError:  # how Linux says that nobody has the other end any more
        pass
    finally:
        process.wait()
        os.close(ours)
    return told.decode().replace("\r\n", "\n")


def shown(told: str) -> list[str]:
    """Give the lines that stay on the screen, trailing blanks aside."""
    lines, row = [""], 0
    # A progress bar goes up to its own line and clears it.
    for part in re.split(r"(\x1b\[\d*[AK]|\r|\n)", told):
        if part == "\n":
            row += 1
            lines += [""] * (row == len(lines))
        elif part == "\r" or part.endswith("K"):
            lines[row] = ""
        elif part.endswith("A") and part.startswith("\x1b"):
            row -= int(part[2:-1] or 1)
        else:
            lines[row] += ESCAPE.sub("", part)
    return [line.rstrip() for line in lines]
