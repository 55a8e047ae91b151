"""How far each student is with each exercise."""

from typing import Any

from ipynb_telemetry.answers.memory import Memory
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import BEGIN_MS, Story, ask, expect, outline, two_exercises


def states(store: EventStore, **question: object) -> dict[str, list[str | None]]:
    return {
        row["student"]: [cell and cell["state"] for cell in row["cells"]]
        for row in ask(store, "progress", **question)["students"]
    }


def test_every_state_of_an_exercise(store: EventStore) -> None:
    outline(store, two_exercises())
    expect(store, Member("NOBODY"))
    Story(store, "TRIED").run("a")
    Story(store, "FAILING").run("a").test(passes=False).run("b")
    Story(store, "PASSED").test(passes=False).test(passes=True).test(passes=False).peek()
    Story(store, "PEEKED").test(passes=False).peek().test(passes=True)
    Story(store, "LOOKING").peek()
    assert states(store) == {
        "NOBODY": [None, None],
        "FAILING": ["failing", "tried"],
        "LOOKING": [None, None],
        "PASSED": ["passed", None],
        "PEEKED": ["peeked", None],
        "TRIED": ["tried", None],
    }


def test_a_cell_tells_what_it_took(store: EventStore) -> None:
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE").run(active_ms=4000).test(passes=False, active_ms=9000)
    story.run(active_ms=10_000).test(passes=True, active_ms=12_000).test(passes=False)
    result = ask(store, "progress", at_s=60)
    (row,) = result["students"]
    cell = row["cells"][0]
    assert (cell["runs"], cell["tries"], cell["fails"]) == (2, 3, 1)
    assert cell["active_ms"] == 12_000
    assert (row["solved"], row["active_ms"]) == (1, 12_000)
    assert row["spark"][-1] == 5
    assert result["solved_share"] == [1.0, 0.0]
    assert [each["title"] for each in result["exercises"]] == ["Exercise 1", "Exercise 2"]
    assert result["exercises"][0]["cell_id"] == "a"


def test_an_exercise_of_two_tests_is_passed_with_both(store: EventStore) -> None:
    first, second = two_exercises()
    outline(store, [first._replace(tests=("one", "more")), second])
    story = Story(store, "JOHN_DOE").test("one", passes=True)
    assert states(store)["JOHN_DOE"] == ["tried", None]
    story.test("more", passes=False)
    assert states(store)["JOHN_DOE"] == ["failing", None]
    story.test("more", passes=True)
    assert states(store)["JOHN_DOE"] == ["passed", None]


def test_what_cannot_be_passed_is_not_counted_among_what_is_to_be_passed(
    store: EventStore,
) -> None:
    first, second = two_exercises()
    outline(store, [first, second._replace(tests=())])
    Story(store, "JOHN_DOE").test(passes=True).run("b")
    result = ask(store, "progress")
    assert [each["is_tested"] for each in result["exercises"]] == [True, False]
    assert result["solved_share"] == [1.0, None]
    (row,) = ask(store, "students")["rows"]
    assert (row["solved"], row["of"]) == (1, 1)


def test_staff_and_other_groups_are_left_out_of_every_figure(store: EventStore) -> None:
    outline(store, two_exercises())
    expect(
        store,
        Member("TEACHER", is_staff=True),
        Member("IN_A", group="A"),
        Member("IN_B", group="B"),
    )
    for student in ("TEACHER", "IN_A", "IN_B"):
        Story(store, student).test(passes=student != "IN_B")
    assert [*states(store)] == ["IN_A", "IN_B"]
    assert ask(store, "progress")["solved_share"] == [0.5, 0.0]
    assert ask(store, "progress", group="A")["solved_share"] == [1.0, 0.0]
    assert [*states(store, group="B")] == ["IN_B"]


def test_a_simulated_class_is_a_class_of_its_own(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "REAL").run()
    Story(store, "PLAYED", simulated=True).test(passes=True)
    assert [*states(store)] == ["REAL"]
    assert states(store, is_simulated=True) == {"PLAYED": ["passed", None]}


def test_without_an_outline_each_test_is_an_exercise_in_the_order_of_its_place(
    store: EventStore,
) -> None:
    for student in ("A", "B", "C"):
        story = Story(store, student).run("late", cell_index=8).test("last", passes=True)
        story.run("early", cell_index=2).run("check", cell_index=3).test("first", passes=False)
    # Who runs cells where nobody else does moves no exercise.
    Story(store, "D").run("late", cell_index=0).test("last", passes=True)
    result = ask(store, "progress")
    assert [each["exercise"] for each in result["exercises"]] == ["first", "last"]
    assert [each["cell_id"] for each in result["exercises"]] == ["early", "late"]
    assert states(store)["A"] == ["failing", "passed"]
    cell = result["students"][0]["cells"][0]
    assert (cell["runs"], cell["tries"]) == (2, 1)


def test_what_is_remembered_is_what_is_there(store: EventStore) -> None:
    memory = Memory()
    outline(store, two_exercises())

    def remembered() -> Any:
        return ask(store, "progress", memory=memory), ask(store, "errors", memory=memory)

    def anew() -> Any:
        return ask(store, "progress"), ask(store, "errors")

    story = Story(store, "JOHN_DOE").run(error="'a'")
    assert remembered() == anew()
    story.test(passes=True)
    Story(store, "ANN_LEE", notebook="D2").run()
    assert remembered() == anew()
    outline(store, two_exercises()[:1])
    assert remembered() == anew()
    expect(store, Member("JOHN_DOE", is_staff=True))
    assert remembered() == anew()
    assert ask(store, "progress", memory=memory, is_simulated=True)["students"] == []


def test_what_does_not_change_is_read_once(store: EventStore) -> None:
    memory = Memory()
    Story(store, "JOHN_DOE", notebook="D1").test(passes=True)
    live = Story(store, "ANN_LEE", notebook="D2").test(passes=True)
    ask(store, "progress", memory=memory)
    read: list[str] = []

    def count(statement: str) -> None:
        if "FROM item_state\nWHERE" in statement:
            read.append(statement)

    live.test(passes=True)
    store.database.use(lambda connection: connection.set_trace_callback(count))
    ask(store, "progress", memory=memory)
    assert len(read) == 1
    assert "notebook = 'D2'" in read[0]


def test_a_window_shows_the_class_as_it_was(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "JOHN_DOE").run().test(passes=False, after_s=60).test(passes=True, after_s=60)
    whole = states(store)["JOHN_DOE"]
    assert whole == ["passed", None]
    seen = [
        states(store, until_ms=BEGIN_MS + int(second * 1000), at_s=500).get("JOHN_DOE")
        for second in (0, 1, 61, 121)
    ]
    assert seen == [None, ["tried", None], ["failing", None], whole]
    after = states(store, since_ms=BEGIN_MS + 100_000, at_s=500)["JOHN_DOE"]
    assert after == ["passed", None]
    (row,) = ask(store, "progress", since_ms=BEGIN_MS + 100_000, at_s=500)["students"]
    assert row["cells"][0]["tries"] == 1
