"""Enable, disable and status, on notebooks that Jupytext keeps in Markdown files and scripts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.notebooks.jupytextfilter import add_flag

from ..support.commandline import CommandLine
from ..support.notebooks import flag_of, unflagged
from ..support.samples import read_samples

# Where npm test puts what requirements-jupytext.txt pins.
JUPYTEXT = Path(sys.prefix, "jupytext")

ANSWERER = """
import json, os, sys
import jupytext
from jupytext.config import JupytextConfiguration

config = JupytextConfiguration()
for line in sys.stdin:
    path = json.loads(line)
    fmt = {"extension": os.path.splitext(path)[1]}
    with open(path, newline="", encoding="utf-8") as file:
        notebook = jupytext.reads(file.read(), fmt=fmt, config=config)
    flag = notebook.metadata.get("ipynb_telemetry")
    cells = [[cell.cell_type, cell.source] for cell in notebook.cells]
    # What JupyterLab adds.
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        cell.metadata["trusted"] = True
    saved = jupytext.writes(notebook, fmt=fmt, config=config)
    again = jupytext.reads(saved, fmt=fmt, config=config).metadata.get("ipynb_telemetry")
    print(json.dumps([flag, again, cells, saved]), flush=True)
"""

Jupytext = Callable[[Path], Any]


@pytest.fixture(scope="module")
def read_by_jupytext() -> Iterator[Jupytext]:
    """Give a file's flag, its flag once it is saved, its cells, and the text that is saved."""
    assert (JUPYTEXT / "jupytext").is_dir(), "npm test -- pytest installs Jupytext"
    with subprocess.Popen(
        [sys.executable, "-c", ANSWERER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(JUPYTEXT), "PYTHONUTF8": "1"},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asked, answered = process.stdin, process.stdout

        def read(path: Path) -> Any:
            print(json.dumps(str(path.absolute())), file=asked, flush=True)
            return json.loads(answered.readline())

        yield read
        asked.close()


KERNEL = "kernelspec:\n  display_name: P\n  language: python\n  name: python3\n"
IN_SECTION = "jupyter:\n" + "".join(f"  {line}\n" for line in KERNEL.splitlines())


def commented(text: str) -> str:
    return "".join(f"# {line}\n" if line else "#\n" for line in text.splitlines())


def write(path: str, text: str) -> Path:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes(text.encode())
    return Path(path)


PERCENT = "\n# %% [markdown]\n# # Ü\n\n# %%\n@tracked_test('a')\ndef t():\n    pass\n"
HEADED = {
    "percent.py": "# ---\n" + commented(IN_SECTION) + "# ---\n" + PERCENT,
    "coding.py": "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# ---\n"
    + commented(IN_SECTION)
    + "# ---\n"
    + PERCENT,
    "crlf.py": ("# ---\n" + commented(IN_SECTION) + "# ---\n" + PERCENT).replace("\n", "\r\n"),
    "light.R": "# ---\n" + commented(IN_SECTION) + "# ---\n\nx <- 1\n",
    "front.md": f"---\ntitle: 'T: [x'  # ours\n{IN_SECTION}other: 1\n---\n\n# T\n",
    "hidden.md": f"<!--\n\n---\n{IN_SECTION}---\n\n-->\n\n```python\nx = 1\n```\n",
    "myst.md": f"---\n{KERNEL}---\n\n# T\n\n```{{code-cell}} ipython3\nx = 1\n```\n",
    "filter.md": "---\njupyter:\n  jupytext:\n    cell_metadata_filter: tags\n"
    "    notebook_metadata_filter: jupytext,-all # mine\n---\n\n```python\nx = 1\n```\n",
}


@pytest.mark.parametrize("name", HEADED)
def test_the_header_gets_the_flag_which_a_save_keeps_and_nothing_else_changes(
    telemetry: CommandLine, read_by_jupytext: Jupytext, name: str
) -> None:
    path = write(name, HEADED[name])
    plain = read_by_jupytext(path)
    assert plain[0] is None
    outcome = telemetry("enable", path)
    assert outcome.status == 0, outcome.err
    on = {"enabled": True, "notebook": path.stem}
    flag, after_save, cells, _ = read_by_jupytext(path)
    assert [flag, after_save] == [on, on]
    assert cells == plain[2]
    # Without what was added, the file is what it was.
    lines = path.read_bytes().decode().splitlines(keepends=True)
    old = HEADED[name].splitlines(keepends=True)
    kept = [line for line in lines if line in old]
    if name == "filter.md":
        assert kept == [line for line in old if "notebook_metadata" not in line]
        assert "    notebook_metadata_filter: jupytext,ipynb_telemetry,-all # mine\n" in lines
        assert len(lines) == len(old) + 3
    else:
        assert kept == old
        assert len(lines) == len(old) + 5

    before = path.stat()
    assert telemetry("enable", path, "--json").document["notebooks"][0]["changed"] is False
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    content = path.read_bytes()
    status = telemetry("status", path, "--json").document["notebooks"][0]
    assert (status["flag"], status["id"], status["cell_ids"]) == ("on", path.stem, "derived")
    assert telemetry("disable", path).status == 0
    assert path.read_bytes() == content.replace(b"enabled: true", b"enabled: false")
    assert telemetry("enable", path).status == 0
    assert path.read_bytes() == content


BARE = {
    "bare.py": PERCENT[1:],
    "bang.py": "#!/usr/bin/env python\nx = 1\n",
    "bare.md": "# T\n\n```python\nx = 1\n```\n",
    "page.md": "---\ntitle: T\n---\n\n```python\nx = 1\n```\n",
    "myst.md": "# T\n\n```{code-cell} ipython3\nx = 1\n```\n",
    "blank.md": "\n# T\n",
    "empty.py": "",
    "docstring.py": '"""Hello."""\n',
}


@pytest.mark.parametrize("name", BARE)
def test_what_is_no_notebook_yet_becomes_one_only_when_it_is_told_to(
    telemetry: CommandLine, read_by_jupytext: Jupytext, name: str
) -> None:
    path = write(name, BARE[name])
    for verb in ("enable", "status", "disable"):
        outcome = telemetry(verb, path)
        assert outcome.status == 1
        assert "is no notebook yet" in outcome.err
        assert "jupyter telemetry enable --new-header" in outcome.err
    assert path.read_bytes() == BARE[name].encode()

    cells = read_by_jupytext(path)[2]
    outcome = telemetry("enable", path, "--new-header", "--id", "My id: 1")
    assert outcome.status == 0, outcome.err
    text = path.read_text()
    flag, after_save, with_header, saved = read_by_jupytext(path)
    assert flag == after_save == {"enabled": True, "notebook": "My id: 1"}
    assert with_header == cells
    # A save adds nothing to what the command wrote, but for a line's end.
    assert saved.rstrip("\n") == text.rstrip("\n")
    assert telemetry("enable", path, "--json").document["notebooks"][0]["changed"] is False


def test_a_folder_means_text_notebooks_and_no_other_text(telemetry: CommandLine) -> None:
    for name, text in {**HEADED, "README.md": "# Read\n\n---\n", "script.py": "x = 1\n"}.items():
        write(f"course/{name}", text)
    write("course/page.md", "---\ntitle: T\nkernelspec: 1\n---\n\n# ---\n")
    write("course/latin.py", "# ---\n")
    Path("course/latin.py").write_bytes("# ---\n# Ü".encode("latin-1"))
    broken = write("course/broken.py", "# ---\n# jupyter:\n#   a: [\n# ---\n")
    others = ["README.md", "script.py", "page.md", "latin.py", "broken.py"]
    before = {name: Path("course", name).read_bytes() for name in others}
    outcome = telemetry("enable", "course", "--new-header")
    assert outcome.status == 1
    assert f"{broken} cannot be read: its header is not YAML" in outcome.err
    assert outcome.err.count("skipped") == 1
    assert {name: Path("course", name).read_bytes() for name in others} == before
    for pattern in ("course", "course/*", "**/*"):
        document = telemetry("status", pattern, "--json").document
        states = {Path(each["path"]).name: each["flag"] for each in document["notebooks"]}
        assert states == dict.fromkeys(HEADED, "on")


def test_a_pair_is_one_notebook(telemetry: CommandLine) -> None:
    notebook = unflagged("D1.ipynb")
    document = json.loads(notebook.read_bytes())
    document["metadata"]["jupytext"] = {"formats": "ipynb,py:percent"}
    notebook.write_text(json.dumps(document))
    write("D1.py", HEADED["percent.py"])
    outcome = telemetry("enable", ".")
    assert outcome.status == 0
    assert "have the id" not in outcome.err
    assert flag_of(notebook) == {"enabled": True, "notebook": "D1"}
    # The next save writes the flag into the text by the notebook's filter.
    metadata = json.loads(notebook.read_bytes())["metadata"]
    assert metadata["jupytext"]["notebook_metadata_filter"] == "ipynb_telemetry"
    status = telemetry("status", ".")
    assert "have the id" not in status.err
    assert [row.split()[1:4] for row in status.out.splitlines()[1:3]] == [["on", "D1", "no"]] * 2
    write("other/D1.py", HEADED["percent.py"])
    assert "3 notebooks have the id D1" in telemetry("enable", ".").err


@pytest.mark.parametrize("name", ["D1.Rmd", "D1.py"])
def test_the_text_of_a_pair_is_changed_after_its_notebook_also_unnamed(
    telemetry: CommandLine, name: str
) -> None:
    notebook = unflagged("D1.ipynb")
    head = HEADED["percent.py"] if name.endswith(".py") else f"---\n{IN_SECTION}---\n"
    text = write(name, head)
    outcome = telemetry("enable", notebook, "--id", "Own id", "--json")
    assert outcome.status == 0
    paths = [each["path"] for each in outcome.document["notebooks"]]
    assert paths == ["D1.ipynb", name]
    assert "notebook: Own id" in text.read_text()

    # Jupytext would not open the pair with the text older than the notebook.
    os.utime(text, (1, 1))
    telemetry("disable", notebook)
    assert "enabled: false" in text.read_text()
    assert text.stat().st_mtime_ns >= notebook.stat().st_mtime_ns
    text.write_text(text.read_text().replace("enabled: false", "enabled: true"))
    os.utime(text, (1, 1))
    telemetry("enable", ".")
    assert text.stat().st_mtime_ns >= notebook.stat().st_mtime_ns
    # Where the notebook stays as it is, the text does.
    os.utime(text, (1, 1))
    telemetry("enable", notebook)
    assert text.stat().st_mtime == 1
    # A text that is turned on later gets the notebook's id.
    text.write_text(head)
    telemetry("enable", notebook)
    assert "notebook: Own id" in text.read_text()


def test_tests_and_calls_in_a_text_are_counted(telemetry: CommandLine) -> None:
    path = write(
        "D1.md",
        f"---\n{IN_SECTION}---\n\n```python tags=['a']\n@tracked_test('a')\ndef t(): pass\n```\n\n"
        "    @tracked_test('no code')\n\n```{code-cell} ipython3\ngrader.check('q1')\n```\n\n"
        "```bash\n@tracked_test('b')\n```\n",
    )
    status = telemetry("status", path, "--json").document["notebooks"][0]
    assert status["tests"] == {"tracked_test": 1, "nbgrader": 0, "otter": 1}
    outcome = telemetry("enable", path, "--setup-cell", "--project-key", "phc_0123456789abcdef")
    assert outcome.status == 0
    assert f"{path} is a text: it got no set-up cell" in outcome.err
    with path.open("a") as file:
        file.write("\n```python\nsetup_telemetry('D1')\n```\n")
    outcome = telemetry("disable", path)
    assert outcome.status == 1
    assert "still calls setup_telemetry" in outcome.err


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("jupyter:\n  a: &x 1\n  b: *x\n", "its header has an alias"),
        ("jupyter:\n  a: 1\njupyter:\n  b: 1\n", "not as Jupytext writes it"),
        ("jupyter:\n- 1\n", "not as Jupytext writes it"),
        ("jupyter:\n  ipynb_telemetry: 7\n", ""),
    ],
)
def test_a_header_that_cannot_be_changed_is_left(
    telemetry: CommandLine, read_by_jupytext: Jupytext, header: str, reason: str
) -> None:
    text = f"---\n{header}---\n\n# T\n"
    path = write("D1.md", text)
    outcome = telemetry("enable", path)
    if reason:
        assert outcome.status == 1
        assert reason in outcome.err
        assert path.read_text() == text
    else:
        assert outcome.status == 0
        assert read_by_jupytext(path)[0] == {"enabled": True, "notebook": "D1"}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("bom.py", "\ufeffx = 1\n", "begins with a byte order mark"),
        ("bom.md", f"\ufeff---\n{IN_SECTION}---\n", "begins with a byte order mark"),
        ("quarto.md", "---\njupyter: python3\n---\n\n# T\n", "not as Jupytext writes it"),
        ("rules.md", "---\n\nHello\n\n---\n", "its header is no mapping"),
        ("pandoc.md", "---\ntitle: T\n...\n\nHello\n\n---\n", "its header is not YAML"),
    ],
)
def test_a_text_that_a_header_would_break_gets_none(
    telemetry: CommandLine, name: str, text: str, reason: str
) -> None:
    path = write(name, text)
    outcome = telemetry("enable", path, "--new-header")
    assert outcome.status == 1
    assert reason in outcome.err
    assert path.read_bytes() == text.encode()


def test_calls_in_markdown_of_windows_are_found(telemetry: CommandLine) -> None:
    text = f"---\n{IN_SECTION}---\n\n```python\nsetup_telemetry('D1')\n```\n"
    path = write("D1.md", text.replace("\n", "\r\n"))
    assert "still calls setup_telemetry" in telemetry("disable", path).err


@pytest.mark.parametrize("sample", read_samples("jupytext_filters"), ids=lambda s: s["about"])
def test_the_filter_gets_the_flag_as_in_the_page(sample: dict[str, Any]) -> None:
    assert add_flag(sample["filter"]) == sample["with_flag"]
    assert add_flag(sample["with_flag"]) == sample["with_flag"]
