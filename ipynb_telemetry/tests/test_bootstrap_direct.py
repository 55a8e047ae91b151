# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""setup_telemetry in a real kernel that no page of ours stands in front of."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.bootstrap import _Direct, _Outputs

from .directkernel import ANN, IMPORT, KEY, ROOT, Student, environment, running, spools, written
from .support.fakeposthog import FakePostHog
from .test_bootstrap import PATH, SOURCE


@pytest.fixture
def student(tmp_path: Path) -> Iterator[Student]:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        # No page answers here: the two seconds of waiting are tested by themselves.
        student.stdin = False
        yield student


def runs(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["properties"] for event in events if event["event"] == "cell_executed"]


def test_the_name_is_asked_for_until_it_will_do_and_never_again(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        msg_id = student.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
        prompts = student.answer("", "Zoë", "ann ", " lee-marie")
        assert prompts == ["First name: ", "First name: ", "First name: ", "Last name: "]
        student.answers_to(msg_id)
        lines = student.shown().splitlines()
        assert lines[:2] == [
            "Your course records what you do in this notebook: which cells you run with their code "
            "and output, and test results. Your instructor uses it to help you. It stays in a file "
            "where this kernel runs.",
            "Type cancel instead of a name, and nothing is recorded.",
        ]
        assert lines[2:4] == ["Both names are required", "English letters only"]
        assert lines[4].startswith("ipynb-telemetry: on for ANN-LEE-MARIE in D1, events stay in ")
        student.stdin = False  # a prompt would be an error
        assert "on for ANN-LEE-MARIE in D2" in student.set_up("", "D2")
        assert student.value("STUDENT_ID") == "ANN_LEE-MARIE"
    names = [(e["event"], e["properties"]["notebook"]) for e in written(tmp_path)]
    assert names == [
        ("session_started", "D1"),
        ("cell_executed", "D1"),
        ("session_ended", "D1"),
        ("session_started", "D2"),
        ("cell_executed", "D2"),
        ("cell_executed", "D2"),
        ("session_ended", "D2"),
    ]


def test_three_bad_names_are_an_error_and_nothing_is_kept(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        msg_id = student.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
        student.answer("A", "B", "C")
        student.answers_to(msg_id)
        reply = student.reply_to(msg_id)
        assert reply["ename"] == "ValueError"
        assert "At least two letters. Run this cell again" in reply["evalue"]
    assert not (tmp_path / "data" / "ipynb-telemetry").exists()


def test_who_is_asked_reads_the_courses_notice_and_may_cancel(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    text = f"privacy_notice = 'We look.'\nhost = '{posthog.host}'\napi_key = 'phc_course'"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        for names in (("cancel",), ("Ann", " Cancel ")):
            msg_id = student.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
            student.answer(*names)
            student.answers_to(msg_id)
            assert student.reply_to(msg_id)["status"] == "ok"
            notice, _, line = student.shown().splitlines()
            assert notice == f"We look. It is sent to PostHog at {posthog.host}."
            assert "nothing is tracked, as you chose. Run this cell again to change that" in line
        student.cell("'quiet'", "quiet")
        assert student.value("STUDENT_ID") is None
        assert "events go to" in student.set_up()
    posthog.wait_until(lambda: posthog.accepted[-1:] and posthog.accepted[-1]["event"] == ENDED)
    assert len(runs(posthog.accepted)) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "nobody can be asked"),
        ("skip_name_prompt=True", "needs a name"),
        ("student_name='Ann'", "Both names are required"),
        ("student_name='Mary Ann Lee'", "put _ between"),
        ("student_name='MARY ANN-LEE'", "put _ between"),
        ("student_name='Ann_L'", "At least two letters"),
        ("student_name='Ann Müller'", "English letters only"),
        ("student_name=3", "Both names are required"),
    ],
)
def test_where_nobody_can_be_asked_it_is_an_error_at_once(
    student: Student, arguments: str, words: str
) -> None:
    student.set_up(arguments)
    assert student.reply["ename"] == "ValueError"
    assert words in student.reply["evalue"]


@pytest.mark.parametrize("name", ["Ann Lee", "ANN-LEE", "ANN_LEE", " ann   lee "])
def test_a_name_may_be_given_in_these_forms(student: Student, name: str) -> None:
    assert "on for ANN-LEE in D1" in student.set_up(f"student_name={name!r}")


