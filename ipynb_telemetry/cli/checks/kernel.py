"""Whether the kernel side runs in a real kernel."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from typing import IO, Any

from . import Finding

SUBJECT = "kernel"
TIMEOUT_S = 60
OLDEST = (3, 8)

# The text is run among the student's names, as the front end runs it.
_PROBE = """
import sys as _sys
print("python", *_sys.version_info[:2])
try:
    import comm as _comm
except ImportError:
    try:
        import ipykernel.comm as _comm
    except ImportError:
        print("no comm")

@tracked_test("doctor")
def _doctor(): pass
_doctor()
"""
_WORKS = "TEST PASSED: doctor"


def kernels(config: Any) -> Iterator[Finding]:
    """List the kernels, and try the default one.

    Args:
        config: of the server, which may name another default than python3.
    """
    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager

    specs = KernelSpecManager(config=config).get_all_specs()
    if not specs:
        yield Finding("bad", SUBJECT, "there is none", "Install one: pip install ipykernel")
        return
    default = config.get("MultiKernelManager", {}).get("default_kernel_name")
    default = config.get("MappingKernelManager", {}).get("default_kernel_name", default)
    name = default if default in specs else NATIVE_KERNEL_NAME
    languages = ", ".join(
        f"{known} ({specs[known]['spec'].get('language', '?')})" for known in sorted(specs)
    )
    yield Finding("ok", "kernels", languages)
    if name not in specs:
        yield Finding("note", SUBJECT, f"there is no {name}; none was tried")
    elif specs[name]["spec"].get("language", "").lower() != "python":
        yield Finding("note", SUBJECT, f"{name} is not Python: it has no tracked_test")
    else:
        yield _try(name)


def _try(name: str) -> Finding:
    # Words of a kernel about debuggers and the like would come before all findings.
    with tempfile.TemporaryFile() as said:
        return _try_quietly(name, said)


def _try_quietly(name: str, said: IO[bytes]) -> Finding:
    from jupyter_client.manager import start_new_kernel

    again = f"Look at what `jupyter console --kernel {name}` says."
    try:
        kernel, client = start_new_kernel(
            startup_timeout=TIMEOUT_S, kernel_name=name, stdout=said, stderr=said
        )
    except Exception as error:  # noqa: BLE001 - a kernel is anybody's program
        said.seek(0)
        last = said.read().decode(errors="replace").strip().rpartition("\n")[2]
        reason = f"{error} ({last})" if last else str(error)
        return Finding("bad", SUBJECT, f"{name} does not start: {reason}", again)
    printed: list[str] = []
    try:
        for code in ((files("ipynb_telemetry") / "bootstrap.py").read_text("utf-8"), _PROBE):
            reply = client.execute_interactive(
                code,
                store_history=False,
                timeout=TIMEOUT_S,
                output_hook=lambda message: _gather(message, printed),
            )["content"]
            if reply["status"] != "ok":
                reason = f"{reply.get('ename')}: {reply.get('evalue')}"
                return Finding("bad", SUBJECT, f"the kernel side fails in {name}: {reason}", again)
    except (TimeoutError, RuntimeError) as error:
        return Finding("bad", SUBJECT, f"{name} does not answer: {error}", again)
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    return _judge(name, "".join(printed), again)


def _judge(name: str, printed: str, again: str) -> Finding:
    lines = printed.splitlines()
    version = next(
        (tuple(map(int, line.split()[1:])) for line in lines if line.startswith("python ")), ()
    )
    shown = ".".join(map(str, version))
    if version < OLDEST:
        return Finding(
            "bad",
            SUBJECT,
            f"{name} is Python {shown}",
            "Give students a kernel with Python 3.8 or newer.",
        )
    if _WORKS not in lines:
        return Finding("bad", SUBJECT, f"a tracked test says nothing in {name}", again)
    if "no comm" in lines:
        return Finding(
            "bad",
            SUBJECT,
            f"{name} cannot speak with the page",
            "Install the package comm in the environment of that kernel.",
        )
    return Finding("ok", SUBJECT, f"the kernel side runs in {name} (Python {shown})")


def _gather(message: dict[str, Any], printed: list[str]) -> None:
    if message["msg_type"] == "stream":
        printed.append(message["content"]["text"])
    elif message["msg_type"] == "error":
        printed.append(json.dumps(message["content"]["ename"]))
