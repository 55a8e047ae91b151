"""Makes `ipynb_telemetry/store/rmessages.json`: what R prints of frequent errors, by language.

    .venv/bin/python scripts/rmessages.py

R itself is asked, in each language that it speaks here.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from ipynb_telemetry.store.errorlanguages import without_code

TARGET = Path(__file__).parents[1] / "ipynb_telemetry" / "store" / "rmessages.json"
MESSAGES = {
    "R": (
        "object '%s' not found",
        'could not find function "%s"',
        "non-numeric argument to binary operator",
        "non-numeric argument to mathematical function",
        "invalid argument to unary operator",
        "invalid argument type",
        "subscript out of bounds",
        "incorrect number of dimensions",
        "incorrect number of subscripts",
        'argument "%s" is missing, with no default',
        "unused argument %s",
        "missing value where TRUE/FALSE needed",
        "argument is of length zero",
        "argument is not interpretable as logical",
        "the condition has length > 1",
        "cannot open the connection",
        "non-conformable arguments",
        "non-conformable arrays",
        "$ operator is invalid for atomic vectors",
        "attempt to apply non-function",
        "object of type '%s' is not subsettable",
        "replacement has length zero",
        "unexpected end of input",
        "unexpected symbol",
        "unexpected numeric constant",
        "unexpected string constant",
        "unexpected input",
        "unexpected assignment",
    ),
    "R-base": (
        "undefined columns selected",
        "arguments imply differing number of rows: %s",
        "there is no package called %s",
    ),
}
# `%s` is a name in code, in brackets, or numbers.
SAMPLES = {
    "unused argument %s": "(x = 1)",
    "arguments imply differing number of rows: %s": "1, 2",
    "there is no package called %s": "\u2018x\u2019",
}
_ASK_ALL = r"""
for (line in readLines(file("stdin"))) {
  parts <- strsplit(line, "\t")[[1]]
  several <- sub("argument %s", "arguments %s", parts[2])
  cat(gettext(parts[2], domain = parts[1]), "\n", sep = "")
  cat(ngettext(2, parts[2], several, domain = parts[1]), "\n", sep = "")
}
"""


def printed(language: str, messages: list[tuple[str, str]]) -> list[str]:
    """Give messages as R prints them in a language, each of one thing and of several."""
    found = subprocess.run(
        ["Rscript", "-e", _ASK_ALL],
        input="".join(f"{domain}\t{message}\n" for domain, message in messages),
        env={**os.environ, "LANGUAGE": language, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return found.stdout.splitlines()


def filled(text: str, english: str) -> str:
    """Give a message with a sample of what varies, and as `errorlanguages` leaves it."""
    return without_code(text.replace("%s", SAMPLES.get(english, "x")))


def main() -> None:
    """Write the file."""
    home = subprocess.run(["R", "RHOME"], capture_output=True, text=True, check=True).stdout.strip()
    folders = (Path(home) / "library" / "translations").iterdir()
    languages = sorted(each.name for each in folders if each.is_dir() and each.name[:2] != "en")
    messages = [(domain, text) for domain, texts in MESSAGES.items() for text in texts]
    found: dict[str, dict[str, str]] = {filled(text, text): {} for _, text in messages}
    for language in languages:
        twice = [english for _, english in messages for _ in range(2)]
        for english, text in zip(twice, printed(language, messages), strict=True):
            usual, wording = filled(english, english), filled(text, english)
            if wording not in (usual, *found[usual].values()):
                # Some languages have a plural of their own.
                key = language if language not in found[usual] else f"{language}, several"
                found[usual][key] = wording
    TARGET.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
