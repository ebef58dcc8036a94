"""A cohort's people are forgotten, except who is needed elsewhere; doors included."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chassis.access import EVERYTHING, Actor, Role, Scope
from chassis.errors import Unavailable
from services.registration.domain.cohort_erasure import CohortErasureStatus
from services.registration.domain.commands.cohort_erasures import RequestCohortErasure
from services.registration.domain.participant import Participant
from services.registration.handlers import scheduled
from services.registration.handlers.bound import job_handlers
from tests.builders.registration import (
    COHORT_ID,
    FOCAL_PERSON_ID,
    NOMINEE_ID,
    OPERATOR,
    OTHER_COHORT_ID,
    OTHER_NOMINEE_ID,
    SUBJECT_ID,
    a_call,
    a_cohort,
    a_focal_point,
    a_nomination,
    a_nominee,
    a_participant,
    a_subject,
    a_submitted_application,
)
from tests.builders.registration_api import Api
from tests.builders.registration_stage import Stage
from tests.fakes_ports import a_job

PATH = f"/cohorts/{COHORT_ID}/erasure"
REQUEST = RequestCohortErasure(actor=OPERATOR, cohort_id=COHORT_ID)
COORDINATOR = Actor(actor_id="c1", roles=frozenset({Role.COORDINATOR}))
AUDITOR = Actor(actor_id="a1", roles=frozenset({Role.AUDITOR}))


@pytest.fixture
def stage() -> Stage:
    """A cohort long over: who completed it, who only applied, a nominee, their focal point."""
    cohort = a_cohort()
    stage = Stage(cohort.ends_at + timedelta(days=30))
    cohort.complete(now=cohort.ends_at)
    stage.cohorts.save(cohort, scope=EVERYTHING)
    stage.calls.save(a_call(), scope=EVERYTHING)
    stage.focal_points.save(a_focal_point(), scope=EVERYTHING)
    for subject in (
        a_subject(),
        a_nominee(),
        a_nominee(OTHER_NOMINEE_ID),
        a_subject(FOCAL_PERSON_ID),
    ):
        stage.subjects.save(subject, scope=EVERYTHING)
    stage.applications.save(a_submitted_application(), scope=EVERYTHING)
    stage.nominations.save(a_nomination(confirmed=True), scope=EVERYTHING)
    completed(stage, NOMINEE_ID)
    return stage


def completed(stage: Stage, subject_id: str, cohort_id: str = COHORT_ID) -> str:
    """A participant who stayed to the end and whose certificate is settled."""
    participant = a_participant(subject_id)
    participant.cohort_id = cohort_id
    participant.participant_id = Participant.id_for(cohort_id=cohort_id, subject_id=subject_id)
    participant.complete(now=stage.now)
    stage.participants.save(participant, scope=EVERYTHING)
    stage.settled_ids.add(participant.participant_id)
    return participant.participant_id


def run(stage: Stage, round_no: int = 1) -> None:
    key = f"{COHORT_ID}.{round_no}"
    payload = stage.jobs.added[scheduled.COHORT_ERASURE, key]
    job = a_job(scheduled.COHORT_ERASURE, key, payload)
    completion = job_handlers(stage.shelves, handle=stage.handle)[scheduled.COHORT_ERASURE](job)
    assert completion is not None
    completion()


def going(stage: Stage) -> set[str]:
    return {erasure.subject_id for erasure in stage.erasures.all()}


def test_everybody_who_came_by_the_cohort_is_forgotten_once(stage: Stage) -> None:
    stage(REQUEST)
    stage(REQUEST)
    run(stage)
    run(stage)

    assert going(stage) == {SUBJECT_ID, NOMINEE_ID}
    assert {erasure.requested_by for erasure in stage.erasures.all()} == {OPERATOR.actor_id}
    assert {key for kind, key in stage.jobs.added if kind == scheduled.SUBJECT_ERASURE} == {
        SUBJECT_ID,
        NOMINEE_ID,
    }
    (erasure,) = stage.cohort_erasures.all()
    assert (erasure.status, erasure.round_no) == (CohortErasureStatus.DONE, 1)
    assert stage.noted == [(OPERATOR.actor_id, "cohort_erasure.requested", COHORT_ID)]


def test_who_is_needed_elsewhere_stays_until_asked_again(stage: Stage) -> None:
    other = a_cohort(cohort_id=OTHER_COHORT_ID)
    stage.cohorts.save(other, scope=EVERYTHING)
    completed(stage, SUBJECT_ID)
    elsewhere = completed(stage, SUBJECT_ID, OTHER_COHORT_ID)
    unsettled = completed(stage, OTHER_NOMINEE_ID)
    stage.settled_ids.remove(unsettled)
    stage(REQUEST)
    run(stage)
    assert going(stage) == {NOMINEE_ID}

    other = stage.cohorts.get(OTHER_COHORT_ID, scope=EVERYTHING)
    other.complete(now=other.ends_at)
    stage.cohorts.save(other, scope=EVERYTHING)
    stage(RequestCohortErasure(actor=OPERATOR, cohort_id=OTHER_COHORT_ID))
    stage.settled_ids.add(unsettled)
    stage.settled_ids.remove(elsewhere)
    stage(REQUEST)
    run(stage, 2)
    assert going(stage) == {NOMINEE_ID, OTHER_NOMINEE_ID}

    stage.settled_ids.add(elsewhere)
    stage(REQUEST)
    run(stage, 3)
    assert going(stage) == {NOMINEE_ID, OTHER_NOMINEE_ID, SUBJECT_ID}


def test_nobody_goes_while_certification_does_not_answer(stage: Stage) -> None:
    stage(REQUEST)
    stage.is_certification_away = True

    with pytest.raises(Unavailable):
        run(stage)

    assert NOMINEE_ID not in going(stage)
    (erasure,) = stage.cohort_erasures.all()
    assert erasure.status is CohortErasureStatus.REQUESTED


def test_a_job_cut_off_goes_on_behind_the_last_it_reported(stage: Stage) -> None:
    stage(REQUEST)
    key, reported = f"{COHORT_ID}.1", []
    work = job_handlers(stage.shelves, handle=stage.handle)[scheduled.COHORT_ERASURE]
    job = a_job(scheduled.COHORT_ERASURE, key, stage.jobs.added[scheduled.COHORT_ERASURE, key])
    first, last = sorted((NOMINEE_ID, SUBJECT_ID))

    work(replace(job, report=reported.append, progress={"after": first}))

    assert going(stage) == {last}
    assert reported == [{"after": last}]


def test_who_would_stay_is_shown_with_reasons_before_and_after(
    stage: Stage, tmp_path: Path
) -> None:
    api = Api(stage, tmp_path)
    stage.settled_ids.clear()
    assert api.ask("GET", PATH).json["code"] == "cohort_erasure.not_found"

    shown = api.ask("GET", f"{PATH}/people?limit=1", actor=AUDITOR).json
    rest = api.ask("GET", f"{PATH}/people?cursor={shown['next_cursor']}").json

    people = {one["subject_id"]: one["reasons"] for one in (*shown["items"], *rest["items"])}
    assert people == {SUBJECT_ID: [], NOMINEE_ID: ["certificate"]}
    assert rest["next_cursor"] is None
    abroad = replace(AUDITOR, scope=Scope(countries=frozenset({"AZ"})))
    theirs = api.ask("GET", f"{PATH}/people", actor=abroad).json["items"]
    assert [one["subject_id"] for one in theirs] == [SUBJECT_ID]
    for _ in range(2):
        assert api.ask("POST", PATH).status_code == 202
    assert api.ask("GET", PATH, actor=AUDITOR).json["status"] == "requested"
    run(stage)
    state = api.ask("GET", PATH).json
    assert (state["status"], state["requested_by"]) == ("done", OPERATOR.actor_id)
    assert [
        (one["subject_id"], one["is_going"])
        for one in sorted(api.ask("GET", f"{PATH}/people").json["items"], key=str)
    ] == sorted([(SUBJECT_ID, True), (NOMINEE_ID, False)])


def test_only_an_operator_orders_it_and_only_in_time(stage: Stage, tmp_path: Path) -> None:
    api = Api(stage, tmp_path)
    for actor in (COORDINATOR, AUDITOR):
        assert api.ask("POST", PATH, actor=actor).json["code"] == "access.role_missing"
    assert api.ask("GET", f"{PATH}/people", actor=COORDINATOR).status_code == 403

    stage.now -= timedelta(seconds=1)
    refused = api.ask("POST", PATH)

    assert (refused.status_code, refused.json["code"]) == (409, "cohort.kept")
    assert stage.jobs.added == {}
