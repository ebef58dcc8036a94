from dataclasses import replace

import pytest

from chassis.errors import RuleViolation
from contracts.scheduling import CurriculumPublished
from services.scheduling.domain.curriculum import Curriculum, Part
from tests.builders.scheduling import (
    COHORT_ID,
    NOON,
    PARTS,
    TRAININGS,
    a_curriculum,
    a_training,
    an_id,
)


def test_publishing_fixes_the_draft_and_announces_it():
    curriculum = a_curriculum()

    version = curriculum.publish(now=NOON)

    assert (version.parts, version.trainings) == (PARTS, TRAININGS)
    assert curriculum.recorded == [
        CurriculumPublished(
            curriculum_id=an_id("curriculum"),
            cohort_id=COHORT_ID,
            country_code="AZ",
            curriculum_version=1,
            training_count=4,
            planned_minutes=480,
            published_at=NOON,
        )
    ]


def test_a_published_version_stays_when_the_draft_is_revised():  # R5
    curriculum = a_curriculum(published=True)
    curriculum.revise(parts=PARTS, trainings=(*TRAININGS, a_training("int-09")))
    curriculum.publish(now=NOON)

    assert curriculum.at(1).trainings == TRAININGS
    assert len(curriculum.at(2).trainings) == 5


def test_publishing_the_same_again_is_refused():  # R5
    curriculum = a_curriculum(published=True)

    with pytest.raises(RuleViolation) as refused:
        curriculum.publish(now=NOON)

    assert refused.value.code == "curriculum.unchanged"


def test_an_empty_curriculum_is_not_published():
    curriculum = Curriculum(curriculum_id="c", cohort_id="k", country_code="AZ")

    with pytest.raises(RuleViolation) as refused:
        curriculum.publish(now=NOON)

    assert refused.value.code == "curriculum.empty"


FIRST, SECOND, THEORY, PRACTICE = TRAININGS


@pytest.mark.parametrize(
    ("parts", "trainings", "code"),
    [
        (PARTS, (*TRAININGS, FIRST), "curriculum.code_twice"),
        ((*PARTS, PARTS[0]), TRAININGS, "curriculum.code_twice"),
        (PARTS, (*TRAININGS, a_training("x-1", "epilogue")), "curriculum.unknown_part"),
        ((*PARTS, Part(part_code="void", titles={"en": "-"})), TRAININGS, "curriculum.empty_part"),
        (PARTS, (replace(FIRST, minutes=0), *TRAININGS[1:]), "curriculum.bad_length"),
        (PARTS, (replace(FIRST, minutes=721), *TRAININGS[1:]), "curriculum.bad_length"),
        (PARTS, (replace(FIRST, after_codes=("the-01",)), *TRAININGS[1:]), "curriculum.bad_order"),
        (PARTS, (replace(FIRST, after_codes=("none",)), *TRAININGS[1:]), "curriculum.bad_order"),
        (
            PARTS,
            (
                replace(FIRST, after_codes=("int-02",)),
                replace(SECOND, after_codes=("int-01",)),
                THEORY,
                PRACTICE,
            ),
            "curriculum.bad_order",
        ),
    ],
)
def test_a_draft_that_cannot_be_is_refused(parts, trainings, code):  # R1-R4
    curriculum = a_curriculum()

    with pytest.raises(RuleViolation) as refused:
        curriculum.revise(parts=parts, trainings=trainings)

    assert refused.value.code == code
    assert curriculum.trainings == TRAININGS


def test_a_version_that_never_was_is_refused():
    with pytest.raises(RuleViolation) as refused:
        a_curriculum(published=True).at(2)

    assert refused.value.code == "curriculum.no_such_version"