@pytest.mark.parametrize(
    ("name", "student_id"),
    [("MARY ANN_LEE", "MARY ANN_LEE"), ("Ann Lee-Marie", "ANN_LEE-MARIE")],
)
def test_a_name_of_more_parts_is_told_apart(student: Student, name: str, student_id: str) -> None:
    student.set_up(f"student_name={name!r}")
    assert student.value("STUDENT_ID") == student_id


@pytest.mark.parametrize("bad", ["''", "'a/b'", "'a\\nb'", "'x' * 201", "None", "7"])
def test_a_bad_notebook_id_is_an_error(student: Student, bad: str) -> None:
    student.cell(f"from ipynb_telemetry.bootstrap import *\nsetup_telemetry({bad}, {ANN})")
    assert student.reply["ename"] == "ValueError"


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
print({"API_TOKEN": "s3cret"}, "-I/home/ann/include", "s3cret-of-the-server")
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
    assert run["output"].splitlines()[1] == "{'API_TOKEN': '…'} -I…/include …"


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


@pytest.mark.parametrize("unit", ["\r", "\b", "x\b", "\rxx\b", "\r\n", "abc\r", "\n"])
def test_what_is_written_over_costs_in_proportion_to_its_length(unit: str) -> None:
    least = 9.0
    for _ in range(5):
        outputs, started = _Outputs(), time.perf_counter()
        for _ in range(20):
            text = ("x" * 15_000 + unit * 200_000)[:150_000]
            outputs.add("stream", {"name": "stdout", "text": text})
        least = min(least, time.perf_counter() - started)
    assert least < 0.5


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


def test_a_kind_may_have_any_name() -> None:
    outputs = _Outputs()
    outputs.add("display_data", {"data": {"text/plain": "shown", "a/\ud800" + "b" * 300: ""}})
    assert outputs.read() == (f"shown[a/?{'b' * 197}]\n", False)


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
    for code in ("1", "2", "1"):
        student.cell(code)
    uri = "vscode-notebook-cell:/home/ann/secret/lesson.ipynb#W2sZmlsZQ%3D%3D"
    student.cell("3", uri)
    student.manager.shutdown_kernel()
    one, two, again, code = runs(written(tmp_path))[1:]
    assert one["cell_id"] == again["cell_id"] != two["cell_id"]
    assert (one["attempt"], again["attempt"], two["attempt"]) == (1, 2, 1)
    assert code["cell_id"] == "W2sZmlsZQ%3D%3D"


def test_calling_it_again_doubles_nothing(student: Student, tmp_path: Path) -> None:
    student.set_up()
    for _ in range(2):
        student.cell(f"exec({SOURCE!r})\nsetup_telemetry('D1')")
        assert student.reply["status"] == "ok"
    student.cell("'last'", "last")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    assert [e["event"] for e in events].count("session_started") == 1
    assert [run["cell_id"] for run in runs(events)].count("last") == 1
    assert len({event["uuid"] for event in events}) == len(events) == 6


FLOOD = """
@tracked_test("t")
def test(): pass
from contextlib import redirect_stdout
import os
with redirect_stdout(open(os.devnull, "w")):
    for i in range(600):
        test()
        _cell(i)
        _telemetry_capture("flood", {"i": i})
"""


def test_a_flood_is_cut_and_told_of_and_no_run_is(student: Student, tmp_path: Path) -> None:
    student.set_up()
    student.cell(FLOOD, "flood")
    student.cell("'calm'", "calm")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    (dropped,) = (e["properties"] for e in events if e["event"] == "events_dropped")
    kinds = ("flood", "test_passed", "cell_marked")
    passed = [e["properties"] for e in events if e["event"] in kinds]
    assert dropped["reason"] == "rate"
    assert len(passed) + dropped["count"] == 1_800
    assert 1_000 <= len(passed) < 1_500  # some more for each second it takes
    assert [e["properties"]["seq"] for e in events] == list(range(1, len(events) + 1))
    assert [run["cell_id"] for run in runs(events)[1:]] == ["flood", "calm"]


