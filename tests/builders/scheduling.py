"""Builders of scheduling's aggregates and of the engine's problems."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.ids import derived_id
from services.scheduling.domain.cohort import SCHOOL_TERMS, Cohort
from services.scheduling.domain.curriculum import Curriculum, Part, Training
from services.scheduling.domain.delivery import Delivery
from services.scheduling.domain.register import Register
from services.scheduling.domain.session import Session
from services.scheduling.domain.solver.problem import (
    CohortTerms,
    LocalHours,
    Problem,
    RoomOffer,
    SessionNeed,
    TrainerOffer,
)
from services.scheduling.domain.timetable import Timetable, planned_sessions
from services.scheduling.domain.trainer import Trainer
from services.scheduling.domain.work_plan import WorkPlan, WorkPlanItem
from services.scheduling.domain.work_plan_period import period_of

NOON = datetime(2021, 1, 9, 12, tzinfo=UTC)
COHORT_ID = derived_id("cohort")


def an_id(*words: str) -> str:
    """A stable id for a test."""
    return derived_id(*words)


def a_training(code: str, part: str = "introduction", **changes: Any) -> Training:
    return replace(
        Training(
            training_code=code,
            part_code=part,
            titles={"en": code},
            minutes=120,
            trainer_kind_code="sms",
            delivery=Delivery.HYBRID,
        ),
        **changes,
    )


PARTS = tuple(
    Part(part_code=code, titles={"en": code}) for code in ("introduction", "theory", "practice")
)
TRAININGS = (
    a_training("int-01"),
    a_training("int-02"),
    a_training("the-01", "theory"),
    a_training("pra-01", "practice", delivery=Delivery.VISIT),
)


def a_curriculum(*, published: bool = False) -> Curriculum:
    curriculum = Curriculum(
        curriculum_id=an_id("curriculum"), cohort_id=COHORT_ID, country_code="AZ"
    )
    curriculum.revise(parts=PARTS, trainings=TRAININGS)
    if published:
        curriculum.publish(now=NOON)
        curriculum.recorded = []
    return curriculum


def a_cohort(**changes: Any) -> Cohort:
    wanted: dict[str, Any] = {
        "cohort_id": COHORT_ID,
        "country_code": "AZ",
        "country_codes": ("AZ",),
        "titles": {"en": "Migration School 3"},
        "starts_on": date(2021, 1, 9),
        "ends_on": date(2021, 7, 3),
        "zone": "Asia/Baku",
        "delivery": "hybrid",
        "language_code": "az",
        "seat_count": 24,
        "terms": SCHOOL_TERMS,
    }
    return Cohort(**{**wanted, **changes})


def a_trainer(name: str = "one", *, confirmed: bool = True, **changes: Any) -> Trainer:
    wanted: dict[str, Any] = {
        "trainer_id": an_id("trainer", name),
        "country_code": "AZ",
        "kind_code": "sms",
        "organisation_code": "sms",
        "language_codes": ("az",),
    }
    trainer = Trainer(**{**wanted, **changes})
    if confirmed:
        trainer.confirm(now=NOON)
        trainer.recorded = []
    return trainer


def a_timetable() -> Timetable:
    version = a_curriculum(published=True).at(1)
    ids = {each.training_code: an_id("session", each.training_code) for each in version.trainings}
    return Timetable(
        timetable_id=an_id("timetable"),
        cohort_id=COHORT_ID,
        country_code="AZ",
        curriculum_id=an_id("curriculum"),
        curriculum_version=1,
        sessions=planned_sessions(version, ids),
    )


def a_session(**changes: Any) -> Session:
    wanted: dict[str, Any] = {
        "session_id": an_id("session", "int-01"),
        "timetable_id": an_id("timetable"),
        "cohort_id": COHORT_ID,
        "country_code": "AZ",
        "training_code": "int-01",
        "part_code": "introduction",
        "titles": {"az": "Anlayışlar", "en": "Key concepts"},
        "zone": "Asia/Baku",
        "delivery": Delivery.HYBRID,
        "starts_at": NOON,
        "ends_at": NOON + timedelta(hours=2),
        "trainer_id": an_id("trainer", "one"),
        "changed_at": NOON,
        "room_code": "hall",
    }
    return Session(**{**wanted, **changes})


def a_register() -> Register:
    return Register(
        register_id=an_id("register"),
        session_id=an_id("session", "int-01"),
        cohort_id=COHORT_ID,
        country_code="AZ",
        training_code="int-01",
        part_code="introduction",
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=2),
    )


def a_row(number: str = "1.1", **changes: Any) -> WorkPlanItem:
    item = WorkPlanItem(
        item_no=number,
        direction={"en": "Normative base"},
        task={"en": "Trainings on the normative base"},
        methods=({"en": "Invite lawyers"},),
        responsible=({"en": "Service centre"},),
        when={"en": "current year"},
        period=period_of("current year", 2025),
        strategy_clauses=("2.3.1", "4.2.14"),
        expected_result={"en": "Better knowledge"},
    )
    return replace(item, **changes)


def a_work_plan(*items: WorkPlanItem) -> WorkPlan:
    return WorkPlan(
        workplan_id=an_id("plan"),
        country_code="AZ",
        year=2025,
        organisation={"en": "Service centre"},
        items=items or (a_row(),),
    )


def some_terms(cohort_id: str = "c", **changes: Any) -> CohortTerms:
    terms = CohortTerms(
        cohort_id=cohort_id,
        zone="Asia/Baku",
        starts_on=date(2021, 3, 1),
        ends_on=date(2021, 3, 31),
        weekdays=(1, 2, 3, 4, 5, 6),
        preferred_weekdays=(6,),
        start_minutes=(600, 780),
        closed_on=(date(2021, 3, 8), *(date(2021, 3, day) for day in range(20, 27))),
        avoided_on=(),
        hours=(
            LocalHours(
                country_code="AZ", zone="Asia/Baku", earliest_minute=540, latest_minute=1140
            ),
        ),
        sessions_per_day=2,
        seat_count=24,
        language_code="az",
    )
    return replace(terms, **changes)


def a_need(session_id: str, **changes: Any) -> SessionNeed:
    need = SessionNeed(
        session_id=session_id,
        cohort_id="c",
        training_code=session_id,
        part_rank=0,
        rank=0,
        minutes=120,
        delivery=Delivery.ONSITE,
        trainer_kind_code="sms",
    )
    return replace(need, **changes)


def a_problem(**changes: Any) -> Problem:
    """Four sessions in two parts, one trainer, one hall, four weeks."""
    problem = Problem(
        sessions=(
            a_need("a", rank=0),
            a_need("b", rank=1),
            a_need("c", part_rank=1, rank=2),
            a_need("d", part_rank=1, rank=3, delivery=Delivery.ONLINE),
        ),
        trainers=(TrainerOffer(trainer_id="t1", kind_code="sms", language_codes=("az",)),),
        rooms=(RoomOffer(room_code="hall", kind_code="hall", seat_count=30),),
        cohorts=(some_terms(),),
    )
    return replace(problem, **changes)
