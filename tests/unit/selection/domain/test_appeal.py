import pytest

from chassis.errors import RuleViolation
from contracts.selection import AppealDecided
from services.selection.domain.appeal import Appeal
from tests.builders.selection import (
    APPLICATION,
    COHORT,
    NOON,
    REVIEWERS,
    SUBJECT,
    a_reviewed_screening,
)

APPEAL = "00000000-0000-7000-8000-00000000a99e"
FRESH = "00000000-0000-7000-8000-00000000f7e5"


def _file(**named):
    values = {
        "appeal_id": APPEAL,
        "subject_id": SUBJECT,
        "ground_code": "procedure",
        "panelist_ids": REVIEWERS[2:4],
        "now": NOON,
    }
    return Appeal.file(a_reviewed_screening(), **{**values, **named})


def _refused(code, change, **named):
    with pytest.raises(RuleViolation) as refused:
        change(**named)
    assert refused.value.code == code


def test_only_the_applicant_appeals():  # R1
    _refused("appeal.not_applicant", _file, subject_id=FRESH)


def test_appeal_is_examined_before_it_is_decided():  # R2
    appeal = _file()
    _refused("appeal.not_admissible", appeal.decide, granted=True, decider_id=FRESH, now=NOON)
    appeal.examine(admissible=True, decider_id=FRESH, now=NOON)
    _refused("appeal.not_filed", appeal.examine, admissible=True, decider_id=FRESH, now=NOON)


@pytest.mark.parametrize("decider", REVIEWERS[:4])
def test_first_deciders_stay_away(decider):  # R3
    _refused("appeal.first_decider", _file().examine, admissible=True, decider_id=decider, now=NOON)


@pytest.mark.parametrize(
    ("admissible", "granted", "outcome"),
    [(False, None, "inadmissible"), (True, True, "granted"), (True, False, "upheld")],
)
def test_outcome_is_announced(admissible, granted, outcome):
    appeal = _file()
    appeal.examine(admissible=admissible, decider_id=FRESH, now=NOON)
    if granted is not None:
        appeal.decide(granted=granted, decider_id=FRESH, now=NOON)
    assert appeal.recorded == [
        AppealDecided(
            appeal_id=APPEAL,
            application_id=APPLICATION,
            cohort_id=COHORT,
            subject_id=SUBJECT,
            country_code="AZ",
            outcome_code=outcome,
            decided_at=NOON,
        )
    ]
