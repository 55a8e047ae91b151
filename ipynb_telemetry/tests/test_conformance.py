# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The conformance lesson where no page of ours is: bare kernels, Colab's, nbconvert, papermill."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from jupyter_client.manager import KernelManager

from ..notebook_cells import get_telemetry_setup_cell
from .kernel.directkernel import ANN, running, spools, wait_for, written
from .kernel.frontend import FrontEnd, a_page
from .kernel.kernelpython import NEWEST, OLDEST, KernelPython, interpreter
from .support.fakeposthog import FakePostHog

ROOT = Path(__file__).parents[2]
LESSON = ROOT / "conformance" / "lesson.ipynb"
EXPECTED: dict[str, Any] = json.loads((ROOT / "conformance" / "expected.json").read_text("utf-8"))
KEY = "phc_conformance"
ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}
WHEELS = {("linux", "x86_64"), ("darwin", "arm64")}
# Colab itself was not tried: a kernel with the module, the release and the cell ids that it has.
COLAB = Path(__file__).parent / "kernel" / "colabstartup.py"
RELEASE = "release-colab_20260301-060000_RC00"
SETUP = get_telemetry_setup_cell(
    EXPECTED["notebook"], skip_name_prompt=True, student_name="Ann Lee"
).source
ENVELOPE = ["student_id", "notebook", "session_id", "seq", "active_ms"]


class Place(NamedTuple):
    """Where the lesson is run, and the environment its kernel gets."""

    python: str
    environment: dict[str, str]
    folder: Path
    kernel: str = "ipykernel_launcher"


def matches(value: Any, expected: Any) -> bool:
    """Whether a value is what `expected.json` says, its matchers included."""
    if isinstance(expected, dict) and "$type" in expected:
        if expected["$type"] == "number":
            return type(value) in (int, float) and value >= 0
        return isinstance(value, {"string": str}[expected["$type"]])
    if isinstance(expected, dict) and "$contains" in expected:
        return isinstance(value, str) and expected["$contains"] in value
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and value.keys() == expected.keys()
            and all(matches(value[name], each) for name, each in expected.items())
        )
    return type(value) is type(expected) and value == expected


def expected_in(place: str, again: bool = False) -> list[dict[str, Any]]:
    """The events that have to arrive from a place."""
    *events, ended = EXPECTED["events"]
    events = json.loads(json.dumps([*events, *(EXPECTED["again"] if again else []), ended]))
    for varied in EXPECTED["varies"]:
        event_name, _, property_name = varied["of"].partition(".")
        for event in events:
            if place in varied["places"] and event["event"] == event_name:
                event["properties"][property_name] = varied["instead"]
    if place == "colab":
        started, set_up = (event["properties"] for event in events[:2])
        started.update(app="colab", app_version=RELEASE)
        set_up["code"] = SETUP
    return events


def compare(events: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """Each event with all its properties, in order, each once."""
    assert [event["event"] for event in events] == [event["event"] for event in expected]
    assert len({event["uuid"] for event in events}) == len(events)
    assert len({event["properties"]["session_id"] for event in events}) == 1
    active_ms = 0
    for seq, (event, wanted) in enumerate(zip(events, expected, strict=True), 1):
        properties = dict(event["properties"])
        envelope = {name: properties.pop(name) for name in ENVELOPE}
        assert matches(envelope["active_ms"], {"$type": "number"})
        assert envelope["active_ms"] >= active_ms
        active_ms = envelope["active_ms"]
        assert event["distinct_id"] == envelope["student_id"] == EXPECTED["student_id"]
        assert (envelope["notebook"], envelope["seq"]) == (EXPECTED["notebook"], seq)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["timestamp"])
        assert properties.keys() == wanted["properties"].keys()
        for name, value in properties.items():
            assert matches(value, wanted["properties"][name]), (event["event"], name, value)
        if event["event"] in ("test_passed", "test_failed"):
            run = events[seq]["properties"]
            assert properties["cell_id"] == run["cell_id"]


def of_lesson(posthog: FakePostHog) -> list[dict[str, Any]]:
    notebook = EXPECTED["notebook"]
    return [e for e in posthog.accepted if e["properties"]["notebook"] == notebook]


