"""A whole class in a lesson: every event of it, in the order in which they arrive."""

from __future__ import annotations

import random
from typing import NamedTuple

from .desk import Desk
from .lesson import Lesson
from .network import on_the_way
from .people import Part, Student, people
from .session import Played, Session
from .story import Story
from .temperament import temperament
from .trials import Trials


class Plan(NamedTuple):
    """How a class is to be.

    Attributes:
        students: how many are in it.
        minutes: how long the lesson takes.
        seed: the same seed gives the same class.
        begins_ms: when the lesson begins, in milliseconds since 1970.
    """

    students: int
    minutes: float
    seed: int
    begins_ms: int


def class_events(lesson: Lesson, trials: Trials, plan: Plan) -> list[Played]:
    """Give the events of a simulated class in a lesson, in the order of their arrival.

    But for uuids, session ids and times, which `begins_ms` moves, the events are the same for the
    same lesson, trials, and plan.
    """
    events = [
        event
        for number, student in enumerate(people(plan.students, plan.seed))
        if student.part is not Part.ABSENT
        for event in _student_events(lesson, trials, plan, student, number)
    ]
    return sorted(events, key=lambda each: each.arrives_ms)


def _student_events(
    lesson: Lesson, trials: Trials, plan: Plan, student: Student, number: int
) -> list[Played]:
    lesson_s = plan.minutes * 60
    chance = random.Random(f"student {plan.seed} {number}")
    session = Session(student.id, lesson.notebook, plan.begins_ms, f"{plan.seed} {number}")
    temper = temperament(chance, student.part, lesson_s)
    desk = Desk(session, lesson, trials, chance)
    Story(desk, lesson, trials, temper, student.part, lesson_s, chance).tell()
    loss_uuid = session.uuid7(plan.begins_ms + round(session.at_s * 1000))
    return on_the_way(session.events, student.part, round(lesson_s * 1000), loss_uuid)
