"""Errors of one cause have one key, and errors of two have two."""

import json
import re
import time
from collections import defaultdict
from pathlib import Path

import pytest

from ipynb_telemetry.store.errorfold import fold, innermost_frame
from ipynb_telemetry.store.errorlanguages import of_r
from ipynb_telemetry.store.errormessage import MAX_MESSAGE, fold_message
from ipynb_telemetry.store.rwordings import PATTERNS

NOW = """---------------------------------------------------------------------------
KeyError                                  Traceback (most recent call last)
\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[{number}]\x1b[39m\x1b[32m, line {line}\x1b[39m
      1 z = 1
----> 2 solve('total')

Cell In[{number}], line 4, in solve(y)
      3 def solve(y):
----> 4     return table[y]

File ~/python3.13/site-packages/pandas/core/frame.py:346, in DataFrame.__getitem__(self, key)
    345     indexer = self.columns.get_loc(key)
KeyError: 'total'"""
OLDER = """<ipython-input-{number}-9c5b3f> in <module>
----> 2 solve('total')
<ipython-input-{number}-9c5b3f> in solve(y)
----> 4     return table[y]
/usr/lib/python3/site-packages/pandas/core/frame.py in __getitem__(self, key)
KeyError: 'total'"""
BETWEEN = """Input In [{number}], in <cell line: 2>()
----> 2 solve('total')
Input In [{number}], in solve(y)
KeyError: 'total'"""
KERNEL = """Traceback (most recent call last):
  Cell In[{number}], line {line}, in <module>
    solve('total')
  Cell In[{number}], line 4, in solve
    return table[y]
  File frame.py, line 346, in __getitem__
KeyError: 'total'"""


@pytest.mark.parametrize("traceback", [NOW, OLDER, BETWEEN, KERNEL])
def test_the_innermost_frame_is_the_last_one_in_a_cell(traceback: str) -> None:
    assert innermost_frame(traceback.format(number=7, line=2)) == "solve"


@pytest.mark.parametrize(
    "traceback",
    [
        "",
        "Cell In[1], line 2\n      1 z=1\n----> 2 f('key')",
        "<ipython-input-1-9c> in <module>\n----> 1 f()",
        "Input In [1], in <cell line: 2>()\n----> 2 f()",
        "  Cell In[3], line 1, in <module>\n    f()",
        "File ~/lib/frame.py:346, in loads(s)\n    x",
        '  Cell In[1], line 1\n    print("Cell In[1], line 2, in f(x)")\n',
    ],
)
def test_the_top_of_a_cell_has_no_function(traceback: str) -> None:
    assert innermost_frame(traceback) == ""


def test_counters_and_lines_make_no_other_error() -> None:
    first = fold("KeyError", "'total'", NOW.format(number=7, line=2))
    assert fold("KeyError", "'mean'", NOW.format(number=123, line=40)) == first
    assert first == "KeyError\n'…'\nsolve"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("name 'x' is not defined", "name 'total' is not defined"),
        (
            "invalid literal for int() with base 10: '3,5'",
            "invalid literal for int() with base 10: ''",
        ),
        (
            "index 5 is out of bounds for axis 0 with size 5",
            "index 12 is out of bounds for axis 0 with size 3",
        ),
        ("<__main__.Stack object at 0x7f3a>", "<__main__.Queue object at 0x10>"),
        ("No such file: /home/a/data.csv", "No such file: /home/b/other.csv"),
        (r"No such file: C:\Users\a\data.csv", r"No such file: D:\b.csv"),
        (
            "f() missing 1 required positional argument: 'x'",
            "area_of() missing 2 required positional argument: 'y'",
        ),
        ("could not convert string to float: 'a'", 'could not convert string to float: "it\'s"'),
        ("total_1 is wrong", "df.mean is wrong"),
        ("expected 3.5, got -2e-7", "expected 12, got 0"),
        ("commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "commit 0a1b2c3d4e5f60718293"),
        ("two\n  lines", "two lines"),
        ("cannot unpack int object", "cannot unpack float object"),
        ("missing 'x'", "missing 'x', 'y', and 'z'"),
        ("got [1, 'a', (2, 3)]", "got {}"),
        ("got '" + "x" * 2000 + "' of 3", "got 'y"),  # as far as the message was kept
        ("<function f at 0x7f3a>", "<function <lambda> at 0x10>"),
        ("can't read 'a'", "can't read 'it's'"),
    ],
)
def test_messages_of_one_cause_are_one(one: str, other: str) -> None:
    assert fold_message(one) == fold_message(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("'int' object is not subscriptable", "'int' object is not callable"),
        (
            "unsupported operand type(s) for +: 'int' and 'str'",
            'can only concatenate str (not "int") to str',
        ),
        ("division by zero", "float modulo"),
        ("'NoneType' object is not callable", "'str' object is not callable"),
        ("expected ':'", "expected '('"),
        ("can't read", "can't write"),
        ("list index out of range", "tuple index out of range"),
        ("decade defaced", "accede facade"),  # letters of hexadecimal numbers are words, too
    ],
)
def test_messages_of_two_causes_are_two(one: str, other: str) -> None:
    assert fold_message(one) != fold_message(other)


