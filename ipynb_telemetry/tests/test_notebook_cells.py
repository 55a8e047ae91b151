"""The set-up cell: what it holds, what it refuses, and what it does in a real kernel."""

from __future__ import annotations

import builtins
import os
import re
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from ipynb_telemetry import __version__, bootstrap
from ipynb_telemetry.notebook_cells import (
    SETUP_CELL_ID,
    get_telemetry_setup_cell,
    is_setup_cell,
    read_setup_arguments,
)

from .kernel.frontend import JOHN, SOURCE, FrontEnd, a_page, running_kernel

PACKAGE = Path(__file__).parents[1]
# With a name, so that no kernel asks for one.
CELL = get_telemetry_setup_cell("D1", skip_name_prompt=True, student_name="Ann Lee")
LESSON = """
@tracked_test("adds up")
def test(): return 3
@tracked_test
def bare(): return 4
_cell("exercise-1"); _telemetry_capture("hint", {"n": 1})
_cell(cell_id="exercise-1", code_preview="3"); _telemetry_capture(event="hint", props={"n": 1})
print(test(), bare())
"""


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FrontEnd]:
    """A page that speaks with a kernel of its own; pip takes its time on a busy machine."""
    monkeypatch.setattr("ipynb_telemetry.tests.kernel.frontend.TIMEOUT", 180)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ipython").mkdir()
    # The student, whom the client does not ask, agrees.
    monkeypatch.setenv("IPYNB_TELEMETRY_CONSENT", "yes")
    with running_kernel(tmp_path / "ipython") as kernel, a_page(kernel) as page:
        yield page


def called_with(code: str) -> list[Any]:
    """Run a set-up cell where `setup_telemetry` is there, and give what it was called with."""
    calls: list[Any] = []
    names = {"setup_telemetry": lambda *args, **kwargs: calls.append((args, kwargs))}
    exec(code, names)
    return calls


def test_it_calls_what_is_found_among_pythons_builtins() -> None:
    calls: list[Any] = []
    given = {"setup_telemetry": lambda *args, **_: calls.append(args)}
    exec(CELL.source, {"__builtins__": {**vars(builtins), **given}})  # as after %reset, or in %run
    assert calls == [("D1",)]


def test_it_is_a_cell_that_colab_folds() -> None:
    cell = get_telemetry_setup_cell("D1_Python_Tooling")
    assert cell.source.splitlines()[0] == "#@title Setup: Telemetry (Run this cell first)"
    assert cell.metadata.cellView == "form"
    assert (cell.cell_type, cell.id) == ("code", SETUP_CELL_ID)
    assert (cell.outputs, cell.execution_count) == ([], None)
    assert is_setup_cell(cell)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    assert notebook.nbformat_minor == 5
    nbformat.validate(notebook)


def test_it_is_always_the_same_and_says_what_it_was_made_with() -> None:
    arguments = {
        "notebook_id": "Tag 1, Übung",
        "host": "https://eu.i.posthog.com",
        "api_key": "phc_key",
        "skip_name_prompt": True,
        "student_name": "Ann Lee",
    }
    cell = get_telemetry_setup_cell(**arguments)
    assert cell == get_telemetry_setup_cell(**arguments)
    assert read_setup_arguments(cell) == arguments
    lines = cell.source.splitlines(keepends=True)
    assert read_setup_arguments({**cell, "source": lines}) == arguments
    renamed = cell.source.replace("Tag 1", "Tag (2)")
    assert read_setup_arguments({**cell, "source": renamed})["notebook_id"] == "Tag (2), Übung"
    edited = (f"{cell.source}  # mine", cell.source.replace("quiet", "q"), lines[-1], "1", "\ud800")
    for source in edited:
        assert read_setup_arguments({**cell, "source": source}) is None


