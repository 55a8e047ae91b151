# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Files beside the notebook with names of modules: we neither run nor hide one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ..support.fakeposthog import FakePostHog
from .directkernel import environment, names, running, start
from .frontend import PASSING, PATH, a_page, running_kernel

# Python's own, those of others that a kernel uses, and two that were once used here.
SHADOWS = [
    *("json", "queue", "random", "tempfile", "uuid", "decimal", "inspect", "unicodedata"),
    *("urllib", "http", "email", "calendar", "gzip", "ssl", "stringprep", "ipaddress", "tomllib"),
    *("comm", "ipykernel", "jupyter_core", "tomli", "fcntl", "posthog", "pip", "requests"),
]
MARK = """
import os
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "runs"), "a") as runs:
    runs.write(__name__ + "\\n")
"""
# Where a student's own import leads, for each name; an error for none.
LOOK = f"""
import importlib.util, sys
def look(name):
    if name in sys.modules:
        return getattr(sys.modules[name], "__file__", None)
    spec = importlib.util.find_spec(name)
    return spec and spec.origin
{{name: look(name) for name in {SHADOWS!r}}}
"""


@pytest.fixture
def shadowed(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    folder.mkdir()
    shadow(folder)
    return folder


def shadow(folder: Path) -> None:
    for name in SHADOWS:
        (folder / f"{name}.py").write_text(MARK, "utf-8")


def runs(folder: Path) -> list[str]:
    path = folder / "runs"
    return path.read_text("utf-8").split() if path.exists() else []


def test_a_kernel_that_reports_runs_none_of_them(tmp_path: Path, posthog: FakePostHog) -> None:
    shadowed = tmp_path / "course"
    shadowed.mkdir()
    text = f"host = '{posthog.host}'\napi_key = 'phc_course'"
    (shadowed / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(shadowed)) as student:
        # Beside some of these names the kernel of Python 3.10 does not even start.
        shadow(shadowed)
        student.cell(f"import sys; sys.path.insert(0, {str(shadowed)!r})")
        student.cell(LOOK)
        before = student.contents("execute_result")[0]["data"]
        # The student's own module stands in the place of Python's.
        student.cell("import tomllib")
        own = runs(shadowed)
        assert f"events go to {posthog.host}\n" in start(student)
        student.cell(f"{PASSING}test()")
        posthog.wait_until(lambda: "test_passed" in names(posthog.accepted))
        assert student.value("tomllib.__file__") == str(shadowed / "tomllib.py")
        student.cell(LOOK)
        after = student.contents("execute_result")[0]["data"]
    posthog.wait_until(lambda: "session_ended" in names(posthog.accepted))
    assert (runs(shadowed), after) == (own, before)


def test_what_a_page_sends_runs_none_of_them(tmp_path: Path, shadowed: Path) -> None:
    with running_kernel(tmp_path) as kernel, a_page(kernel) as page:
        page.run(f"import sys; sys.path.insert(0, {str(shadowed)!r})")
        before = page.value(f"(exec({LOOK!r}, own := {{}}), own['look'])[1]('comm')")
        page.load()
        page.open()
        assert [name for name, _ in page.events(f"{PASSING}test()")] == ["test_passed"]
        assert page.value(f"(exec({LOOK!r}, own := {{}}), own['look'])[1]('comm')") == before
    assert runs(shadowed) == []


READ = f"with open({str(PATH)!r}, encoding='utf-8') as file: SOURCE = file.read()\n"
GIVEN = """
import sys
exec(SOURCE, kernel := {"__name__": "ipynb_telemetry.bootstrap"})
import queue
def ours(name):
    try:
        return kernel["_module"](name).__file__
    except ImportError:
        return None
print(ours("installed"), ours("besides"), ours("queue"), queue.__file__)
print(ours("installed") == sys.modules["installed"].__file__, sys.modules["queue"] is queue)
"""


def test_packages_of_pythonpath_are_installed_ones_unless_the_course_has_them(
    tmp_path: Path,
) -> None:
    course, packages = tmp_path / "course", tmp_path / "packages"
    week = course / "week"
    for folder, module in (
        *((packages, "installed"), (packages, "queue")),
        *((course, "besides"), (week, "besides"), (week / "tools", "besides")),
    ):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{module}.py").write_text("", "utf-8")
    path = os.pathsep.join(map(str, (course, week, week / "tools", packages)))
    ran = subprocess.run(
        [sys.executable, "-c", f"{READ}{GIVEN}"],
        env={**os.environ, "PYTHONPATH": path},
        cwd=week,
        capture_output=True,
        text=True,
    )
    pythons = Path(os.__file__).parent / "queue.py"
    files = f"{packages / 'installed.py'} None {pythons} {packages / 'queue.py'}"
    assert (ran.stdout, ran.stderr) == (f"{files}\nTrue True\n", "")


WHILE_WE_IMPORT = """
import sys, threading
exec(SOURCE, kernel := {"__name__": "ipynb_telemetry.bootstrap"})
class Slow:
    asked, goes_on = threading.Event(), threading.Event()
    def find_spec(self, *_):
        self.asked.set()
        self.goes_on.wait(10)
sys.meta_path[:] = [Slow(), sys.meta_path[-1]]
found = []
def look():
    try:
        import colorsys
        found.append(colorsys.__name__)
    except ImportError as error:
        found.append(str(error))
sys.modules.pop("colorsys", None)
student = threading.Thread(target=look)
with kernel["_Apart"]():
    student.start()
    Slow.asked.wait(10)
Slow.goes_on.set()
student.join()
print(found, [type(each).__name__ for each in sys.meta_path])
"""


def test_an_import_in_another_thread_finds_its_module_while_ours_end() -> None:
    ran = subprocess.run(
        [sys.executable, "-I", "-c", f"{READ}{WHILE_WE_IMPORT}"], capture_output=True, text=True
    )
    assert (ran.stdout, ran.stderr) == ("['colorsys'] ['Slow', 'type']\n", "")


BARE = """
import sys
sys.path.insert(0, "")
loaded = set(sys.modules)
exec(SOURCE)
hidden = [name for name in SHADOWS if name not in loaded and name in sys.modules]
assert hidden == [], hidden
import queue, json
print(queue.__file__, json.__file__, open("runs").read().split())
"""


def test_where_nothing_is_loaded_a_students_import_finds_the_students_file(shadowed: Path) -> None:
    code = f"{READ}SHADOWS = {SHADOWS!r}\n{BARE}"
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=shadowed, capture_output=True, text=True
    )
    files = " ".join(str(shadowed / f"{name}.py") for name in ("queue", "json"))
    assert (ran.stdout, ran.stderr) == (f"{files} ['queue', 'json']\n", "")