def wait_for_all(posthog: FakePostHog, place: Place, expected: list[dict[str, Any]]) -> None:
    """On a busy machine a kernel may end before all is sent: the rest is the next one's to send."""
    with ExitStack() as stack:
        if spools(place.folder.parent):
            student = stack.enter_context(running(place.environment, place.python))
            student.stdin = False
            student.set_up(ANN, "the next one")
        posthog.wait_until(lambda: len(of_lesson(posthog)) >= len(expected))


def delivered(posthog: FakePostHog) -> list[dict[str, Any]]:
    """What is stored at the other end, less what every event of ours carries there."""
    events = []
    for event in of_lesson(posthog):
        properties = dict(event["properties"])
        assert {name: properties.pop(name) for name in ADDED} == ADDED
        assert properties.pop("$lib") == "ipynb-telemetry"
        assert re.fullmatch(r"\d+\.\d+\.\d+", properties.pop("$lib_version"))
        assert event.keys() == {"uuid", "event", "distinct_id", "timestamp", "properties"}
        events.append({**event, "properties": properties})
    return events


@contextmanager
def kernel_of(place: Place) -> Iterator[FrontEnd]:
    """A kernel that ends as a front end ends it, and a client that stands for a front end."""
    kernel = KernelManager()
    kernel.kernel_spec.argv[:] = [place.python, "-m", place.kernel, "-f", "{connection_file}"]
    kernel.start_kernel(env=place.environment, cwd=str(place.folder))
    try:
        with a_page(kernel) as page:
            yield page
    finally:
        kernel.shutdown_kernel()


def in_kernel(place: Place) -> None:
    with kernel_of(place) as page:
        run_lesson(page)


def run_lesson(page: FrontEnd) -> None:
    """All its cells, and one of them again."""
    cells = nbformat.read(LESSON, as_version=4).cells
    for cell in [*cells, cells[2]]:
        if cell.cell_type == "code":
            run_cell(page, cell)


def in_colab(place: Place) -> None:
    startup = Path(place.environment["IPYTHONDIR"], "profile_default", "startup")
    startup.mkdir(parents=True)
    (startup / COLAB.name).write_bytes(COLAB.read_bytes())
    place.environment["COLAB_RELEASE_TAG"] = RELEASE
    cells = nbformat.read(LESSON, as_version=4).cells
    cells[1].source = SETUP
    with kernel_of(place) as page:
        for cell in [*cells, cells[2]]:
            if cell.cell_type == "code":
                run_cell(page, cell, {"colab": {"cell_id": cell.id}})


def run_cell(page: FrontEnd, cell: Any, metadata: dict[str, Any] | None = None) -> None:
    """As a front end runs a cell: with its id, where Jupyter puts it unless told otherwise."""
    content = {"code": cell.source, "silent": False, "store_history": True, "allow_stdin": True}
    content.update(user_expressions={}, stop_on_error=False)
    message = page.client.session.msg(
        "execute_request", content, metadata=metadata or {"cellId": cell.id}
    )
    page.client.shell_channel.send(message)
    page.answers_to(message["header"]["msg_id"])
    page.reply_to(message["header"]["msg_id"])


def in_nbconvert(place: Place) -> None:
    tool = [place.python, "-m", "nbconvert", "--to", "notebook", "--execute"]
    run([*tool, "--output", str(place.folder / "done"), str(place.folder / LESSON.name)], place)


def in_papermill(place: Place) -> None:
    # Of an error that a cell is to raise papermill says at the end that it failed.
    run([place.python, "-m", "papermill", LESSON.name, "done.ipynb"], place, status=1)


def run(command: list[str], place: Place, status: int = 0) -> None:
    done = subprocess.run(
        command, cwd=place.folder, env=place.environment, capture_output=True, text=True
    )
    assert done.returncode == status, done.stderr
    executed = nbformat.read(place.folder / "done.ipynb", as_version=4)
    cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, 8))


