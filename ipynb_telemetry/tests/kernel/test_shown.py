# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Outputs of cells, as the kernel reports them."""

from __future__ import annotations

from pathlib import Path

import pytest

from .directkernel import Student, environment, running, runs, written

CELLS = """
import sys, IPython
from IPython.display import display, HTML, clear_output
handle = display(HTML("<b>1</b>"), display_id=True)
handle.update(HTML("<i>2</i>"))
for share in range(3):
    print(f"\\r{share * 50}%", end="", file=sys.stderr, flush=True)
get_ipython().run_cell("print('nested')")
print("\\x1b[31mred\\x1b[0m", "/home/ann/course/data.csv", "http://here/?token=secret")
"""


def test_what_a_cell_shows_is_reported_and_shown_as_before(
    student: Student, tmp_path: Path
) -> None:
    student.set_up()
    student.cell(CELLS, "shows")
    kinds = [a["msg_type"] for a in student.answers]
    assert kinds.count("display_data") == kinds.count("update_display_data") == 1
    assert "\x1b[31mred\x1b[0m /home/ann/course/data.csv" in student.shown()
    student.cell("from IPython.display import clear_output\nprint('gone'); clear_output()\n'kept'")
    student.cell("%%capture\nprint('captured')")
    student.cell("1 +")
    student.cell("x = 1", store_history=False)
    student.cell("")
    student.cell("await __import__('asyncio').sleep(0.3)", "waits")
    student.cell("print('again')", "shows")
    student.manager.shutdown_kernel()
    _, shows, cleared, captured, broken, waits, again = runs(written(tmp_path))
    assert shows["output"] == (
        "<IPython.core.display.HTML object>[text/html]\n100%nested\nred …/data.csv http://here/?token=…\n"
    )
    assert (shows["cell_id"], shows["attempt"], shows["truncated"]) == ("shows", 1, False)
    assert cleared["output"] == "'kept'\n"
    assert captured["output"] == ""
    assert (broken["status"], broken["error"]["name"]) == ("error", "SyntaxError")
    assert 300 <= waits["duration_ms"] < 30_000
    assert (again["cell_id"], again["attempt"]) == ("shows", 2)


SECRETS = """
url = "http://here/?token=s3cret"
_telemetry_capture("hint", {"/home/ann/a.py": ["/home/ann/b.csv", url, "\\x1b[31mred"]})
_cell("/home/ann/course/x.py", 'get("?token=s3cret")')
@tracked_test("/home/ann/t.py ?token=s3cret")
def test(): pass
test()
print({"API_TOKEN": "s3cretK9x2Qw7Lp4"}, "-I/home/ann/include", "s3cret-of-the-server")
"""


@pytest.mark.parametrize("name", ["JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN"])
def test_no_token_and_no_home_folder_leaves_the_kernel(tmp_path: Path, name: str) -> None:
    env = {**environment(tmp_path), name: "s3cret-of-the-server"}
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        student.set_up()
        student.cell(SECRETS)
    events = written(tmp_path)
    hint, marked, passed, run = (event["properties"] for event in events[2:6])
    assert hint["…/a.py"] == ["…/b.csv", "http://here/?token=…", "red"]
    assert marked["cell_id"] == "…/x.py"
    assert marked["code_preview"] == 'get("?token=…")'
    assert passed["test"] == "…/t.py ?token=…"
    assert '_cell("/home/ann/course/x.py", \'get("?token=…")' in run["code"]
    assert run["output"].splitlines()[1] == "{'API_TOKEN': '\u2039secret\u203a'} -I…/include …"


OVERWRITTEN = {
    "a shorter text": (["base long text\\rab"], "abse long text"),
    "in pieces": (["base long text", "\\r", "a", "b"], "abse long text"),
    "the line before stays": (["one\\ntwo\\rT\\n", "three\\r", "T"], "one\\nTwo\\nThree"),
    "the ends of Windows": (["one\\r\\ntwo\\r", "\\nthree"], "one\\ntwo\\nthree"),
    "a backspace": (["ab\\bc"], "ac"),
    "backspaces in pieces": (["100%", "\\b\\b\\b\\b", "done"], "done"),
    "not beyond the line": (["a\\n\\b\\bb"], "a\\nb"),
}