def test_a_cell_of_another_version_is_told_from_one_that_was_edited(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = get_telemetry_setup_cell("D1", host="https://eu.i.posthog.com")
    template = cell.source[: cell.source.rindex("(") + 1]
    monkeypatch.setattr("ipynb_telemetry.notebook_cells._SOURCE", template.replace("--quiet", "-q"))
    arguments = {"notebook_id": "D1", "host": "https://eu.i.posthog.com"}
    assert read_setup_arguments(cell) == arguments
    assert read_setup_arguments({**cell, "source": cell.source.replace("print", "log")}) is None
    newer = get_telemetry_setup_cell(**arguments)
    assert newer.source != cell.source
    assert read_setup_arguments({**newer, "source": cell.source}) is None


def test_it_installs_the_version_it_was_made_by_and_no_other() -> None:
    assert CELL.source.count(f"ipynb-telemetry=={__version__}") == 2
    assert CELL.source.count("ipynb-telemetry") == 2


def test_it_calls_with_its_arguments_and_no_other() -> None:
    assert called_with(get_telemetry_setup_cell("D1").source) == [(("D1",), {})]
    cell = get_telemetry_setup_cell(
        "Übung 1 «x»",
        host=" https://eu.i.posthog.com/ ",
        api_key=" phc_key ",
        skip_name_prompt=True,
        student_name="ANN_LEE",
    )
    assert called_with(cell.source) == [
        (
            ("Übung 1 «x»",),
            {
                "host": "https://eu.i.posthog.com",
                "api_key": "phc_key",
                "skip_name_prompt": True,
                "student_name": "ANN_LEE",
            },
        )
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a'b",
        'a"b',
        "a`b",
        "a\\b",
        "a\nb",
        "a\rb",
        "a\0b",
        "a\x85b",
        "a\u2028b",
        "a\ud800b",
        '");x(',
    ],
)
@pytest.mark.parametrize("name", ["notebook_id", "host", "api_key", "student_name", "certificate"])
def test_what_could_be_code_is_refused(name: str, text: str) -> None:
    with pytest.raises(ValueError, match=name):
        get_telemetry_setup_cell(**{"notebook_id": "D1", name: text})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"notebook_id": ""}, "must not be empty"),
        ({"notebook_id": " "}, "must not be empty"),
        ({"notebook_id": "a/b"}, "slashes"),
        ({"notebook_id": "a" * 201}, "at most 200"),
        ({"api_key": "phx_secret"}, "personal and secret"),
        ({"api_key": "p" * 65}, "longer than 64"),
        ({"api_key": ""}, "missing"),
        ({"host": "http://example.org"}, "https://"),
        ({"host": "https://u:p@example.org"}, "password"),
        ({"host": ""}, "https://"),
        ({"certificate": "secret"}, "64 digits"),
        ({"certificate": ":"}, "must be a fingerprint"),
        ({"certificate": "ab" * 32, "host": "http://127.0.0.1:1"}, "shows none"),
        ({"student_name": ""}, "student_name: Both names are required"),
        ({"student_name": " "}, "student_name: Both names are required"),
        ({"student_name": "Ann"}, "student_name: Both names are required"),
        ({"student_name": "Zoë 1"}, "student_name: English letters only"),
        ({"student_name": "Mary Ann Lee"}, "put _ between"),
        ({"skip_name_prompt": True}, "skip_name_prompt needs a name"),
    ],
)
def test_what_telemetry_refuses_is_refused_before_a_student_sees_it(
    arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        get_telemetry_setup_cell(**{"notebook_id": "D1", **arguments})
    assert "secret" not in str(refused.value).replace("personal and secret", "")


def test_other_types_are_refused() -> None:
    for name, value in [
        ("notebook_id", 1),
        ("notebook_id", 0),
        ("host", b"x"),
        ("host", False),
        ("api_key", 0),
        ("skip_name_prompt", "yes"),
        ("skip_name_prompt", 0),
        ("student_name", False),
    ]:
        with pytest.raises(TypeError, match=name):
            get_telemetry_setup_cell(**{"notebook_id": "D1", name: value})


def test_in_a_kernel_with_the_package_it_sets_telemetry_up(kernel: FrontEnd) -> None:
    kernel.run(CELL.source)
    assert kernel.reply["status"] == "ok", kernel.reply
    for name in ("tracked_test", "_cell", "_telemetry_capture"):
        assert kernel.printed(f"print({name}.__module__)") == "ipynb_telemetry.bootstrap\n"


def test_with_the_extension_it_changes_nothing(kernel: FrontEnd) -> None:
    kernel.load()
    kernel.open(JOHN)
    before = kernel.printed("print(setup_telemetry, STUDENT_ID)")
    assert "JOHN_DOE" in before
    kernel.run(CELL.source)
    assert kernel.reply["status"] == "ok", kernel.reply
    assert kernel.printed("print(setup_telemetry, STUDENT_ID)") == before


def test_where_the_package_is_missing_it_is_installed(kernel: FrontEnd, tmp_path: Path) -> None:
    target = without_the_package(kernel, tmp_path, a_wheel(tmp_path))
    kernel.run(CELL.source)
    assert kernel.reply["status"] == "ok", kernel.reply
    printed = kernel.printed("print(sys.modules['ipynb_telemetry.bootstrap'].__file__)")
    assert Path(printed.strip()).is_relative_to(target)


def test_files_beside_the_notebook_are_not_run_in_the_place_of_pip(
    kernel: FrontEnd, tmp_path: Path
) -> None:
    without_the_package(kernel, tmp_path, a_wheel(tmp_path))
    for name in ("pip", "optparse", "sitecustomize"):
        mark = f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r})\n"
        (tmp_path / f"{name}.py").write_text(mark, "utf-8")
    kernel.run(CELL.source)
    assert kernel.reply["status"] == "ok", kernel.reply
    assert not (tmp_path / "ran").exists()
    assert kernel.printed("print(tracked_test.__module__)") == "ipynb_telemetry.bootstrap\n"


