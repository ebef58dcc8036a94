import pytest

from chassis.errors import RuleViolation
from contracts.registration import CodedAnswer
from contracts.selection import ScreeningRejected, ScreeningShortlisted, ScreeningUndecided
from services.selection.domain.review import ReviewStatus
from services.selection.domain.screening import ScreeningStatus
from tests.builders.selection import (
    APPLICATION,
    COHORT,
    GOOD_ANSWERS,
    NOON,
    OTHER_COHORT,
    REVIEWERS,
    SUBJECT,
    a_reviewed_screening,
    a_screening,
    a_shortlisted_screening,
    an_eligible_screening,
    some_rules,
)

RULES = some_rules()
FIRST, SECOND, THIRD = REVIEWERS[:3]
MARKS = {
    "application_id": APPLICATION,
    "cohort_id": COHORT,
    "subject_id": SUBJECT,
    "country_code": "AZ",
}
SCHOOL = (CodedAnswer(question_code="degree_level", option_codes=("school",)), GOOD_ANSWERS[1])
NO_DEGREE_SAID = GOOD_ANSWERS[1:]


def _refused(code, change, *arguments, **named):
    with pytest.raises(RuleViolation) as refused:
        change(*arguments, **named)
    assert refused.value.code == code


def _sheet(points):
    return {"motivation": points, "ideas": points}


def test_waits_until_all_preferred_cohorts_have_frozen_rules():  # R1
    screening = a_screening(preferences=(COHORT, OTHER_COHORT))
    screening.judge({COHORT: RULES}, now=NOON)
    assert screening.status is ScreeningStatus.WAITING


def test_good_answers_go_to_review():  # R2
    screening = an_eligible_screening()
    assert screening.status is ScreeningStatus.ELIGIBLE
    assert screening.eligible_cohort_ids == (COHORT,)
    assert screening.recorded == []


def test_failing_answers_are_rejected_with_the_clause():  # R2
    screening = an_eligible_screening(answers=SCHOOL)
    assert screening.recorded == [
        ScreeningRejected(
            screening_id=screening.screening_id,
            **MARKS,
            reason_code="not_eligible",
            clause_code="degree",
            rejected_at=NOON,
        )
    ]


def test_missing_answer_is_left_to_a_person():  # R2
    screening = an_eligible_screening(answers=NO_DEGREE_SAID)
    assert screening.recorded == [
        ScreeningUndecided(
            screening_id=screening.screening_id,
            **MARKS,
            clause_code="degree",
            missing_question_codes=("degree_level",),
            undecided_at=NOON,
        )
    ]
    screening.decide(eligible=True, now=NOON)
    assert screening.status is ScreeningStatus.ELIGIBLE
    assert screening.eligible_cohort_ids == (COHORT,)


def test_person_may_say_no_and_only_once():  # R2
    screening = an_eligible_screening(answers=NO_DEGREE_SAID)
    screening.decide(eligible=False, now=NOON)
    assert screening.status is ScreeningStatus.REJECTED
    _refused("screening.not_undecided", screening.decide, eligible=True, now=NOON)


def test_rules_of_each_cohort_decide_where_somebody_may_be_placed():  # R2
    only_physics = some_rules(
        eligibility={
            "code": "physics",
            "texts": {"az": "fizika", "en": "physics"},
            "question": "field_of_study",
            "includes": ["physics"],
        }
    )
    screening = a_screening(preferences=(COHORT, OTHER_COHORT))
    screening.judge({COHORT: only_physics, OTHER_COHORT: RULES}, now=NOON)
    assert screening.status is ScreeningStatus.ELIGIBLE
    assert screening.eligible_cohort_ids == (OTHER_COHORT,)


def test_changed_form_voids_reviews_and_is_judged_anew():  # R3
    screening = a_reviewed_screening()
    screening.amend(preferences=(COHORT,), answers=SCHOOL)
    screening.judge({COHORT: RULES}, now=NOON)
    assert screening.status is ScreeningStatus.REJECTED
    assert {review.status for review in screening.reviews} == {ReviewStatus.VOID}
    screening.amend(preferences=(COHORT,), answers=GOOD_ANSWERS)
    screening.judge({COHORT: RULES}, now=NOON)
    screening.assign(FIRST)
    assert screening.status is ScreeningStatus.ELIGIBLE


def test_nothing_changes_after_the_shortlist():  # R3
    screening = a_shortlisted_screening()
    _refused("screening.over", screening.amend, preferences=(COHORT,), answers=GOOD_ANSWERS)


