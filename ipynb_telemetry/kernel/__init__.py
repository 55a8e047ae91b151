# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The kernel side in parts, from which scripts/bootstrap.py makes ipynb_telemetry/bootstrap.py.

A part imports names from parts before it and from the standard library, each at its head and under
its own name: in bootstrap.py all parts are one module. A module that hardly any call needs and that
a kernel may not have loaded is imported by the function that needs the module. Names that students
are not to have begin with `_`.
"""

PARTS = (
    "imports",
    "shared",
    "eventid",
    "events",
    "randomness",
    "secretmarks",
    "markedsecrets",
    "namedsecrets",
    "secrets",
    "text",
    "plain",
    "errors",
    "request",
    "whichcell",
    "notebookid",
    "student",
    "address",
    "destination",
    "outputs",
    "overhear",
    "frame",
    "run",
    "runs",
    "answer",
    "pace",
    "post",
    "spool",
    "sender",
    "delivery",
    "forks",
    "pages",
    "unheard",
    "leftbehind",
    "repeating",
    "send",
    "direct",
    "handover",
    "tracking",
    "handshake",
    "comms",
    "judging",
    "trial",
    "testwatch",
    "setup",
    "api",
    "install",
)