PLACES: dict[str, Callable[[Place], None]] = {
    "kernel": in_kernel,
    "colab": in_colab,
    "nbconvert": in_nbconvert,
    "papermill": in_papermill,
}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    environment = {**os.environ, **fresh_environment(tmp_path)}
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / LESSON.name).write_bytes(LESSON.read_bytes())
    return Place(sys.executable, environment, folder)


def fresh_environment(folder: Path) -> Mapping[str, str]:
    """Nothing of the machine's own, nor of another test's."""
    return {
        "JUPYTER_DATA_DIR": str(folder / "data"),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONPATH": str(ROOT),
        "NO_PROXY": "127.0.0.1",
        # Ann Lee, who cannot be asked, agrees.
        "IPYNB_TELEMETRY_CONSENT": "yes",
    }


@pytest.mark.parametrize("where", PLACES)
def test_every_event_arrives_once_with_all_its_properties(
    place: Place, posthog: FakePostHog, where: str
) -> None:
    place.environment.update(IPYNB_TELEMETRY_API_KEY=KEY, IPYNB_TELEMETRY_HOST=posthog.host)
    PLACES[where](place)
    expected = expected_in(where, again=where in ("kernel", "colab"))
    wait_for_all(posthog, place, expected)
    compare(delivered(posthog), expected)
    assert {request.path.rstrip("/") for request in posthog.requests} == {"/batch"}
    assert {request.document["api_key"] for request in posthog.requests} == {KEY}


@pytest.mark.parametrize("where", PLACES)
def test_without_a_key_the_same_events_are_in_a_file(place: Place, where: str) -> None:
    PLACES[where](place)
    path = place.folder.parent / "data" / "ipynb-telemetry" / "events.jsonl"
    events = written(place.folder.parent)
    compare(events, expected_in(where, again=where in ("kernel", "colab")))
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "kernel",
    [
        pytest.param(OLDEST, id=f"Python {OLDEST.version}, the oldest here"),
        pytest.param(NEWEST, id=f"Python {NEWEST.version} with the newest ipykernel"),
    ],
)
def test_a_kernel_of_another_age_reports_the_same(
    place: Place, posthog: FakePostHog, kernel: KernelPython
) -> None:
    place.environment.update(IPYNB_TELEMETRY_API_KEY=KEY, IPYNB_TELEMETRY_HOST=posthog.host)
    in_kernel(place._replace(python=kernel.environment()))
    expected = expected_in("kernel", again=True)
    wait_for_all(posthog, place, expected)
    compare(delivered(posthog), expected)


@pytest.fixture
def xeus(place: Place) -> Iterator[FrontEnd]:
    if (sys.platform, platform.machine()) not in WHEELS:
        pytest.skip("xeus-python has no wheel for it")
    python = interpreter("xeus", sys.executable, "requirements-xeus.txt")
    with kernel_of(place._replace(python=python, kernel="xpython_launcher")) as page:
        yield page


def so_far(place: Place, count: int) -> list[dict[str, Any]]:
    """Jupyter interrupts a kernel before it ends it, and xeus-python then ends at once."""
    folder = place.folder.parent
    path = folder / "data" / "ipynb-telemetry" / "events.jsonl"
    wait_for(lambda: path.exists() and len(written(folder)) == count)
    return written(folder)


def test_xeus_python_reports_the_same(place: Place, xeus: FrontEnd) -> None:
    run_lesson(xeus)
    *expected, _ = expected_in("xeus", again=True)
    compare(so_far(place, len(expected)), expected)


def test_in_xeus_python_what_is_cleared_or_updated_is_seen(place: Place, xeus: FrontEnd) -> None:
    run_cell(xeus, nbformat.read(LESSON, as_version=4).cells[1])
    for code in (
        "from IPython.display import clear_output, display",
        "it = display('before', display_id=True); print('behind'); it.update('after')",
        "print('gone'); clear_output(); print('left')",
        "print('gone'); clear_output(wait=True); print('left')",
    ):
        run_cell(xeus, nbformat.v4.new_code_cell(code))
    outputs = [run["properties"].get("output") for run in so_far(place, 6)]
    assert outputs[3:] == ["'after'\nbehind\n", "left\n", "left\n"]
