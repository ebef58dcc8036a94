"""Our count of any timetable, good or bad, against the validator that comes with the instances."""

from __future__ import annotations

import importlib.util
import random

import pytest

from services.scheduling.domain.timetabling.check import check
from services.scheduling.domain.timetabling.reading import read_instance
from services.scheduling.domain.timetabling.solution import read_solution
from tests.architecture.tree import ROOT

VALIDATOR = ROOT.parent / "shared/bench/timetabling/validator.py"


@pytest.fixture(scope="module")
def validator():
    if not VALIDATOR.exists():
        pytest.skip("no validator beside the checkout: ../shared/bench/timetabling/validator.py")
    spec = importlib.util.spec_from_file_location("validator", VALIDATOR)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def a_file(chance):
    """A small problem as text: headers in any order, any white space, letters of Latin-1."""
    courses, rooms, curricula = chance.randint(1, 12), chance.randint(1, 4), chance.randint(0, 6)
    days, per_day, extended = chance.randint(1, 6), chance.randint(1, 7), chance.random() < 0.5

    def line(*words):
        return chance.choice((" ", "\t", "  ", " \t ")).join(map(str, words))

    header = [
        line("Name:", "Tést"), line("Courses:", courses), line("Rooms:", rooms),
        line("Days:", days), line("Periods_per_day:", per_day), line("Curricula:", curricula),
    ]  # fmt: skip
    header += [line("Min_Max_Daily_Lectures:", 2, 4)] if extended else [line("Constraints:", 3)]
    chance.shuffle(header)
    names = [f"c{number}é" for number in range(courses)]
    more = (1,) if extended else ()
    body = ["COURSES:"]
    body += [line(name, f"t{chance.randint(0, 5)}", chance.randint(0, 5), chance.randint(0, 5),
                  chance.randint(0, 99), *more) for name in names]  # fmt: skip
    body += ["ROOMS:"]
    body += [line(f"r{number}", chance.randint(0, 99), *more) for number in range(rooms)]
    body += ["", "CURRICULA:"]
    for number in range(curricula):
        members = chance.sample(names, chance.randint(1, min(courses, 4)))
        body.append(line(f"q{number}", len(members), *members))
    body += ["UNAVAILABILITY_CONSTRAINTS:"]
    body += [line(chance.choice(names), chance.randrange(days), chance.randrange(per_day))
             for _ in range(6)]  # fmt: skip
    body += ["ROOM_CONSTRAINTS:", line(names[0], "r0")] if extended else []
    return chance.choice(("\n", "\r\n")).join([*header, *body, "", "END."]).encode("latin-1")


def a_solution(instance, chance):
    """Lectures anywhere; sometimes one too many, too few or twice the same."""
    lines = []
    for course in instance.courses:
        rooms = [chance.choice(instance.rooms)] * 3 + list(instance.rooms)
        for _ in range(course.lecture_count + chance.choice((0, 0, 0, 1, -1))):
            day, period = (
                chance.randrange(instance.day_count),
                chance.randrange(instance.periods_per_day),
            )
            lines.append(f"{course.course_id} {chance.choice(rooms).room_id} {day} {period}")
    lines += lines[: chance.randint(0, 1)]
    return "\n".join(lines).encode("latin-1")


@pytest.mark.parametrize("first", [0, 50, 100, 150])
def test_any_timetable_is_counted_as_the_validator_counts_it(validator, tmp_path, first):
    for seed in range(first, first + 50):
        chance = random.Random(seed)
        problem, solution = tmp_path / "problem.ctt", tmp_path / "solution"
        problem.write_bytes(a_file(chance))
        ours = read_instance(problem.read_bytes())
        solution.write_bytes(a_solution(ours, chance))
        theirs = validator.read_instance(str(problem))

        rows, refused = validator.read_solution(str(solution), theirs)
        told = validator.evaluate(theirs, rows, refused)
        counted = check(ours, read_solution(solution.read_bytes(), ours))

        assert told["hard"] == {"format": 0} | {
            code: count for code, count in counted.hard.items() if code != "room_availability"
        }
        assert (told["soft"], told["cost"]) == (counted.soft, counted.cost)