def test_the_type_and_the_frame_tell_errors_apart() -> None:
    keys = {
        fold("KeyError", "'a'", ""),
        fold("IndexError", "'a'", ""),
        fold("KeyError", "'a'", "Cell In[1], line 2, in f(x)"),
        fold("KeyError", "'a'", "Cell In[1], line 2, in g(x)"),
    }
    assert len(keys) == 4


CORPUS = json.loads(Path(__file__).with_name("errors.json").read_text("utf-8"))


# R translates these, and no pattern knows their translations: one cause in each language.
OF_EACH_LANGUAGE = {
    "R: arguments that do not conform",
    "R: rows of unequal numbers",
    "R: an unexpected number",
}


def test_of_real_errors_those_of_one_cause_have_one_key() -> None:
    folds = defaultdict(set)
    causes = defaultdict(set)
    for error in CORPUS:
        cause = error["cause"]
        key = fold(error["name"], error["value"], error["traceback"])
        causes[key].add(cause)
        if cause in OF_EACH_LANGUAGE:
            cause += error["where"].rpartition(",")[2]
        folds[cause].add(key)
    assert len(CORPUS) > 500
    assert {cause: keys for cause, keys in folds.items() if len(keys) > 1} == {}
    assert {key: found for key, found in causes.items() if len(found) > 1} == {}


def test_each_pattern_of_r_knows_its_own_message_alone() -> None:
    said = {
        fold_message(of_r(error["value"]))
        for error in CORPUS
        if error["name"] == "ERROR" and not error["where"].endswith(" en")
    }
    found = {
        pattern: {(english, text) for text in said if re.fullmatch(pattern, text)}
        for english, group in PATTERNS.items()
        for pattern in group
    }
    assert {pattern for pattern, texts in found.items() if not texts} == set()
    meanings = defaultdict(set)
    for texts in found.values():
        for english, text in texts:
            meanings[text].add(english)
    assert {text: english for text, english in meanings.items() if len(english) > 1} == {}
    assert {english: fold_message(english, "ERROR") for english in PATTERNS} == {
        english: english for english in PATTERNS
    }


@pytest.mark.parametrize(
    "value",
    [
        "Objekt 'x' nicht gefunden in Datei 3",
        'konnte Funktion "f" nicht finden, da sie fehlt',
        "objeto 'x' no es una tabla",
        "argumento 'x' ausente en la tabla",
        "Argument hat Länge 3, nicht 2",
    ],
)
def test_other_words_in_another_language_are_another_error(value: str) -> None:
    assert fold_message(value, "ERROR") not in PATTERNS


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("Error in f(x): too low: 3\n", "too low: <n>"),
        ("Error in paste(\"a: b\", 'c'): too low", "too low"),
        ("Error in x[1:3, ]: too low", "too low"),
        ('Error in f("\\": "): too low', "too low"),
        ("Error in f(x, : too low", "too low"),  # the call was cut
        ("Error: too low", "too low"),
        (
            "Error in parse(text = x): <text>:2:1: unexpected symbol\n1: x\n2: y z",
            "unexpected symbol",
        ),
        ("Error in f(1, y = 2): unused argument (y = 2)", "unused argument"),
        ("too low", "too low"),
    ],
)
def test_the_call_is_no_part_of_a_message_of_r(value: str, message: str) -> None:
    assert fold("ERROR", value, "") == f"ERROR\n{message}\n"


def test_a_frame_that_was_cut_is_none() -> None:
    cut = (
        "Cell In[1], line 2, in solve(x)\n"
        + "----> 2 solve(x)\n" * 300
        + "Cell In[1], line 2, in so"
    )
    assert innermost_frame(cut) == "solve"


@pytest.mark.parametrize(
    "text",
    ["'" * 100_000, "a." * 100_000, "1_" * 100_000, "/a" * 100_000, "0123456789abcdef" * 10_000,
     "[" * 100_000, "([{<n>, " * 20_000, "'x', " * 40_000, "Did you mean " * 20_000,
     "<x at 0x" * 20_000, "Error in f(" * 20_000, "b'" * 50_000, "x'y" * 50_000,
     "/1234.py in f\n" * 10_000, "/12345.py" * 20_000, "Cell In[" * 50_000, "a_" * 100_000,
     " " * 200_000, "\x1b[0" * 100_000, "\n\t" * 100_000],
)  # fmt: skip
@pytest.mark.parametrize("name", [None, "KeyError", "ERROR"])
def test_a_long_text_takes_no_long_time(text: str, name: str | None) -> None:
    fold("ERROR", "", "")  # reads its table
    begun = time.process_time()
    key = fold(name or text, text, text)
    assert time.process_time() - begun < 0.5
    assert len(key) <= 3 * MAX_MESSAGE
