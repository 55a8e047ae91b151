# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""What a kernel of Colab has, as far as outputs call it: put into IPython's startup folder.

Colab itself cannot be run here. Names, signatures and errors are those of its public source,
google/colab/output/_js.py in googlecolab/colabtools.
"""

import json
import sys
import types
from typing import Any


def _colab() -> None:
    functions: dict[str, Any] = {}

    def register_callback(function_name: str, callback: Any) -> None:
        functions[function_name] = callback

    def _invoke_function(function_name: str, json_args: str, json_kwargs: str) -> Any:
        args, kwargs = json.loads(json_args), json.loads(json_kwargs)
        if function_name not in functions:
            raise ValueError(f"Function not found: {function_name}")
        return functions[function_name](*args, **kwargs)

    for name in ("google", "google.colab", "google.colab.output", "google.colab.output._js"):
        module = sys.modules[name] = types.ModuleType(name)
        above, _, last = name.rpartition(".")
        if above:
            setattr(sys.modules[above], last, module)
    vars(sys.modules["google.colab.output"])["register_callback"] = register_callback
    vars(sys.modules["google.colab.output._js"])["_invoke_function"] = _invoke_function


_colab()
