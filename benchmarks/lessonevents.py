"""Prints what each of so many students does in a lesson: a line of JSON for each."""

from __future__ import annotations

import json
import random
import sys

from lesson import BEGIN, session

_ENVELOPE = ("student_id", "notebook", "session_id", "seq", "$lib", "$lib_version")


def main(students: int) -> None:
    """Print a list of events for each student."""
    chance = random.Random(12)
    for number in range(students):
        events = session(f"STUDENT_{number}", "D1", BEGIN, chance)
        told = [
            {
                "event": event.event,
                "properties": {
                    name: value
                    for name, value in json.loads(event.properties).items()
                    if name not in _ENVELOPE
                },
            }
            for event in events
        ]
        sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
