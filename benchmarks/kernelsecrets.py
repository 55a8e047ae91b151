"""What the kernel side takes to take secrets out of texts, and how many of fakes go.

The arguments are a JSON file with hostile texts, and files of code, of which 30,000 characters are
read. Prints one line of JSON; times are milliseconds of this process' processor time.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from ipynb_telemetry.kernel import secrets
from ipynb_telemetry.tests.support.fakesecrets import survives, tellings

LONG = 200_000
ROUNDS = 30
LEAST_OF = 5


def cost(text: str) -> float:
    """Milliseconds for one text, none of whose secrets is known yet."""
    secrets._forget_secrets()
    began = time.process_time()
    secrets._without_secrets(text)
    return (time.process_time() - began) * 1000


def of_code(files: list[str]) -> list[float]:
    """For 10,000 characters of code, round by round; the first rounds warm up."""
    text = "".join(Path(file).read_text(encoding="utf-8") for file in files)
    pieces = [text[at : at + 10_000] for at in (0, 10_000, 20_000)]
    times = [sum(map(cost, pieces)) / len(pieces) for _ in range(2 * ROUNDS)]
    return times[ROUNDS:]


def hostile(form: str, length: int) -> str:
    """A form again and again, with another number each time where the form has a place for one."""
    return "".join(
        form.replace("#", f"{n * 7919 % 1000003:06x}") for n in range(length // len(form) + 1)
    )[:length]


def worst(forms: list[str]) -> dict[str, Any]:
    """The form that costs most, what it costs, and how much more than for half the length."""
    found = []
    for form in forms:
        half, whole = (hostile(form, length) for length in (LONG // 2, LONG))
        times = [(cost(half), cost(whole)) for _ in range(LEAST_OF)]
        found.append((min(each[1] for each in times), min(each[0] for each in times), form))
    whole_ms, half_ms, form = max(found)
    return {"unit": form, "whole": whole_ms, "ratio": whole_ms / half_ms}


def gone(side: str) -> tuple[int, int]:
    """How many fakes of held-out kinds go, and of how many."""
    left = told = 0
    for each in tellings("held out"):
        if each.side == side:
            secrets._forget_secrets()
            clean = [secrets._without_secrets(step) for step in each.steps][-1]
            told += 1
            left += survives(clean, each.secret)
    return told - left, told


def main(forms: str, files: list[str]) -> None:
    """Measure, and print."""
    texts = json.loads(Path(forms).read_text(encoding="utf-8"))
    found = {
        "code": of_code(files),
        "worst": worst([*texts["again"], *texts["numbered"]]),
        "fakes": {side: gone(side) for side in ("code", "output")},
    }
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
