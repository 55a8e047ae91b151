# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Imports of ours, which no file beside the notebook can answer.

The folder of the notebook is on the path of modules: a course's `queue.py` or `email.py` there
would be run in place of the module that is meant. This part itself imports only what each Python
has loaded; in bootstrap.py the imports of all other parts are in the body of an `_Apart`.
"""

from __future__ import annotations

import os
import sys
from _frozen_importlib import BuiltinImporter, FrozenImporter
from _frozen_importlib_external import PathFinder
from _thread import get_ident
from typing import Any

_KEPT: dict[str, Any] = {}  # by name: modules that were imported so


def _given_places() -> set[str]:
    """Folders of PYTHONPATH, where an administrator may have put packages.

    Not one that the notebook may be in, or beside: that is the course's.
    """
    try:
        here = os.path.join(os.path.realpath(os.getcwd()), "")
    except OSError:  # the folder has been deleted
        return set()
    given = set()
    for path in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        folder = os.path.join(os.path.realpath(path), "")
        if os.path.isabs(path) and not here.startswith(folder) and not folder.startswith(here):
            given.add(path)
    return given


_GIVEN = _given_places()  # as long as no cell has changed the environment
# Names of places that hold modules of Python itself, and of those that hold installed ones.
_PYTHONS = {
    *("lib-dynload", "DLLs"),
    *(
        f"python{sys.version_info[0]}.{sys.version_info[1]}",
        f"python{sys.version_info[0]}{sys.version_info[1]}.zip",
    ),
}
_INSTALLED = {"site-packages", "dist-packages"}


def _is_within(file: str, places: list[str]) -> bool:
    return any(file.startswith(os.path.join(place, "")) for place in places)


class _Apart:
    """The body of `with`: imports of this thread see Python's own modules and installed ones only.

    Modules of a student's under the name of one of Python's are out of sight as long as the body
    runs. Afterwards a name that a file of the student's has is free for that file, as before.
    """

    def __init__(self, *names: str) -> None:
        """`names` are those of modules that are wanted and not Python's own."""
        self._names = {name.partition(".")[0] for name in names}
        self._thread = get_ident()
        paths = [path for path in sys.path if os.path.isabs(path)]
        pythons = [path for path in paths if os.path.basename(path) in _PYTHONS]
        self._pythons = [os.path.dirname(os.__file__), *pythons]
        self._given = [path for path in paths if path in _GIVEN]
        installed = [p for p in paths if p in _GIVEN or os.path.basename(p) in _INSTALLED]
        self._path = [*self._pythons, *installed]
        self._hidden: dict[str, Any] = {}
        self._loaded: set[str] = set()

    def __enter__(self) -> None:
        standard = getattr(sys, "stdlib_module_names", None)  # since Python 3.10
        for name, module in list(sys.modules.items()):
            top = name.partition(".")[0]
            is_named = standard is None or top in standard or top in self._names
            if is_named and self._is_students(top, getattr(module, "__spec__", None)):
                self._hidden[name] = sys.modules.pop(name)
        sys.meta_path.insert(0, self)

    def _is_students(self, top: str, spec: Any) -> bool:
        """Whether a module is of a file that is neither Python's own nor installed.

        A file in PYTHONPATH under the name of a module of Python's is no installed one.
        """
        file = getattr(spec, "origin", None)
        if not (isinstance(file, str) and os.path.isabs(file)):
            return False
        if _is_within(file, self._pythons):
            return False
        if _is_within(file, self._given):
            return PathFinder.find_spec(top, self._pythons) is not None
        return not _is_within(file, self._path)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a module that is in no package, for the thread that this is for."""
        if path is not None or get_ident() != self._thread:
            return None
        spec = BuiltinImporter.find_spec(name) or FrozenImporter.find_spec(name)
        if spec is None:
            spec = PathFinder.find_spec(name, self._path)
            self._loaded.add(name)
        if spec is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return spec

    def __exit__(self, *_: object) -> None:
        # A new list: another thread may be going along the old one, and would miss the next finder.
        sys.meta_path = [each for each in sys.meta_path if each is not self]
        taken = {*self._hidden, *filter(self._is_shadowed, self._loaded)}
        for name in list(sys.modules):
            if name.partition(".")[0] in taken:
                del sys.modules[name]
        sys.modules.update(self._hidden)

    def _is_shadowed(self, name: str) -> bool:
        """Whether the student's own import of a name would find a file of another place."""
        return self._is_students(name, PathFinder.find_spec(name))


def _module(name: str) -> Any:
    """A module of Python's own or an installed one; ImportError where there is none.

    What was asked for once is kept, so that a thread that asks again imports nothing.
    """
    if name not in _KEPT:
        with _Apart(name):
            __import__(name)
            _KEPT[name] = sys.modules[name]
    return _KEPT[name]