def test_applicant_never_reviews_themselves():  # R4
    _refused("review.own_application", an_eligible_screening().assign, SUBJECT)


def test_reviewer_is_not_assigned_twice():  # R4
    screening = an_eligible_screening()
    screening.assign(FIRST)
    _refused("review.assigned_twice", screening.assign, FIRST)


def test_reviewer_with_a_conflict_stays_away():  # R4
    screening = an_eligible_screening()
    screening.assign(FIRST)
    screening.recuse(FIRST, conflict_code="same_employer")
    _refused("review.conflict", screening.assign, FIRST)
    _refused("review.not_assigned", screening.seal, FIRST, _sheet(50), RULES, now=NOON)


def test_review_is_sealed_once_and_complete():  # R5
    screening = an_eligible_screening()
    screening.assign(FIRST)
    _refused("scores.incomplete", screening.seal, FIRST, {"ideas": 5}, RULES, now=NOON)
    screening.seal(FIRST, _sheet(50), RULES, now=NOON)
    _refused("review.not_assigned", screening.seal, FIRST, _sheet(60), RULES, now=NOON)


def test_reviewers_see_each_other_only_when_all_are_sealed():  # R5
    screening = an_eligible_screening()
    screening.assign(FIRST)
    screening.assign(SECOND)
    screening.seal(FIRST, _sheet(50), RULES, now=NOON)
    assert [review.reviewer_id for review in screening.reviews_for(SECOND)] == [SECOND]
    screening.seal(SECOND, _sheet(60), RULES, now=NOON)
    assert [review.reviewer_id for review in screening.reviews_for(SECOND)] == [FIRST, SECOND]


def test_two_sealed_reviews_make_a_score():  # R6
    screening = an_eligible_screening()
    for reviewer, points in ((FIRST, 50), (SECOND, 60)):
        screening.assign(reviewer)
        screening.seal(reviewer, _sheet(points), RULES, now=NOON)
    assert screening.status is ScreeningStatus.REVIEWED
    assert screening.review_milli == 55_000


def test_reviews_that_differ_too_much_ask_for_a_third():  # R6
    screening = an_eligible_screening()
    for reviewer, points in ((FIRST, 30), (SECOND, 61)):
        screening.assign(reviewer)
        screening.seal(reviewer, _sheet(points), RULES, now=NOON)
    assert screening.status is ScreeningStatus.ELIGIBLE
    assert screening.reviews_needed(RULES) == 3
    screening.assign(THIRD)
    screening.seal(THIRD, _sheet(59), RULES, now=NOON)
    assert screening.review_milli == 50_000


def test_reviewed_application_is_shortlisted():  # R7
    screening = a_reviewed_screening()
    screening.shortlist(now=NOON)
    assert screening.recorded == [
        ScreeningShortlisted(screening_id=screening.screening_id, **MARKS, shortlisted_at=NOON)
    ]
    _refused("screening.not_reviewed", screening.reject, reason_code="below_cut", now=NOON)


def test_unreviewed_application_is_not_shortlisted():  # R7
    _refused("screening.not_reviewed", an_eligible_screening().shortlist, now=NOON)


def test_withdrawal_happens_once():
    screening = an_eligible_screening()
    screening.withdraw()
    _refused("screening.withdrawn", screening.withdraw)


def test_erasure_keeps_the_count_and_nothing_of_the_person():
    screening = a_reviewed_screening()
    screening.erase()
    assert (screening.subject_id, screening.answers) == (None, ())
    assert all(review.scores == () for review in screening.reviews)
    assert screening.status is ScreeningStatus.WITHDRAWN


def test_further_review_is_asked_for_until_the_shortlist_is_drawn():  # R6
    screening = a_reviewed_screening(points=50)
    screening.assign(THIRD)
    assert [review.reviewer_id for review in screening.reviews_for(THIRD)] == [THIRD]
    assert (screening.status, screening.review_milli) == (ScreeningStatus.REVIEWED, 50_000)
    screening.seal(THIRD, _sheet(65), RULES, now=NOON)
    assert (screening.status, screening.review_milli) == (ScreeningStatus.REVIEWED, 55_000)
    assert len(screening.reviews_for(THIRD)) == 3
    screening.shortlist(now=NOON)
    with pytest.raises(RuleViolation) as refused:
        screening.assign(REVIEWERS[3])
    assert refused.value.code == "screening.not_in_review"