def test_a_flood_that_goes_on_passes_at_fifty_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    direct = _Direct({"id": "ANN_LEE", "name": "ANN-LEE"}, "D1", None)
    assert sum(direct._may_pass() for _ in range(2_000)) == 1_000
    now += 2
    assert sum(direct._may_pass() for _ in range(2_000)) == 100
    now += 3_600
    assert sum(direct._may_pass() for _ in range(2_000)) == 1_000


def test_an_old_ipython_gives_its_hooks_no_argument(student: Student, tmp_path: Path) -> None:
    student.cell(
        "trigger = type(get_ipython().events).trigger\n"
        "def bare(self, event, *args, **kwargs): trigger(self, event)\n"
        "type(get_ipython().events).trigger = bare"
    )
    student.set_up()
    student.cell("print(1)\n2")
    student.cell("1 / 0")
    student.manager.shutdown_kernel()
    _, fine, failed = runs(written(tmp_path))
    assert (fine["code"], fine["output"], fine["status"]) == ("print(1)\n2", "1\n2\n", "ok")
    assert (failed["status"], failed["error"]["name"]) == ("error", "ZeroDivisionError")


@pytest.mark.parametrize(
    ("before", "app"),
    [
        ("import sys, types; sys.modules['google.colab'] = types.ModuleType('colab')", "colab"),
        ("__vsc_ipynb_file__ = '/nowhere/lesson.ipynb'", "vscode"),
    ],
)
def test_where_no_page_ever_answers_none_is_asked(tmp_path: Path, before: str, app: str) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.cell(before)
        student.set_up()
        assert "comm_open" not in {answer["msg_type"] for answer in student.answers}
    assert written(tmp_path)[0]["properties"]["app"] == app


def snippet(url: str) -> str:
    """What docs/kernels.md says, for that address and the file as it is."""
    text = (ROOT / "docs" / "kernels.md").read_text("utf-8")
    code = text[text.index("import hashlib, requests") :].partition("setup_telemetry(")[0]
    digest = hashlib.sha256(PATH.read_bytes()).hexdigest()
    return re.sub(r'"https://[^"]*"', repr(url), code.replace("\u2026", digest))


@pytest.mark.parametrize("way", ["text", "pinned"])
def test_it_may_be_loaded_by_http(student: Student, tmp_path: Path, way: str) -> None:
    class Quiet(SimpleHTTPRequestHandler):  # it says no charset: requests takes it for Latin-1
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(ROOT / "ipynb_telemetry"))

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/bootstrap.py"
        text = f"import requests\nexec(requests.get({url!r}).text)"
        student.cell(text if way == "text" else snippet(url), "load")
        student.cell("setup_telemetry('D1')", "nobody")
        assert 'Give it: setup_telemetry("\u2026", ' in student.reply["evalue"]
        student.cell(f"setup_telemetry('D1', {ANN})", "call")
        server.shutdown()
    student.cell("@tracked_test('t')\ndef test(): pass\ntest()", "test")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    assert [e["event"] for e in events] == [
        *("session_started", "cell_executed", "test_passed", "cell_executed", "session_ended")
    ]
    assert [run["cell_id"] for run in runs(events)] == ["call", "test"]


ENDED = "session_ended"
REFUSED = {
    "phx_secret": "one with phx_ is personal and secret",
    "x" * 65: "longer than 64",
    "phc_é": "characters no project key has",
    "   ": "nothing but spaces",
}


@pytest.mark.parametrize("key", REFUSED)
def test_a_refused_key_sends_nothing_anywhere(student: Student, key: str) -> None:
    line = student.set_up(f"{ANN}, host='http://127.0.0.1:9', api_key={key!r}")
    assert REFUSED[key] in line
    assert key.strip() == "" or key not in line
    assert "events stay in" in line


