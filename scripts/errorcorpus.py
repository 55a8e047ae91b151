"""Makes `ipynb_telemetry/tests/store/errors.json`: real errors, each with the cause that it has.

    .venv/bin/python scripts/errorcorpus.py KERNEL ...

A KERNEL is `ir`, for R with IRkernel, or the path of a Python with ipykernel. Each way of
`errorcauses` to bring an error about is run in a kernel of its own language, those of one cause in
different versions. Names, values and lines of the ways differ, so that two errors are one iff their
cause is. What an event says of an error is what the page makes of it: cleaned, and cut.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from errorcauses.cause import Cause
from errorcauses.julia import DOCUMENTED
from errorcauses.libraries import LIBRARIES
from errorcauses.parsing import PARSING
from errorcauses.rlanguage import R_CAUSES
from errorcauses.running import RUNNING, SETUP
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

from ipynb_telemetry.kernel.errors import _error

TARGET = Path(__file__).parents[1] / "ipynb_telemetry" / "tests" / "store" / "errors.json"
LANGUAGES = ("en", "de", "fr", "es", "it", "pt_BR", "pl", "ru", "ja", "ko", "zh_CN")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# As the kernel side tells the error of a test that failed.
_REPORTED = """
try:
{code}
except BaseException as error:
    from ipynb_telemetry.kernel import errors as _errors
    import json as _json
    print(_json.dumps([type(error).__name__, _errors._message(error), _errors._traceback(error)]))
"""


class Kernel:
    """A kernel that runs until the script ends."""

    def __init__(self, name: str, folder: str, **variables: str) -> None:
        """Start it, in a folder of its own."""
        argv = [name, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self._manager = KernelManager(kernel_name="ir" if name == "ir" else "python3")
        if name != "ir":
            self._manager._kernel_spec = KernelSpec(argv=argv, language="python")
        self._manager.start_kernel(env={**os.environ, **variables}, cwd=folder)
        self._client = self._manager.client()
        self._client.start_channels()
        self._client.wait_for_ready(timeout=120)

    def run(self, code: str) -> tuple[dict[str, Any], str]:
        """Give the reply to a cell, and what it printed."""
        printed = []

        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream" and message["content"]["name"] == "stdout":
                printed.append(message["content"]["text"])

        reply = self._client.execute_interactive(
            code, timeout=120, output_hook=hear, stop_on_error=False
        )
        return reply["content"], "".join(printed)

    def stop(self) -> None:
        """Stop it at once."""
        self._client.stop_channels()
        self._manager.shutdown_kernel(now=True)


def entry(cause: Cause, where: str, name: str, value: str, lines: Any) -> dict[str, str]:
    """Give an error as an event has it, and what it is of."""
    return {"cause": cause.name, "where": where, **_error(name, value, lines)} | {
        "traceback": _COLOURS.sub("", _error(name, value, lines)["traceback"])
    }


def python_errors(paths: list[str], folder: str) -> list[dict[str, str]]:
    """Run each way of a cause in another version, and one as the kernel side tells it."""
    kernels = [Kernel(path, folder) for path in paths]
    versions = []
    libraries = []
    for kernel in kernels:
        _, printed = kernel.run(
            "import sys, IPython, importlib.util as _u\n"
            "print('Python %d.%d' % sys.version_info[:2], 'IPython', IPython.__version__,"
            " bool(_u.find_spec('pandas')), sep='|')"
        )
        version, _, ipython, has_pandas = printed.strip().split("|")
        versions.append(f"{version}, IPython {ipython}")
        libraries.append(has_pandas == "True")
        kernel.run(SETUP)
    found = []
    for number, cause in enumerate((*RUNNING, *PARSING, *LIBRARIES)):
        needs_libraries = cause in LIBRARIES
        able = [index for index in range(len(kernels)) if not needs_libraries or libraries[index]]
        for turn, code in enumerate(cause.ways):
            index = able[(number + turn) % len(able)]
            reply, _ = kernels[index].run(code)
            if reply["status"] != "error":
                raise SystemExit(f"{cause.name}: no error in {versions[index]}: {code}")
            where = versions[index] + (", with pandas and NumPy" if needs_libraries else "")
            found.append(entry(cause, where, reply["ename"], reply["evalue"], reply["traceback"]))
        if cause in RUNNING:
            indented = "\n".join(f"    {line}" for line in cause.ways[0].splitlines())
            _, printed = kernels[-1].run(_REPORTED.format(code=indented))
            try:
                name, value, trace = json.loads(printed.splitlines()[-1])
            except (IndexError, ValueError):
                raise SystemExit(f"{cause.name}: no error is reported: {printed}") from None
            found.append(entry(cause, f"{versions[-1]}, as a failed test", name, value, trace))
    for kernel in kernels:
        kernel.stop()
    return found


def r_errors(folder: str) -> list[dict[str, str]]:
    """Run the ways of a cause in English, and its first one in each language."""
    found = []
    for language in LANGUAGES:
        kernel = Kernel("ir", folder, LANGUAGE=language, LC_ALL="C.UTF-8")
        _, version = kernel.run("cat(as.character(getRversion()))")
        for cause in R_CAUSES:
            for code in cause.ways if language == "en" else cause.ways[:1]:
                reply, _ = kernel.run(code)
                if reply["status"] != "error":
                    raise SystemExit(f"{cause.name}: no error in R: {code}")
                where = f"R {version}, IRkernel, {language}"
                found.append(
                    entry(cause, where, reply["ename"], reply["evalue"], reply["traceback"])
                )
        kernel.stop()
    return found


def main(names: list[str]) -> None:
    """Write the file."""
    found: list[dict[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        found += python_errors([name for name in names if name != "ir"], folder)
        if "ir" in names:
            found += r_errors(folder)
    for cause, where, name, value in DOCUMENTED:
        found.append(entry(Cause(cause, ()), where, name, value, value))
    TARGET.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(f"{len(found)} errors of {len({each['cause'] for each in found})} causes")


if __name__ == "__main__":
    main(sys.argv[1:])
