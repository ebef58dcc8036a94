import pytest

from chassis.errors import RuleViolation
from services.certification.domain.awarding.terms import (
    AwardTerms,
    Grade,
    HoursMinimum,
    Kind,
    PartMinimum,
    RequiredTraining,
)
from tests.builders.certification import terms


def refusal(asked: AwardTerms) -> str:
    with pytest.raises(RuleViolation) as refused:
        asked.check()
    return refused.value.code


def grade(**parts: object) -> Grade:
    return Grade(kind_code=Kind.COMPLETION, **parts)  # type: ignore[arg-type] -- test values


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (terms(grades=()), "award_rule.no_grade"),
        (terms(grades=(grade(placement_minutes=1),) * 2), "award_rule.kind_twice"),
        (terms(grades=(grade(),)), "award_rule.demands_nothing"),
        (
            terms(grades=(grade(parts=(PartMinimum(part_code="a", hours=HoursMinimum()),)),)),
            "award_rule.demands_nothing",
        ),
        (terms(grades=(grade(overall=HoursMinimum(percent=0)),)), "award_rule.out_of_range"),
        (terms(grades=(grade(overall=HoursMinimum(percent=101)),)), "award_rule.out_of_range"),
        (terms(grades=(grade(overall=HoursMinimum(minutes=0)),)), "award_rule.out_of_range"),
        (terms(hold_minutes=-1), "award_rule.out_of_range"),
        (
            terms(
                grades=(
                    grade(required_trainings=(RequiredTraining(training_code="A b", percent=1),)),
                )
            ),
            "award_rule.bad_code",
        ),
        (
            terms(
                grades=(
                    grade(required_trainings=(RequiredTraining(training_code="a", percent=1),) * 2),
                )
            ),
            "award_rule.named_twice",
        ),
    ],
)
def test_terms_nobody_could_apply_are_refused(asked, code):
    assert refusal(asked) == code


def test_equal_terms_have_one_hash_and_other_terms_another():
    assert terms().sha256() == terms().sha256()
    assert terms().sha256() != terms(hold_minutes=1).sha256()


def test_a_share_is_rounded_up_to_whole_minutes():
    assert HoursMinimum(percent=80).needed_minutes(101) == 81
    assert HoursMinimum(percent=80, minutes=90).needed_minutes(101) == 90