def test_a_refused_key_does_not_replace_a_delivery_that_works(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    with running(environment(tmp_path, posthog.host)) as student:
        student.stdin = False
        student.set_up()
        line = student.set_up("api_key='phx_1'")
        assert "one with phx_ is personal and secret" in line
        assert f"events go to {posthog.host}\n" in line
    posthog.wait_until(lambda: posthog.accepted[-1:] and posthog.accepted[-1]["event"] == ENDED)
    assert [e["event"] for e in posthog.accepted].count("session_started") == 1
    assert not (tmp_path / "data" / "ipynb-telemetry" / "events.jsonl").exists()


def test_a_refused_key_goes_on_in_the_same_file(student: Student, tmp_path: Path) -> None:
    student.set_up()
    assert "one with phx_ is personal and secret" in student.set_up("api_key='phx_1'")
    student.manager.shutdown_kernel()
    assert [e["event"] for e in written(tmp_path)].count("session_started") == 1


@pytest.mark.parametrize(
    "host", ["http://example.com", "https://a:b@example.com", "https://example.com?q=1", "example"]
)
def test_a_refused_host_sends_nothing_anywhere(student: Student, host: str) -> None:
    line = student.set_up(f"{ANN}, host={host!r}, api_key='phc_1'")
    assert "PostHog host refused" in line
    assert "events stay in" in line


@pytest.mark.parametrize("reader", ["tomllib", "own"])
def test_the_course_file_above_the_notebook_gives_key_and_host(tmp_path: Path, reader: str) -> None:
    folder = tmp_path / "course" / "day1"
    folder.mkdir(parents=True)
    text = "# the course\napi_key = 'phc_course'  # public\nhost = \"http://127.0.0.1:9/x\"\n[more]\na=1"
    (tmp_path / "course" / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(folder)) as student:
        student.stdin = False
        if reader == "own":
            student.cell("import sys; sys.modules['tomllib'] = sys.modules['tomli'] = None")
        student.cell("import os; os.chdir('/')")
        assert "events go to http://127.0.0.1:9/x" in student.set_up()


@pytest.mark.parametrize("off", ["'doctest, pytest'", "'otter'"])
def test_the_course_file_switches_tests_without_decorators_off(tmp_path: Path, off: str) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text(f"test_sources_off = {off}", "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        # pytest-jupyter, of this environment and our conftest.py, fails within a kernel.
        student.cell("import os; os.environ['PYTEST_DISABLE_PLUGIN_AUTOLOAD'] = '1'")
        student.set_up()
        student.cell("@tracked_test('decorated')\ndef check(): pass\ncheck()")
        student.cell(
            "import doctest\ndef one():\n    '>>> 1\\n1'\n"
            "doctest.run_docstring_examples(one, globals(), name='one')"
        )
        student.cell("%%writefile test_two.py\ndef test_two(): pass")
        student.cell("import pytest; pytest.main(['-qp', 'no:cacheprovider', 'test_two.py'])")
    tests = [e["properties"]["test"] for e in written(tmp_path) if e["event"] == "test_passed"]
    assert tests == ["decorated", *([] if "doctest" in off else ["one", "test_two"])]


@pytest.mark.parametrize("off", ["'doctest'", "['otter', \"doctest\"]  # no others"])
@pytest.mark.parametrize("reader", ["tomllib", "own"])
def test_the_course_file_switches_kinds_of_tests_off(tmp_path: Path, reader: str, off: str) -> None:
    text = f"test_sources_off = {off}\n# a comment\nhost = 'http://127.0.0.1:9'\n"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        if reader == "own":
            student.cell("import sys; sys.modules['tomllib'] = sys.modules['tomli'] = None")
        assert "cannot be read" not in student.set_up()
        student.cell(
            "import doctest\ndef add(a, b):\n    '''\n    >>> add(1, 2)\n    3\n    '''\n"
            "    return a + b\ndoctest.run_docstring_examples(add, globals())\n"
            "@tracked_test('told')\ndef test(): pass\ntest()"
        )
        assert student.reply["status"] == "ok"
    tests = [e["properties"]["test"] for e in written(tmp_path) if e["event"] == "test_passed"]
    assert tests == ["told"]


# Each of the places below the first gives what those above it do not.
PLACES = {
    "argument": "http://127.0.0.1:9/argument",
    "environment": "http://127.0.0.1:9/environment",
    "file": "http://127.0.0.1:9/file",
}


@pytest.mark.parametrize("key", ["argument", "environment", "file"])
@pytest.mark.parametrize("host", ["argument", "environment", "file"])
def test_host_and_key_are_each_of_the_first_place_that_has_one(
    tmp_path: Path, host: str, key: str
) -> None:
    order = list(PLACES)
    hosts, keys = order[order.index(host) :], order[order.index(key) :]
    course = [f"host = '{PLACES['file']}'", "api_key = 'phc_file'"]
    (tmp_path / "ipynb-telemetry.toml").write_text("\n".join(course), "utf-8")
    env = environment(tmp_path)
    arguments = ANN
    if "environment" in hosts:
        env["IPYNB_TELEMETRY_HOST"] = PLACES["environment"]
    if "environment" in keys:
        env["IPYNB_TELEMETRY_API_KEY"] = "phc_environment"
    arguments += f", host={PLACES['argument']!r}" if "argument" in hosts else ""
    arguments += ", api_key='phc_argument'" if "argument" in keys else ""
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        assert f"events go to {PLACES[host]}\n" in student.set_up(arguments)
        (spool,) = spools(tmp_path)
        first = json.loads(spool.read_text("utf-8").splitlines()[0])
    assert first == {"host": PLACES[host], "api_key": f"phc_{key}"}


@pytest.mark.parametrize("told_by", ["JPY_SESSION_NAME", "__vsc_ipynb_file__"])
def test_the_course_file_is_found_beside_the_notebook_wherever_the_kernel_runs(
    tmp_path: Path, told_by: str
) -> None:
    course, elsewhere = tmp_path / "course", tmp_path / "elsewhere"
    for folder in (course, elsewhere):
        folder.mkdir()
        text = f"api_key = 'phc_1'\nhost = 'http://127.0.0.1:9/{folder.name}'"
        (folder / "ipynb-telemetry.toml").write_text(text, "utf-8")
    notebook, env = str(course / "D1.ipynb"), environment(tmp_path)
    if told_by == "JPY_SESSION_NAME":
        env[told_by] = notebook
    with running(env, cwd=str(elsewhere)) as student:
        student.stdin = False
        if told_by != "JPY_SESSION_NAME":
            student.cell(f"{told_by} = {notebook!r}")
        assert "events go to http://127.0.0.1:9/course\n" in student.set_up()


@pytest.mark.parametrize(
    ("env", "cell_id", "app"),
    [
        ({}, "vscode-notebook-cell:/home/ann/D1.ipynb#W0", "vscode"),
        ({"VSCODE_PID": "1"}, None, "vscode"),
        # Jupyter was started in a terminal of VS Code.
        ({"VSCODE_PID": "1", "JPY_SESSION_NAME": "D1.ipynb"}, None, "kernel"),
    ],
)
def test_vs_code_is_known_by_each_of_its_signs(
    tmp_path: Path, env: dict[str, str], cell_id: str | None, app: str
) -> None:
    clean = {n: v for n, v in environment(tmp_path).items() if not n.startswith("VSCODE_")}
    clean.pop("JPY_SESSION_NAME", None)
    with running({**clean, **env}, cwd=str(tmp_path)) as student:
        student.stdin = app != "kernel"  # whom nobody answers; VS Code's is not asked
        student.cell(f"{IMPORT}setup_telemetry('D1', {ANN})", cell_id)
        assert "comm_open" not in {answer["msg_type"] for answer in student.answers}
    assert written(tmp_path)[0]["properties"]["app"] == app


@pytest.mark.parametrize("given", [False, True])
def test_a_course_file_that_cannot_be_read_is_told_of_and_nothing_goes_to_a_host_of_ours(
    tmp_path: Path, posthog: FakePostHog, given: bool
) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text("host = https://eu.i.posthog.com\n", "utf-8")
    env = {**environment(tmp_path), "IPYNB_TELEMETRY_API_KEY": KEY, "HTTPS_PROXY": posthog.host}
    if given:
        env["IPYNB_TELEMETRY_HOST"] = posthog.host
    with running(env, cwd=str(tmp_path)) as student:
        student.stdin = False
        line = student.set_up()
        assert "ipynb-telemetry.toml cannot be read" in line
        assert (f"events go to {posthog.host}" if given else "events stay in") in line
    assert len(spools(tmp_path)) == 0
    assert bool(posthog.requests) is given


def test_a_course_file_of_notepad_begins_with_a_mark(tmp_path: Path) -> None:
    text = "api_key = 'phc_course'\nhost = 'http://127.0.0.1:9'\n"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8-sig")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.stdin = False
        assert "events go to http://127.0.0.1:9\n" in student.set_up()


def test_it_is_ascii_however_a_server_sends_it() -> None:
    assert PATH.read_bytes().isascii()


def test_it_knows_its_version() -> None:
    version = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]
    assert f'\n__version__ = "{version}"\n' in SOURCE
