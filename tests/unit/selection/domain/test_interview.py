import pytest

from chassis.errors import RuleViolation
from contracts.selection import (
    InterviewBooked,
    InterviewMissed,
    InterviewMoved,
    InterviewScored,
)
from services.selection.domain.interview import Interview, InterviewStatus
from tests.builders.selection import (
    APPLICATION,
    COHORT,
    DAY,
    HOUR,
    NOON,
    REVIEWERS,
    SUBJECT,
    a_reviewed_screening,
    a_shortlisted_screening,
    a_slot,
    an_interview,
    some_rules,
)

RULES = some_rules()
LEFT, RIGHT, SPARE = REVIEWERS[2:5]
BEGUN = NOON + DAY
MARKS = {
    "interview_id": Interview.id_for(APPLICATION),
    "application_id": APPLICATION,
    "cohort_id": COHORT,
    "subject_id": SUBJECT,
    "country_code": "AZ",
}
GOOD = {"world_view": 70, "logical_thinking": 80, "foreign_languages": 100}


def _book(screening=None, **named):
    values = {"slot": a_slot(), "panelist_ids": (LEFT, RIGHT), "rules": RULES, "now": NOON}
    return Interview.book(screening or a_shortlisted_screening(), **{**values, **named})


def _refused(code, change, *arguments, **named):
    with pytest.raises(RuleViolation) as refused:
        change(*arguments, **named)
    assert refused.value.code == code


def test_booking_announces_the_slot():
    assert _book().recorded == [
        InterviewBooked(
            **MARKS,
            starts_at=BEGUN,
            ends_at=BEGUN + HOUR / 2,
            zone="Asia/Baku",
            mode="onsite",
            booked_at=NOON,
        )
    ]


def test_only_shortlisted_people_are_interviewed():  # R1
    _refused("interview.not_shortlisted", _book, a_reviewed_screening())


@pytest.mark.parametrize(
    "slot", [a_slot(starts_at=NOON - HOUR), a_slot(ends_at=BEGUN), a_slot(ends_at=NOON)]
)
def test_slot_lies_ahead_and_has_a_length(slot):  # R2
    _refused("interview.slot", _book, slot=slot)


@pytest.mark.parametrize("panel", [(LEFT,), (LEFT, LEFT), (LEFT, SUBJECT)])
def test_panel_is_large_enough_and_fit(panel):  # R3
    _refused("interview.panel", _book, panelist_ids=panel)


def test_panelist_with_a_conflict_is_replaced_before_stepping_back():  # R4
    interview = an_interview()
    _refused("interview.panel", interview.recuse, LEFT, conflict_code="relative", rules=RULES)
    interview.join(SPARE)
    interview.recuse(LEFT, conflict_code="relative", rules=RULES)
    _refused("interview.not_on_panel", interview.seal, LEFT, GOOD, RULES, now=BEGUN)
    for panelist in (RIGHT, SPARE):
        interview.seal(panelist, GOOD, RULES, now=BEGUN)
    assert interview.status is InterviewStatus.SCORED


def test_joining_panelist_is_new_and_not_the_applicant():  # R3
    for panelist in (LEFT, SUBJECT):
        _refused("interview.panel", an_interview().join, panelist)


def test_scores_wait_for_the_interview():  # R5
    _refused("interview.not_begun", an_interview().seal, LEFT, GOOD, RULES, now=BEGUN - HOUR)


def test_scores_are_sealed_once():  # R5
    interview = an_interview()
    interview.seal(LEFT, GOOD, RULES, now=BEGUN)
    _refused("interview.not_on_panel", interview.seal, LEFT, GOOD, RULES, now=BEGUN)


def test_panelists_see_each_other_only_when_all_are_sealed():  # R5
    interview = an_interview()
    interview.seal(LEFT, GOOD, RULES, now=BEGUN)
    assert interview.sheets_for(RIGHT)[0].reviewer_id == RIGHT
    interview.seal(RIGHT, GOOD, RULES, now=BEGUN)
    assert len(interview.sheets_for(RIGHT)) == 2


def test_last_scores_announce_without_saying_them():  # R6
    interview = an_interview()
    interview.seal(LEFT, GOOD, RULES, now=BEGUN)
    assert interview.recorded == []
    interview.seal(RIGHT, {**GOOD, "world_view": 71}, RULES, now=BEGUN)
    assert interview.recorded == [InterviewScored(**MARKS, scored_at=BEGUN)]
    assert interview.interview_milli == (85_000 + 85_300) // 2


def test_missed_only_after_it_began_and_before_scores():  # R7
    interview = an_interview()
    _refused("interview.not_begun", interview.miss, now=BEGUN - HOUR)
    interview.miss(now=BEGUN)
    assert interview.recorded == [InterviewMissed(**MARKS, missed_at=BEGUN)]
    scored = an_interview()
    scored.seal(LEFT, GOOD, RULES, now=BEGUN)
    _refused("interview.begun", scored.miss, now=BEGUN)


def test_moving_announces_the_new_slot():
    interview = an_interview()
    later = a_slot(starts_at=BEGUN + DAY, ends_at=BEGUN + DAY + HOUR)
    interview.move(later, now=NOON)
    assert interview.recorded == [
        InterviewMoved(
            **MARKS,
            starts_at=BEGUN + DAY,
            ends_at=BEGUN + DAY + HOUR,
            zone="Asia/Baku",
            mode="onsite",
            moved_at=NOON,
        )
    ]


def test_nothing_moves_after_scores_or_the_end():
    interview = an_interview()
    interview.seal(LEFT, GOOD, RULES, now=BEGUN)
    later = a_slot(starts_at=BEGUN + DAY, ends_at=BEGUN + DAY + HOUR)
    _refused("interview.begun", interview.move, later, now=BEGUN)
    interview.seal(RIGHT, GOOD, RULES, now=BEGUN)
    _refused("interview.not_booked", interview.move, later, now=BEGUN)
    _refused("interview.not_booked", interview.cancel)


def test_erasure_cancels_what_is_booked():
    interview = an_interview()
    interview.erase()
    assert (interview.status, interview.subject_id) == (InterviewStatus.CANCELLED, None)