def test_after_a_reset_of_the_names_it_sets_telemetry_up_again(kernel: FrontEnd) -> None:
    on = kernel.printed(CELL.source)
    assert on.startswith("ipynb-telemetry: on for ANN-LEE in D1, ")
    kernel.run("%reset -f")
    assert kernel.printed(CELL.source) == on
    assert kernel.printed(LESSON).endswith("3 4\n")


def test_where_nothing_can_be_installed_the_lesson_goes_on_and_it_can_be_tried_again(
    kernel: FrontEnd, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    without_the_package(kernel, tmp_path, empty)
    said = kernel.printed(CELL.source)
    assert kernel.reply["status"] == "ok", kernel.reply
    assert said.startswith("Telemetry is off, everything else works.")
    assert len(said.splitlines()) == 1
    assert said.endswith(
        f"%pip install --no-deps ipynb-telemetry=={__version__} (pip cannot get it)\n"
    )
    assert kernel.printed(LESSON) == "3 4\n"
    # Now the package can be had: running the cell again finds it.
    kernel.run(f"import os; os.environ['PIP_FIND_LINKS'] = {str(a_wheel(tmp_path))!r}")
    kernel.run(CELL.source)
    assert kernel.reply["status"] == "ok", kernel.reply
    assert kernel.printed("print(tracked_test.__module__)") == "ipynb_telemetry.bootstrap\n"


def test_an_index_that_never_answers_is_soon_given_up(kernel: FrontEnd, tmp_path: Path) -> None:
    without_the_package(kernel, tmp_path, tmp_path)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        own = {"PIP_INDEX_URL": index, "PIP_CONFIG_FILE": os.devnull}
        kernel.run(f"import os; os.environ.pop('PIP_NO_INDEX'); os.environ.update({own!r})")
        began = time.monotonic()
        said = kernel.printed(CELL.source)
        assert time.monotonic() - began < 40  # six attempts of fifteen seconds otherwise
    assert "(pip cannot get it)" in said


def without_the_package(kernel: FrontEnd, folder: Path, wheels: Path) -> Path:
    """Make a kernel forget the package, and install into a folder, which is returned."""
    target = folder / "target"
    environment = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(wheels),
        "PIP_TARGET": str(target),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    kernel.run(
        "import os, sys\n"
        f"os.environ.update({environment!r})\n"
        f"root, target = {str(PACKAGE.parent)!r}, {str(target)!r}\n"
        "sys.path[:] = [path for path in sys.path if path not in ('', root)] + [target]\n"
        "try:\n    import ipynb_telemetry\n"
        "except ImportError:\n    print('gone')\n"
    )
    assert [content["text"] for content in kernel.contents("stream")] == ["gone\n"]
    return target


def a_wheel(folder: Path) -> Path:
    """Make a folder with a wheel of what the cell needs: the package's own two files."""
    dist = folder / "dist"
    dist.mkdir(exist_ok=True)
    info = f"ipynb_telemetry-{__version__}.dist-info"
    with zipfile.ZipFile(dist / f"ipynb_telemetry-{__version__}-py3-none-any.whl", "w") as wheel:
        wheel.write(PACKAGE / "__init__.py", "ipynb_telemetry/__init__.py")
        wheel.writestr("ipynb_telemetry/bootstrap.py", SOURCE)
        wheel.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: ipynb-telemetry\nVersion: {__version__}\n"
            "Requires-Dist: none-such\n",
        )
        wheel.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{info}/RECORD", "")
    return dist


def test_each_public_name_has_a_stand_in_where_nothing_can_be_installed() -> None:
    public = {name for name, value in bootstrap._names().items() if callable(value)}
    source = get_telemetry_setup_cell("D1").source
    stand_ins = set(re.findall(r"^ +def (\w+)\(", source, re.MULTILINE))
    assert stand_ins == public - {"setup_telemetry"}
