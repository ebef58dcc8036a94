"""From submitted forms to places, and every way a place becomes free again."""

import pytest

from chassis.errors import AlreadyExists, Forbidden, NotFound, RuleViolation, StaleVersion
from contracts.registration import ApplicationSubmitted, ApplicationWithdrawn
from contracts.selection import (
    OfferExpired,
    OfferMade,
    PlaceWaitlisted,
    RunCompleted,
    ScreeningShortlisted,
)
from services.selection.domain.allocation.plain import allocate
from services.selection.domain.candidate import Answers
from services.selection.domain.commands import (
    AcceptOffer,
    AssignReviewer,
    BookInterview,
    CommitRun,
    DeclineOffer,
    DraftRuleSet,
    DrawRun,
    DrawShortlist,
    FileAppeal,
    FreezeRuleSet,
    MakeOffer,
    RecordRound,
    ReviseRuleSet,
    SealInterviewScores,
    SealReview,
    SnapshotRun,
)
from services.selection.domain.interview import Interview
from services.selection.domain.offer import OfferStatus
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.run import RunStatus
from services.selection.domain.screening import Screening
from tests.builders.selection import (
    CALL,
    COHORT,
    DAY,
    GOOD_ANSWERS,
    NOON,
    REVIEWERS,
    RUN,
    a_call,
    a_cohort,
    a_document,
    a_rule_set,
    a_slot,
    application_id,
)
from tests.builders.selection_world import OPERATOR, World, a_person, a_reviewer


def subject_id(number):
    return f"00000000-0000-7000-9000-{number:012d}"


def _submitted(number):
    return ApplicationSubmitted(
        application_id=application_id(number),
        call_id=CALL,
        cohort_id=COHORT,
        subject_id=subject_id(number),
        country_code="AZ",
        preferences=(COHORT,),
        answers=GOOD_ANSWERS,
        language_code="az",
        submitted_at=NOON,
    )


@pytest.fixture
def world():
    """Five people applied, all were shortlisted and interviewed; the first is the best."""
    world = World()
    world.put(world.cohorts, a_cohort())
    world.put(world.calls, a_call())
    world.put(world.rule_sets, a_rule_set(shortlist={"places": 5}))
    world.handle(
        CommitRun(actor=OPERATOR, run_id=RUN, call_id=CALL, public_value_name="az-lottery-5")
    )
    for number in range(1, 6):
        world.hear(_submitted(number))
        _review(world, number, points=90 - number)
    call = world.calls.all()[0]
    call.close(closed_at=NOON + DAY)
    world.put(world.calls, call)
    world.handle(DrawShortlist(actor=OPERATOR, cohort_id=COHORT))
    world.run_jobs()
    for number in range(1, 6):
        _interview(world, number, points=90 - number)
    return world


def _review(world, number, *, points):
    screening_id = Screening.id_for(application_id(number))
    scores = {"motivation": points, "ideas": points}
    for reviewer in REVIEWERS[:2]:
        world.handle(
            AssignReviewer(actor=OPERATOR, screening_id=screening_id, reviewer_id=reviewer)
        )
        world.handle(
            SealReview(actor=a_reviewer(reviewer), screening_id=screening_id, points=scores)
        )


def _interview(world, number, *, points):
    interview_id = world.handle(
        BookInterview(
            actor=OPERATOR,
            application_id=application_id(number),
            slot=a_slot(starts_at=world.now, ends_at=world.now + DAY),
            panelist_ids=REVIEWERS[2:4],
        )
    )
    scores = {"world_view": points, "logical_thinking": points, "foreign_languages": 100}
    for panelist in REVIEWERS[2:4]:
        world.handle(
            SealInterviewScores(
                actor=a_reviewer(panelist), interview_id=interview_id, points=scores
            )
        )


@pytest.fixture
def drawn(world):
    """The same, allocated and published: one and two hold offers."""
    world.handle(SnapshotRun(actor=OPERATOR, run_id=RUN))
    world.handle(DrawRun(actor=OPERATOR, run_id=RUN, public_value="5 12 17"))
    world.run_jobs()
    return world


def _run(world):
    return world.runs.one(RUN)


def _open_offer(world, number):
    (offer,) = world.register.live_offers(application_id=application_id(number))
    return offer.offer_id


def _numbers(world, *statuses):
    return sorted(
        int(offer.application_id[-3:]) for offer in world.offers.all() if offer.status in statuses
    )


def test_best_are_offered_places_and_the_rest_waits(drawn):
    assert len(drawn.announced(ScreeningShortlisted)) == 5
    assert [(e.placed_count, e.waitlisted_count) for e in drawn.announced(RunCompleted)] == [(2, 3)]
    assert [e.subject_id for e in drawn.announced(OfferMade)] == [subject_id(1), subject_id(2)]
    assert [(e.subject_id, e.rank) for e in drawn.announced(PlaceWaitlisted)] == [
        (subject_id(3), 1),
        (subject_id(4), 2),
        (subject_id(5), 3),
    ]
    assert _run(drawn).status is RunStatus.PUBLISHED


def test_refused_place_goes_to_the_next_who_leaves_the_waiting_list(drawn):
    offer_id = _open_offer(drawn, 1)
    drawn.handle(DeclineOffer(actor=a_person(subject_id(1)), offer_id=offer_id))
    drawn.run_jobs()
    assert _numbers(drawn, OfferStatus.MADE) == [2, 3]
    waiting = {int(p.application_id[-3:]): (p.rank, p.ended_code) for p in drawn.places.all()}
    assert waiting == {3: (1, "placed"), 4: (1, None), 5: (2, None)}
    assert len(drawn.announced(PlaceWaitlisted)) == 3


