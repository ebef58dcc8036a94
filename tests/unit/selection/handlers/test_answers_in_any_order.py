"""A thousand answers between the steps of the jobs: seats never over, nobody placed twice."""

import random

import pytest

from chassis.errors import RuleViolation
from contracts.registration import ApplicationWithdrawn
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.commands import (
    AcceptOffer,
    AskForRound,
    DeclineOffer,
    WithdrawOffer,
)
from services.selection.domain.offer import OfferStatus
from services.selection.domain.run import Run, RunStatus
from services.selection.domain.snapshot import answers_of
from tests.builders.selection import (
    CALL,
    COHORT,
    DAY,
    NOON,
    OTHER_COHORT,
    RUN,
    a_call,
    a_candidate,
    a_cohort,
    a_rule_set,
    a_shortlisted_screening,
    application_id,
)
from tests.builders.selection_world import LIVE, OPERATOR, World

SEATS = {COHORT: 6, OTHER_COHORT: 4}
PEOPLE = range(1, 31)


def _world(draw):
    world = World()
    rule_sets = [a_rule_set(cohort_id=c, quotas={"seats": s}) for c, s in SEATS.items()]
    call = a_call(cohort_ids=tuple(SEATS), closed_at=NOON + DAY)
    run = Run.commit(
        run_id=RUN,
        call=a_call(cohort_ids=tuple(SEATS)),
        secret="s",
        public_value_name="v",
        now=NOON,
    )
    candidates = []
    for number in PEOPLE:
        wanted = tuple(draw.sample(list(SEATS), draw.randint(1, 2)))
        candidates.append(a_candidate(number, score=draw.randint(0, 9) * 10_000, cohorts=wanted))
        screening = a_shortlisted_screening(
            application_id=application_id(number),
            subject_id=f"s{number}",
            preferences=wanted,
            cohort_id=wanted[0],
        )
        world.put(world.screenings, screening)
    run.take_snapshot(call=call, rule_sets=rule_sets, candidates=candidates)
    run.draw("v")
    world.put(world.cohorts, *(a_cohort(cohort_id=c) for c in SEATS))
    world.put(world.rule_sets, *rule_sets)
    world.put(world.calls, call)
    world.put(world.runs, run)
    world.handle(AskForRound(actor=OPERATOR, run_id=RUN, cause_id="draw"))
    return world


def _check_seats(world):
    live = [offer for offer in world.offers.all() if offer.status in LIVE]
    for cohort_id, seats in SEATS.items():
        assert sum(offer.cohort_id == cohort_id for offer in live) <= seats
    people = [offer.application_id for offer in live]
    assert len(people) == len(set(people)), "somebody holds two places"


def _somebody_answers(world, draw):
    _check_seats(world)
    live = list(world.offers.all())
    if not live or draw.random() < 0.5:
        return
    offer = draw.choice(live)
    answer = draw.choice(["accept", "accept", "decline", "withdraw", "leave", "expire"])
    try:
        if answer == "accept":
            world.handle(AcceptOffer(actor=OPERATOR, offer_id=offer.offer_id))
        elif answer == "decline":
            world.handle(DeclineOffer(actor=OPERATOR, offer_id=offer.offer_id))
        elif answer == "withdraw":
            code = "participant_left"
            world.handle(WithdrawOffer(actor=OPERATOR, offer_id=offer.offer_id, reason_code=code))
        elif answer == "leave":
            world.hear(_withdrawal(offer.application_id))
        else:
            return
    except RuleViolation as refused:
        assert refused.code == "offer.answered"
    _check_seats(world)


def _withdrawal(application):
    return ApplicationWithdrawn(
        application_id=application,
        call_id=CALL,
        cohort_id=COHORT,
        subject_id="s",
        country_code="AZ",
        withdrawn_at=NOON,
    )


@pytest.mark.parametrize("seed", range(10))
def test_seats_are_never_over_and_the_end_is_a_fresh_allocation(seed):
    draw = random.Random(seed)
    world = _world(draw)
    world.between_commands = lambda: _somebody_answers(world, draw)
    world.run_jobs(draw.randrange)
    for _ in range(15):
        _somebody_answers(world, draw)
        world.run_jobs(draw.randrange)
    world.between_commands = lambda: None
    world.move_clock(NOON + DAY)
    world.run_jobs()
    _check_the_end(world)


def _check_the_end(world):
    run = world.runs.one(RUN)
    assert run.status is RunStatus.PUBLISHED
    ids = [candidate.application_id for candidate in run.candidates]
    answers = answers_of(
        world.register.offers(RUN),
        withdrawn=world.register.withdrawn(ids),
        closed_ids=frozenset(),
    )
    fresh = allocate(run.market(answers)).assignment
    live = {o.application_id: o.cohort_id for o in world.offers.all() if o.status in LIVE}
    assert {a: c for a, c in fresh.items() if c is not None} == live
    waiting = {place.application_id for place in world.places.all() if place.ended_code is None}
    assert waiting == {a for a, cohort_id in fresh.items() if cohort_id is None}
    moved = [o for o in world.offers.all() if o.status is OfferStatus.WITHDRAWN]
    assert all(offer.reason_code for offer in moved)
