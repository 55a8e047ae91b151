"""The set-up cell, which turns telemetry on where no JupyterLab extension does, as in Colab."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .kernel.shared import __version__
from .kernel.student import _read_student
from .notebooks.flag import FLAG, refuse_notebook_id
from .settings.destination import read_fingerprint, read_host, read_key

if TYPE_CHECKING:
    from nbformat import NotebookNode

SETUP_CELL_ID = "ipynb-telemetry-setup"
SETUP_TITLE = "Setup: Telemetry (Run this cell first)"

# A cell's metadata holds the fingerprint of the text it was made with, all before the arguments:
# so a later version tells its own older cells from those that were edited. Cells of the first
# versions hold no fingerprint; their texts have these.
_EARLIER = frozenset({"50a20d40a1b41f45"})
_QUOTES = frozenset("'\"`\\")

# `setup_telemetry` is there already where the extension is; where it is not, only bootstrap.py is
# wanted, which needs none of the package's dependencies: an install with them would replace the
# Jupyter that runs this very cell. A lesson goes on where nothing can be installed. The cell
# installs the version that made it and no other, whoever may publish one; `enable` of a later
# version makes the cell anew. pip runs in Python's own folder: beside the notebook a course's
# `pip.py` would be run in its place. After `%reset` the name is one of Python's builtins.
_SOURCE = f"""\
#@title {SETUP_TITLE}
try:
    setup_telemetry
except NameError:
    try:
        try:
            from ipynb_telemetry.bootstrap import setup_telemetry
        except ImportError:
            import importlib, subprocess, sys
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
                            "--retries", "1", "--timeout", "5",
                            "ipynb-telemetry=={__version__}"],
                           check=True, capture_output=True, timeout=60, cwd=sys.prefix)
            importlib.invalidate_caches()
            from ipynb_telemetry.bootstrap import setup_telemetry
    except Exception as error:
        print("Telemetry is off, everything else works. It is installed with",
              "%pip install --no-deps ipynb-telemetry=={__version__}",
              f"({{'pip cannot get it' if hasattr(error, 'cmd') else error}})")
        def tracked_test(name): return (lambda test: test) if isinstance(name, str) else name
        def _cell(*args, **kwargs): pass
        def _telemetry_capture(*args, **kwargs): pass
        def telemetry_withdraw(): pass
        def telemetry_code(): pass
try:
    setup_telemetry
except NameError:
    pass
else:
    setup_telemetry("""


def get_telemetry_setup_cell(
    notebook_id: str,
    host: str | None = None,
    api_key: str | None = None,
    skip_name_prompt: bool = False,
    student_name: str | None = None,
    certificate: str | None = None,
) -> NotebookNode:
    """Make the set-up cell, which students run first.

    The cell uses what the JupyterLab extension has put into the kernel, or imports the package,
    which it installs quietly into the running environment when it is missing; then it calls
    `setup_telemetry` with these arguments. Where nothing can be installed, as without a network,
    the cell says so in one line and leaves stand-ins for the names of telemetry, so that the cells
    below run all the same.

    Args:
        notebook_id: as in the notebook's flag, without quotes and backslashes.
        host: of PostHog. None: the environment or the course file says.
        api_key: of the PostHog project, `phc_…`. None: the environment or the course file says.
        skip_name_prompt: take `student_name` and do not ask.
        student_name: such as "Ann Lee".
        certificate: the SHA-256 fingerprint of the only certificate that is trusted, for a class
            collector that made its own. None: the environment or the course file says.

    Returns:
        A code cell of notebook format 4.5, always with the same id. Colab shows its title only.

    Raises:
        ValueError: an argument holds quotes, backslashes, line breaks or other characters that do
            not print; the id, name, host, key or certificate is refused; nobody is asked and no
            name is given. No refused key is repeated.
        TypeError: an argument is of another type.
    """
    arguments = _check(
        {
            "notebook_id": notebook_id,
            "host": host,
            "api_key": api_key,
            "skip_name_prompt": skip_name_prompt,
            "student_name": student_name,
            "certificate": certificate,
        }
    )
    # The arguments are checked: as JSON each of them is the same in Python.
    given = [json.dumps(arguments.pop("notebook_id"), ensure_ascii=False)]
    given += [
        f"{name}={value if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)}"
        for name, value in arguments.items()
    ]
    from nbformat import v4

    mark = {"setup_cell": True, "template": _fingerprint(_SOURCE)}
    cell: NotebookNode = v4.new_code_cell(
        f"{_SOURCE}{', '.join(given)})",
        id=SETUP_CELL_ID,
        metadata={"cellView": "form", FLAG: mark},
    )
    return cell


def is_setup_cell(cell: Mapping[str, Any]) -> bool:
    """Tell whether `get_telemetry_setup_cell` made this cell; it may have been changed since."""
    mark = cell.get("metadata", {}).get(FLAG)
    return isinstance(mark, Mapping) and mark.get("setup_cell") is True


def read_setup_arguments(cell: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the arguments that a set-up cell was made with, by this version or another.

    Args:
        cell: one for which `is_setup_cell` holds; its source may be a list of lines.

    Returns:
        The arguments of `get_telemetry_setup_cell`, or None: the code was changed since.
    """
    source = "".join(cell["source"])
    above, line_end, last = source.rpartition("\n")
    call, bracket, given = last.partition("setup_telemetry(")
    template = "".join((above, line_end, call, bracket))
    try:
        made = cell["metadata"][FLAG].get("template")
        if _fingerprint(template) not in (_EARLIER if made is None else {made}):
            return None
        parsed: Any = ast.parse(last.strip(), mode="eval").body
        arguments = {word.arg: ast.literal_eval(word.value) for word in parsed.keywords}
        arguments["notebook_id"] = ast.literal_eval(parsed.args[0])
        is_ours = get_telemetry_setup_cell(**arguments).source == f"{_SOURCE}{given}"
    except (SyntaxError, AttributeError, IndexError, TypeError, ValueError):
        return None
    return arguments if is_ours else None


def _fingerprint(template: str) -> str:
    return hashlib.sha256(template.encode()).hexdigest()[:16]


def _check(arguments: dict[str, Any]) -> dict[str, Any]:
    """Give the arguments that are not left at their default, host and key as they are used."""
    given = {
        name: value
        for name, value in arguments.items()
        if value is not None and not (name == "skip_name_prompt" and value is False)
    }
    for name, value in given.items():
        if not isinstance(value, bool if name == "skip_name_prompt" else str):
            raise TypeError(f"{name} must not be of type {type(value).__name__}")
        if isinstance(value, str) and (not value.isprintable() or _QUOTES.intersection(value)):
            raise ValueError(
                f"{name} must not contain quotes, backslashes, line breaks or characters"
                " that do not print"
            )
    refusal = refuse_notebook_id(given.setdefault("notebook_id", ""))
    if refusal is not None:
        raise ValueError(f"notebook_id {refusal}")
    if "host" in given:
        given["host"] = read_host(given["host"])
    if "api_key" in given:
        given["api_key"] = read_key(given["api_key"])
    if "certificate" in given:
        given["certificate"] = read_fingerprint(given["certificate"], given.get("host", "https:"))
        if not given["certificate"]:
            raise ValueError("certificate must be a fingerprint")
    if "student_name" in given:
        _read_student(given["student_name"])
    elif "skip_name_prompt" in given:
        raise ValueError('skip_name_prompt needs a name, as in student_name="Ann Lee"')
    return given
