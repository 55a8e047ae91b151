"""Each answer in one sentence."""

from __future__ import annotations

from .answerrows import Row, minutes


def needs(result: Row) -> str:
    """Say how many are here, and how many have a signal."""
    return (
        f"{result['here']} of {result['expected']} here, {result['not_started']} not started;"
        f" {len(result['rows'])} with a signal"
    )


def progress(result: Row) -> str:
    """Say how many exercises are solved."""
    students = result["students"]
    count = sum(exercise["is_tested"] for exercise in result["exercises"])
    solved = sum(row["solved"] for row in students)
    return f"{solved} of {len(students) * count} solved, {len(students)} students"


def frontier(result: Row) -> str:
    """Say where the class is."""
    place = result["place"]
    middle = "" if place is None else f"; median {place['median']:g} solved"
    return f"{result['done']} done, {result['not_started']} not started{middle}"


def errors(result: Row) -> str:
    """Say how many causes there are, and how many students are stuck."""
    stuck = {student for row in result["rows"] for student in row["stuck"]}
    return f"{len(result['rows'])} causes; {len(stuck)} students still stuck"


def exercises(result: Row) -> str:
    """Say how many exercises there are, and which of them are known too little."""
    few = sum(row["is_too_few"] for row in result["rows"])
    line = f"{len(result['rows'])} exercises"
    return f"{line}; of {few} too few students tried to say more" if few else line


def time(result: Row) -> str:
    """Say the class's median, and which pauses count as work."""
    active = result["active"]
    middle = "" if active is None else f"median {minutes(active['median'])} min a student; "
    return (
        f"{middle}a pause counts up to {result['idle_cap_ms'] // 1000} s,"
        f" where estimated up to {result['pause_cap_ms'] // 1000} s"
    )


def peeks(result: Row) -> str:
    """Say how many solutions were opened."""
    before = sum(row["when"] == "before" for row in result["peeks"])
    return f"{len(result['peeks'])} solutions opened, {before} before any run"


def engagement(result: Row) -> str:
    """Say how many students were there."""
    most = max((slot["present"] for slot in result["slots"]), default=0)
    return f"{len(result['students'])} students, at most {most} present in five minutes"


def audit(result: Row) -> str:
    """Give the sentence that the server has said."""
    return str(result["line"])


def claims(result: Row) -> str:
    """Say how many names and computers there were."""
    if not result["senders"]:
        return "no computer told an id of its own: only a class collector is told"
    kinds = [row["claim"] for row in result["rows"]]
    return (
        f"{result['students']} names from {result['senders']} computers;"
        f" {kinds.count('one_name')} names from several,"
        f" {kinds.count('one_sender')} computers with several"
    )


def people(result: Row) -> str:
    """Say how many statements are in force."""
    undone = sum(row["undone_ms"] is not None for row in result["rows"])
    return f"{len(result['rows']) - undone} statements of who is whom in force, {undone} undone"
