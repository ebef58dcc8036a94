"""An instance as a ``.ctt`` file."""

from __future__ import annotations

from collections.abc import Iterator

from services.scheduling.domain.timetabling.instance import Instance


def write_instance(instance: Instance) -> bytes:
    """The file; what no file can say (closed rooms) is left out."""
    return ("\n".join(_lines(instance)) + "\n").encode("latin-1")


def _lines(instance: Instance) -> Iterator[str]:
    yield f"Name: {instance.name}"
    yield f"Courses: {len(instance.courses)}"
    yield f"Rooms: {len(instance.rooms)}"
    yield f"Days: {instance.day_count}"
    yield f"Periods_per_day: {instance.periods_per_day}"
    yield f"Curricula: {len(instance.curricula)}"
    yield f"Constraints: {len(instance.unavailable)}"
    yield "\nCOURSES:"
    for each in instance.courses:
        asked = f"{each.lecture_count} {each.min_days} {each.student_count}"
        yield f"{each.course_id} {each.teacher_id} {asked}"
    yield "\nROOMS:"
    for room in instance.rooms:
        yield f"{room.room_id} {room.seat_count}"
    yield "\nCURRICULA:"
    for curriculum in instance.curricula:
        members = [instance.courses[course].course_id for course in curriculum.courses]
        yield " ".join([curriculum.curriculum_id, str(len(members)), *members])
    yield "\nUNAVAILABILITY_CONSTRAINTS:"
    for course, period in sorted(instance.unavailable):
        day, rest = divmod(period, instance.periods_per_day)
        yield f"{instance.courses[course].course_id} {day} {rest}"
    yield "\nEND."
