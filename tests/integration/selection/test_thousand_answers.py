"""A thousand answers at once: seats are never over, nobody moves up twice, the end is a re-run."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chassis.access import EVERYTHING
from chassis.ids import new_id
from chassis.mongo.connection import Database
from chassis.mongo.documents import JobRow
from chassis.mongo.jobs import claim
from chassis.worker.jobber import JobLoop
from chassis.worker.timekeeper import TimerLoop
from contracts.event import Event
from contracts.registration import ApplicationWithdrawn
from contracts.selection import (
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferWithdrawn,
)
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.candidate import Candidate, Standing
from services.selection.domain.offer import OfferStatus
from services.selection.domain.run import Run
from services.selection.domain.scores import Scores
from services.selection.domain.snapshot import answers_of
from services.selection.storage.register import MongoRegister
from services.selection.wiring import _shelves
from tests.builders.selection import (
    CALL,
    COHORT,
    DAY,
    NOON,
    OTHER_COHORT,
    RUN,
    a_call,
    a_cohort,
    a_rule_set,
    a_shortlisted_screening,
    application_id,
)
from tests.integration.selection.scene import Scene, applicant, subject_id

pytestmark = pytest.mark.mongo

PEOPLE, SEATS, COMMANDS, AT_ONCE = 48, 8, 1000, 8
COHORTS = (COHORT, OTHER_COHORT)
CHANGES = (OfferMade, OfferAccepted, OfferDeclined, OfferExpired, OfferWithdrawn)


def _drawn(scene: Scene) -> Run:
    """A run of two cohorts whose first offers are out."""
    shelves = _shelves(scene.platform)
    rule_sets = [a_rule_set(cohort_id=c, quotas={"seats": SEATS}) for c in COHORTS]
    draw = random.Random(4)
    candidates = []
    for number in range(1, PEOPLE + 1):
        wanted = draw.sample(COHORTS, draw.choice((1, 2, 2)))
        screening = a_shortlisted_screening(
            application_id=application_id(number),
            subject_id=subject_id(number),
            preferences=tuple(wanted),
            cohort_id=wanted[0],
        )
        scores = [Standing(cohort_id=c, band=0, score_milli=draw.randrange(4)) for c in wanted]
        candidates.append(
            Candidate(
                application_id=screening.application_id,
                country_code="AZ",
                scores=Scores(review_milli=0, interview_milli=0),
                standings=tuple(scores),
            )
        )
        _save(
            scene, lambda screening=screening: shelves.screenings.save(screening, scope=EVERYTHING)
        )
    call = a_call(cohort_ids=COHORTS)
    run = Run.commit(run_id=RUN, call=call, secret="secret", public_value_name="v", now=NOON)
    closed = a_call(cohort_ids=COHORTS, closed_at=NOON + DAY)
    run.take_snapshot(call=closed, rule_sets=rule_sets, candidates=candidates)

    def save() -> None:
        for cohort_id, rule_set in zip(COHORTS, rule_sets, strict=True):
            shelves.cohorts.save(a_cohort(cohort_id=cohort_id), scope=EVERYTHING)
            shelves.rule_sets.save(rule_set, scope=EVERYTHING)
        shelves.runs.save(run, scope=EVERYTHING)

    _save(scene, save)
    scene.ok("POST", f"/runs/{RUN}/draw", {"public_value": "5 12 17"})
    scene.settle()
    return run


def _save(scene: Scene, work: Callable[[], None]) -> None:
    scene.platform.unit_of_work.run(work, command_id=new_id())


def _answer(scene: Scene, seed: int) -> int:
    """One command of somebody: to an offer that stands, or stood a moment ago."""
    draw = random.Random(seed)
    kind = draw.choices(("acceptance", "refusal", "leave", "expire"), (5, 3, 1, 1))[0]
    if kind == "expire":
        loop = TimerLoop(
            handlers=scene.parts.on_timer,
            clock=scene.platform.clock,
            unit_of_work=scene.platform.unit_of_work,
            wake=threading.Event(),
            stop=threading.Event(),
        )
        loop.fire_due()
        return 0
    if kind == "leave":
        number = draw.randint(1, PEOPLE)
        scene.hear(
            ApplicationWithdrawn(
                application_id=application_id(number),
                call_id=CALL,
                cohort_id=COHORT,
                subject_id=subject_id(number),
                country_code="AZ",
                withdrawn_at=NOON,
            )
        )
        return 0
    offers = sorted(MongoRegister().offers(RUN), key=lambda offer: offer.offer_id)
    standing = [o for o in offers if o.status is OfferStatus.MADE and draw.random() < 0.9]
    offer = draw.choice(standing or offers)
    number = int(offer.application_id[-12:])
    path = f"/offers/{offer.offer_id}/{kind}"
    return int(scene.ask("POST", path, actor=applicant(number)).status_code)


def _work(scene: Scene, stop: threading.Event) -> None:
    """Do jobs as a worker does, until told to stop and nothing is left."""
    loop = JobLoop(
        handlers=scene.parts.on_job,
        unit_of_work=scene.platform.unit_of_work,
        wake=threading.Event(),
        stop=threading.Event(),
    )
    while True:
        job = claim(tuple(scene.parts.on_job))
        if job is not None:
            loop._do(job)
        elif stop.is_set() and JobRow.objects(status__ne="done").count() == 0:
            return
        else:
            time.sleep(0.02)


def _history(scene: Scene) -> list[Event]:
    rows = scene.platform.database.pymongo["outbox"].find({}).sort("ordinal", 1)
    wanted = {kind.event_type for kind in CHANGES}
    order = [row["event_type"] for row in rows if row["event_type"] in wanted]
    events = {kind.event_type: iter(scene.announced(kind)) for kind in CHANGES}
    return [next(events[type_]) for type_ in order]


@pytest.mark.timeout(900)
def test_a_thousand_answers_at_once(database: Database, tmp_path: Path) -> None:
    scene = Scene(database, tmp_path)
    _drawn(scene)
    stop = threading.Event()
    statuses: Counter[int] = Counter()
    with ThreadPoolExecutor(AT_ONCE + 2) as pool:
        workers = [pool.submit(_work, scene, stop) for _ in range(2)]
        for part in range(4):  # the clock moves between, so that some offers expire
            seeds = range(part * COMMANDS // 4, (part + 1) * COMMANDS // 4)
            statuses.update(pool.map(lambda seed: _answer(scene, seed), seeds))
            scene.now += 4 * DAY
        stop.set()
        for worker in workers:
            worker.result()
    scene.now -= 4 * DAY  # who has an offer now may still answer
    scene.settle()

    assert set(statuses) <= {0, 204, 404, 409, 422}, statuses
    assert statuses[204] >= 2 * SEATS

    live: dict[str, set[str]] = {cohort_id: set() for cohort_id in COHORTS}
    accepted: Counter[str] = Counter()
    for event in _history(scene):
        people = live[event.cohort_id]
        if isinstance(event, OfferMade):
            assert not any(event.application_id in at for at in live.values()), "promoted twice"
            people.add(event.application_id)
        elif isinstance(event, OfferAccepted):
            assert event.application_id in people
            accepted[event.application_id] += 1
        else:
            people.discard(event.application_id)
        assert len(people) <= SEATS, "seats are over"
    assert set(accepted.values()) <= {1}

    run = _shelves(scene.platform).runs.get(RUN, scope=EVERYTHING)
    register = MongoRegister()
    withdrawn = register.withdrawn(candidate.application_id for candidate in run.candidates)
    answers = answers_of(register.offers(RUN), withdrawn=withdrawn, closed_ids=frozenset())
    again = {a: c for a, c in allocate(run.market(answers)).assignment.items() if c is not None}
    assert {a: c for c, people in live.items() for a in people} == again
    assert run.round_number > 3
