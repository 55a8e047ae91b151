"""Headings and summaries of markdown cells."""

from __future__ import annotations

import time

import pytest

from ipynb_telemetry.notebooks.headings import Heading, Summary, read_markdown


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("# One\ntext\n### Three ##", [Heading(1, "One"), Heading(3, "Three")]),
        ("Title\n=====\n\nPart\n---", [Heading(1, "Title"), Heading(2, "Part")]),
        ("- a list\n---\n\n---\ntext", []),
        ("#no heading\n    # code\n####### seven", []),
        ("#\n##   \n# ##", []),
        (
            "# **Bold** `code` [link](x) ![](y) a_b_c *it* &amp;",
            [Heading(1, "Bold code link a_b_c it &")],
        ),
        ("# <a id='x'></a>Anchor <b>b</b> <!-- c -->", [Heading(1, "Anchor b")]),
        ("```python\n# comment\n```\n# After", [Heading(1, "After")]),
        ("~~~\n# comment\n```\n# comment\n~~~~\n# After", [Heading(1, "After")]),
        ("````\n```\n# comment\n````\n# After", [Heading(1, "After")]),
        ("```\n# never closed", []),
        (
            "<details>\n<summary><b>Solution</b> 1:\n `x`</summary>\n\n# In it\n</details>",
            [Summary("Solution 1: x"), Heading(1, "In it")],
        ),
        ("```html\n<summary>no</summary>\n```", []),
        ("<summary></summary>", []),
        ("# " + "x" * 300, [Heading(1, "x" * 200)]),
        ("# Größe ✓\r", [Heading(1, "Größe ✓")]),
    ],
)
def test_what_a_reader_sees(source: str, found: list[object]) -> None:
    assert read_markdown(source) == found


@pytest.mark.parametrize(
    "unit", ["*", "[", "<summary>", "# ", "`", "<a ", "_a", "# \t#", "=\n", "<!--"]
)
def test_no_text_takes_long(unit: str) -> None:
    """A quadratic rule takes minutes for these, a linear one milliseconds."""
    begin = time.process_time()
    read_markdown("# " + unit * 20_000)
    read_markdown(unit * 20_000)
    assert time.process_time() - begin < 5
