"""YAML that is changed in place, and how much of it stays as it is."""

from __future__ import annotations

import pytest
import yaml

from ipynb_telemetry.notebooks.yamltext import YamlText, YamlTextError

FLAG = {"enabled": True, "notebook": "D1"}

CHANGED = {
    "between sorted keys": (
        "a: 1\nz: 2\n",
        "a: 1\nipynb_telemetry:\n  enabled: true\n  notebook: D1\nz: 2\n",
    ),
    "behind keys that are not sorted": (
        "z: 2  # last\na: 1  # first\n# end\n",
        "z: 2  # last\na: 1  # first\nipynb_telemetry:\n  enabled: true\n  notebook: D1\n# end\n",
    ),
    "over several lines, whose neighbours' comments stay": (
        "ipynb_telemetry:\n    enabled: 'yes'\n# about z\nz: |\n  text\n\n",
        "ipynb_telemetry:\n  enabled: true\n  notebook: D1\n# about z\nz: |\n  text\n\n",
    ),
    "in place of nothing": (
        "ipynb_telemetry:\nz: 1\n",
        "ipynb_telemetry:\n  enabled: true\n  notebook: D1\nz: 1\n",
    ),
    "in braces": (
        "{a: 1, b: {c: 2}}\n",
        "{a: 1, b: {c: 2}, ipynb_telemetry: {enabled: true, notebook: D1}}\n",
    ),
    "in empty braces": ("{}\n", "{ipynb_telemetry: {enabled: true, notebook: D1}}\n"),
    "behind a text of several lines": (
        "a: |\n  one\n\n  two\n",
        "a: |\n  one\n\n  two\nipynb_telemetry:\n  enabled: true\n  notebook: D1\n",
    ),
    "behind a folded text": (
        "b: one\n  two\na: >-\n  three\n",
        "b: one\n  two\na: >-\n  three\nipynb_telemetry:\n  enabled: true\n  notebook: D1\n",
    ),
}


@pytest.mark.parametrize(("text", "changed"), CHANGED.values(), ids=CHANGED.keys())
def test_a_member_is_set_and_the_rest_keeps_its_bytes(text: str, changed: str) -> None:
    yaml_text = YamlText(text)
    yaml_text.set(["ipynb_telemetry"], FLAG)
    assert yaml_text.text == changed
    assert (
        yaml.safe_load(changed)["ipynb_telemetry"] == FLAG == yaml_text.document["ipynb_telemetry"]
    )


def test_a_member_of_a_member_is_set_or_made() -> None:
    yaml_text = YamlText("jupyter:\n  jupytext:\n    formats: ipynb,py\n  kernelspec: {name: k}\n")
    yaml_text.set(["jupyter", "jupytext", "notebook_metadata_filter"], "a,b")
    yaml_text.set(["jupyter", "ipynb_telemetry", "enabled"], False)
    yaml_text.set(["jupyter", "kernelspec", "name"], "new")
    assert yaml_text.text == (
        "jupyter:\n  ipynb_telemetry:\n    enabled: false\n  jupytext:\n    formats: ipynb,py\n"
        "    notebook_metadata_filter: a,b\n  kernelspec: {name: new}\n"
    )


@pytest.mark.parametrize(
    "value", ["yes", "1e3", "2024-01-01", "a: b", "# c", "Ü ü", "'", "x" * 200, "a " * 90, "- a"]
)
def test_a_value_is_read_as_it_was_meant(value: str) -> None:
    yaml_text = YamlText("a: 1\n")
    yaml_text.set(["id"], value)
    assert yaml.safe_load(yaml_text.text) == {"a": 1, "id": value}
    assert yaml_text.text.count("\n") == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: &x [1]\nb: *x\n", "has an alias"),
        ("a: &x [*x]\n", "has an alias"),
        ("a: [1\n", "is not YAML"),
        ("- 1\n", "is no mapping"),
        ("", "is no mapping"),
        ("a: !!python/object:os.system 1\n", "is not YAML"),
        ("a: " + "[" * 5000 + "\n", "is not YAML"),
        ("a: \x07\n", "is not YAML"),
        ("a: 2024-99-99\n", "is not YAML"),
        ("a: !!bool perhaps\n", "is not YAML: KeyError"),
        ("a: !!int ''\n", "is not YAML: IndexError"),
        ("a: !!timestamp now\n", "is not YAML: AttributeError"),
        (f"a: {':'.join('1' * 400)}.5\n", "is not YAML: OverflowError"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, reason: str) -> None:
    with pytest.raises(YamlTextError, match=reason):
        YamlText(text)


@pytest.mark.parametrize("text", ["a: 1\n--- \nb: 1\n", "ipynb_telemetry: 1\nipynb_telemetry: 2\n"])
def test_what_would_change_something_else_is_refused_or_means_the_last(text: str) -> None:
    try:
        yaml_text = YamlText(text)
        yaml_text.set(["ipynb_telemetry"], FLAG)
    except YamlTextError:
        return
    assert yaml.safe_load(yaml_text.text) == {"ipynb_telemetry": FLAG}
