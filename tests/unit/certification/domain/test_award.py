import pytest

from chassis.errors import RuleViolation
from contracts.certification import AwardReached, AwardUnreachable
from services.certification.domain.award import Award, AwardStatus
from services.certification.domain.awarding.facts import PlacementDone
from services.certification.domain.awarding.terms import Confirmation
from tests.builders.certification import (
    COHORT,
    NOON,
    PARTICIPANT,
    SUBJECT,
    a_plan,
    a_rule,
    an_award,
    attended,
    later,
    terms,
)


def a_held_award(**asked) -> Award:
    award = an_award()
    award.note_attendance(attended("s0"))
    award.assess(a_rule(terms(**asked)), a_plan(1, recorded=1), now=NOON)
    return award


def refusal(action, **arguments) -> str:
    with pytest.raises(RuleViolation) as refused:
        action(**arguments)
    return refused.value.code


def test_a_met_award_is_held_then_reached():  # R2
    award = a_held_award(hold_minutes=60)
    assert (award.status, award.hold_until) == (AwardStatus.HELD, later(hours=1))
    assert refusal(award.reach, now=later(minutes=59)) == "award.still_held"

    award.reach(now=later(hours=1))

    assert award.status is AwardStatus.REACHED
    assert award.recorded == [
        AwardReached(
            award_id=award.award_id,
            participant_id=PARTICIPANT,
            subject_id=SUBJECT,
            cohort_id=COHORT,
            country_code="AZ",
            kind_code="completion",
            rule_version=1,
            reached_at=later(hours=1),
        )
    ]
    assert refusal(award.reach, now=later(hours=2)) == "award.not_held"


def test_evidence_that_falls_short_in_the_hold_window_opens_the_award_again():  # R2
    award = a_held_award(hold_minutes=60)
    award.note_attendance(attended("s0", 10, is_correction=True))
    award.assess(a_rule(), a_plan(2, recorded=1, minutes=100), now=later(minutes=1))
    assert (award.status, award.hold_until) == (AwardStatus.UNREACHABLE, None)
    assert refusal(award.reach, now=later(hours=2)) == "award.not_held"


def test_a_second_assessment_does_not_lengthen_the_hold_window():
    award = a_held_award(hold_minutes=60)
    award.assess(a_rule(terms(hold_minutes=60)), a_plan(1, recorded=1), now=later(minutes=30))
    assert award.hold_until == later(hours=1)


def test_where_the_rule_asks_a_person_confirms_and_may_take_it_back():  # R3
    award = a_held_award(confirmation=Confirmation.OPERATOR)
    assert award.status is AwardStatus.ELIGIBLE
    rule = a_rule(terms(confirmation=Confirmation.OPERATOR))
    award.confirm(rule, now=NOON)
    assert award.status is AwardStatus.HELD
    award.take_back()
    assert award.status is AwardStatus.ELIGIBLE
    assert refusal(award.take_back) == "award.not_held"
    award.assess(rule, a_plan(1, recorded=1), now=NOON)
    assert award.status is AwardStatus.ELIGIBLE


def test_confirming_what_is_not_met_is_refused():  # R3
    assert refusal(an_award().confirm, rule=a_rule(), now=NOON) == "award.not_eligible"


def test_an_award_out_of_reach_is_told_once_with_what_is_missing():
    award = an_award()
    for _ in range(2):
        award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    assert award.recorded == [
        AwardUnreachable(
            award_id=award.award_id,
            participant_id=PARTICIPANT,
            subject_id=SUBJECT,
            cohort_id=COHORT,
            country_code="AZ",
            kind_code="completion",
            rule_version=1,
            missing_codes=("hours.overall",),
            decided_at=NOON,
        )
    ]


def test_a_reached_award_stays_reached_and_is_doubted_when_evidence_falls():  # R4
    award = a_held_award()
    award.reach(now=NOON)
    award.note_attendance(attended("s0", 0, is_correction=True))
    award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    assert (award.status, award.is_doubted) == (AwardStatus.REACHED, True)
    award.close(reason_code="left")
    assert award.status is AwardStatus.REACHED


def test_who_left_earns_nothing_more():  # R5
    award = a_held_award(hold_minutes=60)
    award.close(reason_code="own_wish")
    award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    assert (award.status, award.closed_reason_code) == (AwardStatus.CLOSED, "own_wish")
    assert refusal(award.reach, now=later(hours=2)) == "award.not_held"


def test_evidence_before_the_enrolment_is_kept_and_judged_after_it():  # R6
    award = an_award(enrolled=False)
    award.note_attendance(attended("s0"))
    award.note_placement(PlacementDone(placement_id="p", minutes=5, as_of=NOON))
    award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    assert award.status is AwardStatus.EXPECTED
    award.enrol(subject_id=SUBJECT, country_code="GE")
    award.assess(a_rule(), a_plan(1, recorded=1), now=NOON)
    assert (award.status, award.country_code) == (AwardStatus.HELD, "GE")


@pytest.mark.parametrize("has_rule", [True, False])
@pytest.mark.parametrize("status", list(AwardStatus))
def test_an_award_is_settled_when_nothing_can_be_lost(status, has_rule):
    award = an_award()
    award.status = status
    over = {AwardStatus.CLOSED, AwardStatus.UNREACHABLE}
    expected = status in over or (status is AwardStatus.OPEN and not has_rule)

    assert award.is_settled(has_rule=has_rule, awaits_successor=False) is expected
    award.certificate_count = 1
    reached = status is AwardStatus.REACHED
    assert award.is_settled(has_rule=has_rule, awaits_successor=True) is expected
    assert award.is_settled(has_rule=has_rule, awaits_successor=False) is (expected or reached)
    award.is_erased = True
    assert award.is_settled(has_rule=has_rule, awaits_successor=True)
