"""Rows of a history given to the award engine, one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.certification.domain.awarding.facts import (
    Attendance,
    Attended,
    Evidence,
    Placed,
    PlacementDone,
    Plan,
    Registered,
    Timed,
)
from services.certification.domain.awarding.terms import (
    AwardTerms,
    ExcusedPolicy,
    Grade,
    HoursMinimum,
    Kind,
    PartMinimum,
    RequiredTraining,
)
from services.certification.domain.awarding.verdict import GradeVerdict, Verdict
from tests.properties.certification.histories import PART_OF

_BEGIN = datetime(2027, 1, 9, tzinfo=UTC)


def terms_of(rule: dict) -> AwardTerms:
    """A rule as the engine takes it."""
    return AwardTerms(
        grades=tuple(_grade(grade) for grade in rule["grades"]),
        excused=ExcusedPolicy(rule["excused"]),
        refuses_unrecorded=rule["refuses_unrecorded"],
    )


def _grade(grade: dict) -> Grade:
    return Grade(
        kind_code=Kind(grade["kind_code"]),
        overall=HoursMinimum(**grade["overall"]),
        parts=tuple(
            PartMinimum(part_code=part["part_code"], hours=HoursMinimum(**part["hours"]))
            for part in grade["parts"]
        ),
        required_trainings=tuple(RequiredTraining(**one) for one in grade["required_trainings"]),
        placement_minutes=grade["placement_minutes"],
    )


def heard(rows: list[dict]) -> tuple[Plan, Evidence]:
    """What the engine knows after hearing the rows in this order."""
    plan, evidence = Plan(), Evidence()
    for row in rows:
        match row["row"]:
            case "release":
                plan = plan.with_release(row["version"], _placed(row), _timed(row))
            case "timing":
                plan = plan.with_timing(
                    Timed(
                        session_id=row["session"],
                        calendar_sequence=row["sequence"],
                        planned_minutes=row["minutes"],
                        is_cancelled=row["cancelled"],
                    )
                )
            case "register":
                plan = plan.with_register(
                    Registered(
                        session_id=row["session"],
                        training_code=row["training"],
                        part_code=PART_OF[row["training"]],
                        planned_minutes=row["minutes"],
                        as_of=_at(row),
                    )
                )
            case "entry":
                evidence = evidence.with_attendance(
                    Attended(
                        session_id=row["session"],
                        status_code=Attendance(row["status"]),
                        minutes_present=row["minutes"],
                        as_of=_at(row),
                        is_correction=row["correction"],
                    )
                )
            case "placement":
                evidence = evidence.with_placement(
                    PlacementDone(placement_id=row["id"], minutes=row["minutes"], as_of=_at(row))
                )
            case "closed":
                plan = replace(plan, is_closed=True)
    return plan, evidence


def plain(verdict: Verdict) -> dict:
    """A verdict in the oracle's form."""
    return {
        "standing": verdict.standing,
        "kind": verdict.kind_code,
        "grades": [(g.standing, g.kind_code, items(g)) for g in verdict.grades],
    }


def items(grade: GradeVerdict) -> list[tuple]:
    """What is missing in the oracle's form."""
    return [
        (item.code, item.minutes, item.is_reachable, item.session_ids) for item in grade.missing
    ]


def _placed(row: dict) -> list[Placed]:
    return [
        Placed(
            session_id=session,
            training_code=training,
            part_code=PART_OF[training],
            release_version=row["version"],
        )
        for session, training, _, _ in row["sessions"]
    ]


def _timed(row: dict) -> list[Timed]:
    return [
        Timed(session_id=session, calendar_sequence=sequence, planned_minutes=minutes)
        for session, _, minutes, sequence in row["sessions"]
    ]


def _at(row: dict) -> datetime:
    return _BEGIN + timedelta(minutes=row["at"])
