"""Random histories of one participant in one cohort, as plain rows, and random award rules."""

from __future__ import annotations

from random import Random

TRAININGS = ("int-1", "the-1", "the-2", "pra-1")
PART_OF = {"int-1": "int", "the-1": "the", "the-2": "the", "pra-1": "pra"}
MINUTES = (1, 30, 45, 60, 90, 100, 180)
STATUSES = ("present", "present", "present", "late", "left_early", "absent", "excused")


def a_rule(chance: Random) -> dict:
    """A rule that can be applied; small numbers, so that every limit is met and missed often."""
    kinds = ["completion", "participation"][: chance.choice((1, 2, 2))]
    return {
        "grades": [_grade(chance, kind) for kind in kinds],
        "excused": chance.choice(("as_absent", "as_present", "not_counted")),
        "refuses_unrecorded": chance.random() < 0.6,
    }


def _grade(chance: Random, kind: str) -> dict:
    while True:
        parts = [part for part in ("int", "the", "pra", "nul") if chance.random() < 0.25]
        grade = {
            "kind_code": kind,
            "overall": _hours(chance) if chance.random() < 0.7 else {},
            "parts": [{"part_code": part, "hours": _hours(chance)} for part in parts],
            "required_trainings": [
                {"training_code": code, "percent": chance.choice((1, 50, 67, 100))}
                for code in TRAININGS
                if chance.random() < 0.15
            ],
            "placement_minutes": chance.choice((None, None, 60, 480)),
        }
        asks = (grade["overall"], grade["parts"], grade["required_trainings"])
        if any(asks) or grade["placement_minutes"]:
            return grade


def _hours(chance: Random) -> dict:
    percent, minutes = chance.choice((1, 33, 50, 60, 80, 100)), chance.choice((1, 60, 120, 300))
    return chance.choice(
        (
            {"percent": percent},
            {"percent": percent},
            {"minutes": minutes},
            {"percent": percent, "minutes": minutes},
        )
    )


def a_history(chance: Random) -> list[dict]:
    """What became known, each row once, in the order in which it was stated.

    Rows: ``release`` (a whole timetable), ``timing`` (moved or cancelled), ``register``,
    ``entry`` (recorded or corrected), ``placement``, ``closed``. ``at`` is a clock that ticks.
    """
    rows: list[dict] = []
    sessions = [f"s{number}" for number in range(chance.randint(0, 6))]
    training_of = {session: chance.choice(TRAININGS) for session in sessions}
    long = {session: chance.choice(MINUTES) for session in sessions}
    for version in range(1, chance.choice((0, 1, 1, 2)) + 1):
        held = [session for session in sessions if chance.random() < 0.85]
        rows.append(
            {
                "row": "release",
                "version": version,
                "sessions": [(one, training_of[one], long[one], version) for one in held],
            }
        )
    rows += [
        {
            "row": "timing",
            "session": session,
            "sequence": 10 + chance.randint(0, 1),
            "minutes": chance.choice(MINUTES),
            "cancelled": chance.random() < 0.5,
        }
        for session in sessions
        if chance.random() < 0.15
    ]
    tick = 0
    for session in sessions:
        if chance.random() < 0.3:
            continue
        for correction in range(chance.choice((1, 1, 1, 2, 3))):
            tick += 1
            planned = long[session]
            register = {
                "session": session,
                "training": training_of[session],
                "minutes": planned,
                "at": tick,
            }
            rows.append({"row": "register", **register})
            if chance.random() < 0.9:
                status = chance.choice(STATUSES)
                rows.append(
                    {
                        "row": "entry",
                        "session": session,
                        "status": status,
                        "minutes": 0 if status == "absent" else chance.randint(0, planned + 5),
                        "at": tick,
                        "correction": correction > 0,
                    }
                )
    for number in range(chance.choice((0, 0, 1, 2))):
        for _ in range(chance.choice((1, 2))):
            tick += 1
            minutes = chance.choice((30, 240, 480))
            rows.append({"row": "placement", "id": f"v{number}", "minutes": minutes, "at": tick})
    if chance.random() < 0.4:
        rows.append({"row": "closed"})
    return rows


def delivered(rows: list[dict], chance: Random) -> list[dict]:
    """The same rows as a listener may get them: out of order, some of them again."""
    again = [row for row in rows if chance.random() < 0.3]
    shuffled = rows + again
    chance.shuffle(shuffled)
    return shuffled
