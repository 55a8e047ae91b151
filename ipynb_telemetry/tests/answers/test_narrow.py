"""One student, and one cell of all students."""

from typing import Any

import pytest

from ipynb_telemetry.answers import student as student_module
from ipynb_telemetry.answers.student import read_only, read_position
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import BEGIN_MS, Story, ask, outline, two_exercises


def page(store: EventStore, **question: Any) -> dict[str, Any]:
    before = question.pop("before", None)
    position = None if before is None else read_position(before)
    details = {"student": "JOHN_DOE", "before": position, "only": question.pop("only", None)}
    found: dict[str, Any] = ask(store, "student", details=details, **question)
    return found


def test_a_student_page_by_page(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(student_module, "PAGE", 2)
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE").run(code="x = 1").test(passes=False).run("b").peek("text-2")
    Story(store, "SOMEBODY").run()
    shown: list[dict[str, Any]] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        found = page(store, at_s=60, before=before)
        shown = found["events"] + shown
        before, pages = found["before"], pages + 1
    assert pages == 3
    assert [event["event"] for event in shown] == [
        "cell_executed",
        "test_failed",
        "cell_executed",
        "solution_peek",
        "solution_closed",
    ]
    assert [event["title"] for event in shown] == ["Exercise 1"] * 2 + ["Exercise 2"] * 3
    assert shown[0]["properties"]["code"] == "x = 1"
    assert found["figures"]["runs"] == 2
    assert story.seq == len(shown)


def test_a_window_cuts_the_page_of_a_student(store: EventStore) -> None:
    Story(store, "JOHN_DOE").run().run().run()
    shown = page(store, at_s=60, since_ms=BEGIN_MS + 2000, until_ms=BEGIN_MS + 2000)["events"]
    assert [event["at_ms"] for event in shown] == [BEGIN_MS + 2000]


@pytest.mark.parametrize(
    ("only", "expected"),
    [
        ("runs", ["cell_executed"] * 2),
        ("errors", ["cell_executed"]),
        ("passes", ["test_passed"]),
        ("fails", ["test_failed"]),
        ("peeks", ["solution_peek"]),
        ("pastes", ["paste"]),
        ("leaves", ["blur", "focus"]),
    ],
)
def test_a_figure_of_a_student_has_its_events(
    store: EventStore, only: str, expected: list[str]
) -> None:
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE").run().run(error="'x'").test(passes=False).test(passes=True)
    story.peek("text").tell("paste", length=30, internal=False)
    story.tell("blur", reason="window").tell("focus", reason="window", away_ms=1000)
    shown = page(store, at_s=600, only=only)["events"]
    assert [event["event"] for event in shown] == expected


def test_a_figure_that_is_none_is_refused() -> None:
    assert read_only("errors") == "errors"
    with pytest.raises(ValueError, match="not a figure"):
        read_only("1) OR (1")


@pytest.mark.parametrize("text", ["", "1", "a-b", "-1-2", "1--2", f"1-{2**70}"])
def test_a_position_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words are Python's own
        read_position(text)


def test_equal_results_of_a_cell_stand_together(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "FIRST").run(output="1").run(output="42", code="a")
    Story(store, "SECOND").run(output="42", code="b")
    Story(store, "THIRD").run(error="'total'")
    Story(store, "FOURTH").run(error="'sum'")
    Story(store, "FIFTH").run(error="'x'")
    Story(store, "SILENT").run()
    for details in (
        {"notebook": "D1", "cell": "a", "exercise": None},
        {"notebook": "D1", "cell": None, "exercise": "one"},
    ):
        result = ask(store, "cell", at_s=60, notebooks=("D1",), details=details)
        assert result["cell"] == "a"
        assert [
            (group["what"], group["text"], [each["student"] for each in group["students"]])
            for group in result["groups"]
        ] == [
            ("error", "KeyError: 'total'", ["THIRD", "FOURTH", "FIFTH"]),
            ("output", "42", ["SECOND", "FIRST"]),
            ("nothing", "", ["SILENT"]),
        ]
