"""Causes of errors of Python that running code meets."""

from __future__ import annotations

from .cause import Cause

# Functions of the notebook that some ways call. Not the first line of the cell, nor the last.
SETUP = """
import math, json


class Stack:
    def __init__(self):
        self.items = []

    def pop(self):
        return self.items.pop()


class Account:
    def __init__(self, owner):
        self.owner = owner


def mean(values):
    return sum(values) / len(values)


def factorial(n):
    return n * factorial(n - 1)


def square_all(values):
    return [value ** 2 for value in values]


def lookup(table, key):
    # two lines above

    return table[key]
"""

RUNNING = (
    Cause(
        "a name that is not defined",
        (
            "total = 3\nprint(totl)",
            "x = 1\ny = 2\nprint(x + z1)",
            "resultado",
            "import math\nvalue = sqrt(2)",
            "data = dataframe.head()",
        ),
    ),
    Cause(
        "a variable used in a function before it has a value",
        (
            "def f():\n    count += 1\ncount = 0\nf()",
            "n = 3\ndef f():\n    print(n)\n    n = 4\n\nf()",
            "total = 1\ndef f():\n    total = total + 1\n    return total\nf()",
            "k = 0\ndef f():\n    if k > 1:\n        k = 2\n    return k\nf()",
        ),
    ),
    Cause(
        "a number added to a text",
        (
            "'age: ' + 3",
            "price = 2.5\nprint('price ' + price)",
            "n = 12\n\nmessage = 'n=' + n",
            "total = '1' + 1.5",
        ),
    ),
    Cause(
        "None added to a text",
        ("def hello(): pass\n'a' + hello()", "name = None\nprint('Hi ' + name)", "x = 'b' + None"),
    ),
    Cause(
        "a text added to a number",
        (
            "3 + ' apples'",
            "total = 0\nfor word in ['a']:\n    total = total + word",
            "x = 2.5\nx + '1'",
        ),
    ),
    Cause(
        "a number added to None",
        ("None + 1", "def get(): pass\nresult = get() + 2.5", "a = None\nb = a + 10"),
    ),
    Cause(
        "a text divided by a number",
        ("'10' / 2", "mark = '7'\nhalf = mark / 2.0", "x = 'a'\ny = 4\nz = x / y"),
    ),
    Cause(
        "a text compared with a number",
        ("'3' < 4", "age = '18'\nif age >= 18:\n    print('adult')", "x = '1.5'\nx > 1.5"),
    ),
    Cause(
        "a number compared with None",
        ("3 < None", "best = None\nmarks = [1]\nif marks[0] > best: pass", "2.5 >= None"),
    ),
    Cause(
        "a number called like a function",
        ("x = 3\nx(4)", "total = 2.5\ntotal()", "2 (3 + 4)", "sum_ = 10\nprint(sum_([1, 2]))"),
    ),
    Cause(
        "a list called like a function",
        ("marks = [1, 2]\nmarks(0)", "rows = []\nfor i in range(3):\n    rows(i)", "[1](0)"),
    ),
    Cause(
        "a text called like a function",
        ("name = 'a'\nname()", "'price' (3)", "first = 'x'\n\nprint(first('y'))"),
    ),
    Cause("None called like a function", ("None()", "f = print\nf = f('x')\nf()")),
    Cause(
        "an index into a number",
        ("5[0]", "x = 12\nprint(x[1])", "value = 2.5\nvalue[0]", "n = 3\nfor i in range(2): n[i]"),
    ),
    Cause(
        "an index into None",
        ("None[0]", "rows = [3, 1].sort()\nrows[0]", "x = None\nprint(x['a'])"),
    ),
    Cause(
        "an index into a function",
        ("def f(x): return x\nf[0]", "def area(r): return r\nprint(area[2])", "mean[3]"),
    ),
    Cause(
        "an item of a text set",
        ("s = 'abc'\ns[0] = 'x'", "word = 'hello'\nfor i in range(2): word[i] = 'z'"),
    ),
    Cause("an item of a tuple set", ("t = (1, 2)\nt[0] = 5", "point = (0, 0)\n\npoint[1] = 2.5")),
    Cause(
        "a loop over a number",
        ("for i in 5: pass", "n = 10\nfor k in n:\n    print(k)", "list(2.5)", "sum(3)"),
    ),
    Cause("a loop over None", ("for i in None: pass", "xs = [2].sort()\nfor x in xs: print(x)")),
    Cause("the length of a number", ("len(5)", "n = 2.5\nprint(len(n))", "x = 12\nlen(x)")),
    Cause("the length of None", ("len(None)", "a = [1].append(2)\nlen(a)")),
    Cause(
        "a fraction where an integer is needed",
        ("range(2.5)", "n = 10 / 2\nfor i in range(n): pass", "'a'.zfill(1.5)"),
    ),
    Cause(
        "a text as an index of a list",
        ("[1, 2]['a']", "marks = [3]\nmarks['b']", "i = '0'\nrows = [1]\nprint(rows[i])"),
    ),
    Cause(
        "a fraction as an index of a list",
        ("[1, 2][1.0]", "xs = [1, 2, 3]\nmid = len(xs) / 2\nxs[mid]"),
    ),
    Cause(
        "an index beyond the end of a list",
        (
            "[1, 2][5]",
            "marks = [3]\nfor i in range(4):\n    print(marks[i])",
            "rows = []\nrows[-1]",
            "x = [1]\n\n\ny = x[10]",
        ),
    ),
    Cause("an index beyond the end of a text", ("'abc'[9]", "word = ''\nword[0]")),
    Cause("an index beyond the end of a tuple", ("(1, 2)[2]", "point = (0,)\nprint(point[3])")),
    Cause(
        "an assignment beyond the end of a list", ("x = []\nx[0] = 1", "rows = [1]\nrows[7] = 2")
    ),
    Cause(
        "pop of an empty list, in a method",
        (
            "Stack().pop()",
            "s = Stack()\n\ns.pop()",
            "first = Stack()\nfor _ in range(2): first.pop()",
        ),
    ),
    Cause("pop of an empty list", ("[].pop()", "items = [1]\nitems.pop()\nitems.pop()")),
    Cause(
        "a key that is not there",
        (
            "{}['a']",
            "ages = {'ann': 3}\nprint(ages['bob'])",
            "d = {1: 2}\nd[7]",
            "table = {}\ntable[('a', 2)]",
            'x = {}\nx["it\'s"]',
        ),
    ),
    Cause(
        "a key that is not there, in a function",
        (
            "lookup({}, 'a')",
            "ages = {'ann': 3}\n\nlookup(ages, 'bob')",
            "print(lookup({1: 2}, 7))",
            "[lookup({}, key) for key in 'xy']",
        ),
    ),
    Cause(
        "an attribute that a list does not have",
        ("[].push(1)", "marks = [1]\nmarks.add(2)", "x = []\nprint(x.length)", "[1].foo_bar2"),
    ),
    Cause(
        "an attribute that a text does not have",
        ("'abc'.length", "name = 'x'\nname.append('y')", "'a'.push_back('b')"),
    ),
    Cause(
        "an attribute that None does not have",
        (
            "None.append(1)",
            "xs = [1].sort()\nxs.append(2)",
            "import re\nre.match('a', 'b').group()",
        ),
    ),
    Cause(
        "an attribute that a class of one's own does not have",
        ("Stack().push(3)", "s = Stack()\ns.size", "Account('x').balance"),
    ),
    Cause(
        "a name that a module does not have",
        ("math.squareroot(2)", "json.load_string('a')", "import random\nrandom.rand_int(1, 2)"),
    ),
    Cause(
        "a module that is not there",
        (
            "import nosuch",
            "import pandsa as pd",
            "from mathematics import pi",
            "import sk_learn2.tree",
        ),
    ),
    Cause(
        "a name that cannot be imported",
        (
            "from math import squareroot",
            "from json import parse",
            "x = 1\nfrom random import rand_int",
        ),
    ),
    Cause(
        "division by zero",
        ("1 / 0", "n = 0\nprint(10 / n)", "x = 2.5\nx / 0", "total = 0.0\n1 / total"),
    ),
    Cause(
        "division by zero, in a function", ("mean([])", "print(mean(()))", "xs = []\n\nmean(xs)")
    ),
    Cause(
        "floor division or modulo by zero",
        ("1 // 0", "7 % 0", "2.5 // 0", "x = 3.5\nx % 0", "n = 0\n10 % n"),
    ),
    Cause(
        "a text that is no integer",
        ("int('3,5')", "age = int('')", "int('twelve')", "n = '1.5'\nint(n)", 'int("it\'s")'),
    ),
    Cause("a text that is no number", ("float('3,5')", "x = 'abc'\nfloat(x)", "float('')")),
    Cause("None made an integer", ("int(None)", "x = None\ny = int(x)")),
    Cause(
        "an argument that is missing",
        (
            "mean()",
            "def area(w, h): return w * h\narea(3)",
            "Account()",
            "def f(a, b, c): pass\nf()",
            "def g(x1, y1): pass\nprint(g(y1=1))",
        ),
    ),
    Cause(
        "an argument too many",
        (
            "mean([1], 2)",
            "def f(): pass\nf(1)",
            "def area(w, h=1): pass\narea(1, 2, 3)",
            "Stack().pop(3)",
            "(lambda x: x)(1, 2)",
        ),
    ),
    Cause(
        "a named argument that is unknown",
        ("mean(vals=[1])", "def f(x): pass\nf(1, size=2)", "Account('a', balance=2)"),
    ),
    Cause(
        "too many values to unpack",
        ("a, b = 1, 2, 3", "x, y, z = 'abcd'", "for k, v in ['abc']: pass"),
    ),
    Cause("too few values to unpack", ("a, b, c = 1, 2", "x, y = [1]", "first, second = 'a'")),
    Cause("a value that is not in the list", ("[1].remove(2)", "names = ['a']\nnames.remove('b')")),
    Cause("a list that cannot be a key", ("{[1]: 2}", "d = {}\nd[[1, 2]] = 'a'", "{[]}")),
    Cause(
        "no end of the recursion", ("factorial(3)", "print(factorial(10))", "n = 5\n\nfactorial(n)")
    ),
    Cause(
        "a file that is not there",
        (
            "open('nofile.txt')",
            "with open('data/marks.csv') as f: pass",
            "import os\nos.listdir('no/folder here')",
        ),
    ),
    Cause("the largest of nothing", ("max([])", "xs = []\nprint(min(xs))", "max(())")),
    Cause(
        "the root of a negative number", ("math.sqrt(-1)", "x = -2.5\nmath.sqrt(x)", "math.log(-3)")
    ),
    Cause("an assertion without words", ("assert 1 == 2", "x = 3\nassert x > 5")),
    Cause(
        "an assertion that compares numbers",
        (
            "assert 3 == 4, f'expected {4} but got {3}'",
            "x = -2.5\nassert x == 1e-7, f'expected {1e-7} but got {x}'",
            "a = 10_000\nassert a == 0, f'expected 0 but got {a}'",
        ),
    ),
    Cause(
        "an assertion that compares lists",
        (
            "assert [1] == [2], f'wrong result {[2]}, should be {[1]}'",
            "x = [1, 2, 3]\nassert x == [], f'wrong result {x}, should be {[4, 5]}'",
            "x = (1.5, -2)\nassert x == (1, 2), f'wrong result {x}, should be {(1, 2)}'",
        ),
    ),
    Cause(
        "an error of one's own with an object",
        (
            "raise ValueError(f'cannot use {Stack()}')",
            "s = Account('x')\nraise ValueError(f'cannot use {s}')",
            "def f(): pass\nraise ValueError(f'cannot use {f}')",
            "raise ValueError(f'cannot use {mean}')",
        ),
    ),
    Cause(
        "bytes that are no UTF-8",
        (
            r"b'\xff'.decode()",
            r"raw = b'ab\xe9'" + "\nraw.decode('utf8')",
            r"b'\xff\xfe'.decode('utf-8')",
        ),
    ),
    Cause(
        "JSON that ends too early",
        ("json.loads('')", "text = '[1, '\njson.loads(text)", "json.loads('{\"a\": ')"),
    ),
    Cause(
        "squares of texts, in a function",
        ("square_all(['a'])", "square_all(['x', 'y'])", "names = ['q']\nprint(square_all(names))"),
    ),
)