def test_unanswered_offer_expires_and_the_place_moves_on(drawn):
    offer_id = _open_offer(drawn, 2)
    drawn.handle(AcceptOffer(actor=a_person(subject_id(2)), offer_id=offer_id))
    drawn.move_clock(NOON + 4 * DAY)
    assert [e.subject_id for e in drawn.announced(OfferExpired)] == [subject_id(1)]
    assert _numbers(drawn, OfferStatus.ACCEPTED) == [2]
    assert _numbers(drawn, OfferStatus.MADE) == [3]


def test_answered_offer_does_not_expire(drawn):
    for number in (1, 2):
        offer_id = _open_offer(drawn, number)
        drawn.handle(AcceptOffer(actor=a_person(subject_id(number)), offer_id=offer_id))
    assert drawn.due == {}
    drawn.move_clock(NOON + 30 * DAY)
    assert drawn.announced(OfferExpired) == []
    assert len(_run(drawn).rounds) == 1


def test_withdrawn_application_frees_its_place_and_leaves_the_list(drawn):
    for number in (1, 4):
        drawn.hear(
            ApplicationWithdrawn(
                application_id=application_id(number),
                call_id=CALL,
                cohort_id=COHORT,
                subject_id=subject_id(number),
                country_code="AZ",
                withdrawn_at=NOON,
            )
        )
        drawn.run_jobs()
    assert _numbers(drawn, OfferStatus.MADE) == [2, 3]
    ended = {int(p.application_id[-3:]): p.ended_code for p in drawn.places.all()}
    assert ended == {3: "placed", 4: "gone", 5: None}


def test_everybody_leaves_in_turn_until_nobody_is_left(drawn):
    for number in range(1, 6):
        offer_id = _open_offer(drawn, number)
        drawn.handle(DeclineOffer(actor=a_person(subject_id(number)), offer_id=offer_id))
        drawn.run_jobs()
        assert len(_numbers(drawn, OfferStatus.MADE)) == min(2, 5 - number)
    assert _numbers(drawn, OfferStatus.DECLINED) == [1, 2, 3, 4, 5]


def test_snapshot_waits_for_the_last_interview(world):
    interviews = world.interviews.rows
    missing = Interview.id_for(application_id(3))
    world.interviews.put_back({id_: row for id_, row in interviews.items() if id_ != missing})
    with pytest.raises(RuleViolation) as refused:
        world.handle(SnapshotRun(actor=OPERATOR, run_id=RUN))
    assert refused.value.code == "run.interviews_open"
    world.interviews.put_back(interviews)
    world.handle(SnapshotRun(actor=OPERATOR, run_id=RUN))


def test_nobody_answers_for_another(drawn):
    offer_id = _open_offer(drawn, 1)
    with pytest.raises(NotFound):
        drawn.handle(AcceptOffer(actor=a_person(subject_id(2)), offer_id=offer_id))


def test_offer_outside_the_round_is_refused(drawn):
    with pytest.raises(RuleViolation) as refused:
        drawn.handle(
            MakeOffer(
                actor=OPERATOR,
                run_id=RUN,
                round_number=1,
                application_id=application_id(5),
                cohort_id=COHORT,
            )
        )
    assert refused.value.code == "run.not_offering"


def test_round_computed_from_an_older_run_is_stale(drawn):
    answers = Answers(kept={})
    command = RecordRound(
        actor=OPERATOR,
        run_id=RUN,
        result=allocate(_run(drawn).market(answers)),
        answers=answers,
        cause_code="x",
        expected_version=_run(drawn).version - 1,
    )
    with pytest.raises(StaleVersion):
        drawn.handle(command)


def test_shortlist_is_drawn_once(world):
    with pytest.raises(AlreadyExists):
        world.handle(DrawShortlist(actor=OPERATOR, cohort_id=COHORT))


def test_rules_are_drafted_revised_and_frozen_by_command():
    world = World()
    world.put(world.cohorts, a_cohort())
    ruleset_id = world.handle(DraftRuleSet(actor=OPERATOR, cohort_id=COHORT, document=a_document()))
    assert ruleset_id == RuleSet.id_for(COHORT)
    world.handle(
        ReviseRuleSet(
            actor=OPERATOR,
            ruleset_id=ruleset_id,
            document=a_document(quotas={"seats": 9}),
            expected_version=1,
        )
    )
    world.handle(FreezeRuleSet(actor=OPERATOR, ruleset_id=ruleset_id))
    assert world.rule_sets.one(ruleset_id).rules.quota.seats == 9
    with pytest.raises(RuleViolation):
        world.handle(FreezeRuleSet(actor=OPERATOR, ruleset_id=ruleset_id))


def test_rules_for_an_unknown_cohort_are_refused():
    with pytest.raises(NotFound) as refused:
        World().handle(DraftRuleSet(actor=OPERATOR, cohort_id=COHORT, document=a_document()))
    assert refused.value.code == "cohort.not_found"


def test_only_the_applicant_appeals(drawn):
    command = {"appeal_id": RUN, "application_id": application_id(5), "ground_code": "procedure"}
    with pytest.raises(Forbidden):
        drawn.handle(FileAppeal(actor=OPERATOR, **command))
    drawn.handle(FileAppeal(actor=a_person(subject_id(5)), **command))
    assert drawn.appeals.one(RUN).first_deciders == REVIEWERS[:4]