OWN_FIRST = """
import sys
sys.path.insert(0, "")
import queue, random
mine = (queue, random)
exec(SOURCE, kernel := {"__name__": "ipynb_telemetry.bootstrap"})
assert kernel["_module"]("email.utils").__file__.endswith("email/utils.py")
assert (sys.modules["queue"], sys.modules["random"]) == mine
assert kernel["SimpleQueue"]().empty() and kernel["random"] is not mine[1]
print(open("runs").read().split(), sorted(name for name in sys.modules if "email" in name))
"""


def test_a_students_module_that_is_loaded_stays_the_students(shadowed: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{READ}{OWN_FIRST}"],
        cwd=shadowed,
        capture_output=True,
        text=True,
    )
    assert (ran.stdout, ran.stderr) == ("['queue', 'random'] []\n", "")


SENDS = """
import sys, threading
exec(SOURCE, kernel := {"__name__": "ipynb_telemetry.bootstrap"})
kernel["_load_for_posts"]()
imported = []
is_sending = False
sys.addaudithook(lambda name, told: name == "import" and is_sending and imported.append(told[0]))
is_sending = True
answers = [kernel["_post"](host, b"{}") for host in HOSTS]
judged = [kernel["_judge"](answer, 0.0)[0] for answer in answers]
is_sending = False
import json
print(json.dumps([imported, judged]))
"""


def test_a_thread_that_sends_imports_nothing(posthog: FakePostHog) -> None:
    date = "Sun, 01 Mar 2026 10:01:30 GMT"
    posthog.answer = lambda _: (429, {"Retry-After": date}, b'{"status": 1}')
    port = posthog.host.rpartition(":")[2]
    hosts = [posthog.host, f"http://localhost:{port}", f"https://localhost:{port}"]
    hosts += ["http://127.0.0.1:9", "https://b\u00fccher.invalid"]
    code = f"{READ}HOSTS = {hosts!r}\n{SENDS}"
    ran = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert json.loads(ran.stdout or ran.stderr) == [[], ["retry"] * len(hosts)]