@pytest.mark.parametrize("case", OVERWRITTEN)
def test_what_is_written_over_is_what_jupyterlab_shows(
    student: Student, tmp_path: Path, case: str
) -> None:
    pieces, shown = OVERWRITTEN[case]
    student.set_up()
    student.cell("".join(f"print('{piece}', end='', flush=True)\n" for piece in pieces))
    student.manager.shutdown_kernel()
    assert runs(written(tmp_path))[-1]["output"] == shown.encode().decode("unicode_escape")


PLOT = """
class Figure:
    def _repr_mimebundle_(self, **_):
        return {"text/plain": "<Figure with 1 Axes>", "image/png": "iVBORw0KGgo" * 10_000}
display(Figure())
Figure()
"""


def test_of_a_plot_the_kind_is_told_and_no_picture(student: Student, tmp_path: Path) -> None:
    student.set_up()
    student.cell(PLOT)
    shown = [*student.contents("display_data"), *student.contents("execute_result")]
    assert [len(each["data"]["image/png"]) for each in shown] == [110_000, 110_000]
    student.manager.shutdown_kernel()
    plot = runs(written(tmp_path))[-1]
    assert plot["output"] == "<Figure with 1 Axes>[image/png]\n" * 2
    assert plot["truncated"] is False


def test_of_ten_megabytes_only_the_beginning_is_kept(student: Student, tmp_path: Path) -> None:
    student.set_up()
    student.cell("import sys, tracemalloc; tracemalloc.start()")
    student.cell("for _ in range(100): print('é' * 100_000)")
    assert len(student.shown()) == 100 * 100_001
    student.manager.shutdown_kernel()
    large = runs(written(tmp_path))[-1]
    assert (large["output"], large["truncated"]) == ("é" * 10_000, True)


def test_what_is_cut_is_told_to_be_from_the_first_character_on(
    student: Student, tmp_path: Path
) -> None:
    student.set_up()
    for length in (10_000, 10_001, 20_000, 20_001):
        student.cell(f"print('x' * {length}, end='')")
    student.cell("'y' * 15_000")
    student.cell("print('\\x1b[31m' * 1_000 + 'x' * 9_000, end='')")
    student.manager.shutdown_kernel()
    cut = [(len(run["output"]), run["truncated"]) for run in runs(written(tmp_path))[1:]]
    assert cut == [(10_000, False), *[(10_000, True)] * 4, (9_000, False)]


MANY = """
import sys
for _ in range({count}):
    print(".", end="", flush=True)
    print("!", end="", file=sys.stderr, flush=True)
"""


def test_of_more_than_a_thousand_outputs_the_error_behind_them_is_kept(
    student: Student, tmp_path: Path
) -> None:
    student.set_up()
    student.cell(MANY.format(count=500))
    student.cell(MANY.format(count=800) + "1 / 0")
    student.cell(
        MANY.format(count=800) + "from IPython.display import clear_output\nclear_output()"
    )
    student.manager.shutdown_kernel()
    fits, failed, cleared = runs(written(tmp_path))[1:]
    assert (fits["output"], fits["truncated"]) == (".!" * 500, False)
    assert failed["output"].startswith(".!" * 500 + "---")
    assert "ZeroDivisionError: division by zero" in failed["output"]
    assert failed["truncated"] is True
    assert (cleared["output"], cleared["truncated"]) == ("", False)


def test_a_cell_without_an_id_has_one_that_is_made_of_its_source(
    student: Student, tmp_path: Path
) -> None:
    student.set_up()
    for source in ("1", "2", "1"):
        student.cell(source)
    uri = "vscode-notebook-cell:/home/ann/secret/lesson.ipynb#W2sZmlsZQ%3D%3D"
    student.cell("3", uri)
    student.manager.shutdown_kernel()
    one, two, again, code = runs(written(tmp_path))[1:]
    assert one["cell_id"] == again["cell_id"] != two["cell_id"]
    assert (one["attempt"], again["attempt"], two["attempt"]) == (1, 2, 1)
    assert code["cell_id"] == "W2sZmlsZQ%3D%3D"
