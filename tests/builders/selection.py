"""Builders of selection's aggregates: valid by default, named changes only."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from contracts.registration import CodedAnswer
from services.selection.domain.call import Call, Cohort
from services.selection.domain.candidate import Candidate, Standing
from services.selection.domain.interview import Interview, Presence, Slot
from services.selection.domain.offer import Offer
from services.selection.domain.rule_set import RuleSet
from services.selection.domain.rules import Rules, read_rules
from services.selection.domain.run import Run
from services.selection.domain.scores import Scores
from services.selection.domain.screening import Screening
from services.selection.domain.shortlist import Shortlist

NOON = datetime(2020, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

COHORT = "00000000-0000-7000-8000-00000000c001"
OTHER_COHORT = "00000000-0000-7000-8000-00000000c002"
CALL = "00000000-0000-7000-8000-00000000ca11"
RUN = "00000000-0000-7000-8000-0000000000f1"
SUBJECT = "00000000-0000-7000-8000-000000000501"
APPLICATION = "00000000-0000-7000-8000-000000000a01"
REVIEWERS = tuple(f"00000000-0000-7000-8000-00000000b00{n}" for n in range(1, 6))

GOOD_ANSWERS = (
    CodedAnswer(question_code="degree_level", option_codes=("master",)),
    CodedAnswer(question_code="field_of_study", option_codes=("law", "sociology")),
)


def application_id(number: int) -> str:
    """A valid id that sorts by its number."""
    return f"00000000-0000-7000-8000-{number:012d}"


def words(text: str) -> dict[str, str]:
    """A language map."""
    return {"az": text, "en": text}


def a_criterion(code: str, weight: int, *, anchored_only: bool = False) -> dict[str, Any]:
    """A criterion with a low and a high anchor."""
    return {
        "code": code,
        "titles": words(code),
        "weight_permille": weight,
        "anchored_only": anchored_only,
        "anchors": [
            {"code": "low", "points": 0, "texts": words("low")},
            {"code": "high", "points": 100, "texts": words("high")},
        ],
    }


_DOCUMENT: dict[str, Any] = {
    "questions": [
        {"code": "degree_level", "kind": "option", "options": ["school", "bachelor", "master"]},
        {"code": "field_of_study", "kind": "options", "options": ["law", "sociology", "physics"]},
        {"code": "graduated_year", "kind": "number"},
        {"code": "employed", "kind": "yes_no"},
    ],
    "eligibility": {
        "code": "eligible",
        "texts": words("may take part"),
        "all": [
            {
                "code": "degree",
                "texts": words("a degree"),
                "question": "degree_level",
                "includes": ["bachelor", "master"],
            },
            {
                "code": "field",
                "texts": words("a field the school is for"),
                "question": "field_of_study",
                "includes": ["law", "sociology"],
            },
        ],
    },
    "review": {
        "reviews_per_application": 2,
        "third_review_above_points": 30,
        "criteria": [a_criterion("motivation", 600), a_criterion("ideas", 400)],
    },
    "shortlist": {"places": 2, "minimum_points": 40},
    "interview": {
        "panel_minimum": 2,
        "criteria": [
            a_criterion("world_view", 300),
            a_criterion("logical_thinking", 300),
            a_criterion("foreign_languages", 400, anchored_only=True),
        ],
    },
    "score": {"review_permille": 400, "interview_permille": 600},
    "quotas": {"seats": 2},
    "offers": {"answer_hours": 72},
}


ADJUSTED = {"review_permille": 400, "interview_permille": 600, "review_score": "adjusted"}
"""The score of a rule set that ranks by adjusted review scores."""


def a_document(**changes: Any) -> dict[str, Any]:
    """A rule set's document; changes replace its top fields."""
    return {**copy.deepcopy(_DOCUMENT), **changes}


def some_rules(**changes: Any) -> Rules:
    """Rules read from a document."""
    return read_rules(a_document(**changes), cohort_id=COHORT)


def a_rule_set(*, cohort_id: str = COHORT, frozen: bool = True, **changes: Any) -> RuleSet:
    """A rule set, frozen unless said."""
    rule_set = RuleSet.draft(cohort_id=cohort_id, country_code="AZ", document=a_document(**changes))
    if frozen:
        rule_set.freeze(now=NOON)
        rule_set.recorded.clear()
    return rule_set


def a_call(**changes: Any) -> Call:
    """A call that is open at noon."""
    values: dict[str, Any] = {
        "call_id": CALL,
        "cohort_ids": (COHORT,),
        "country_code": "AZ",
        "opens_at": NOON - DAY,
        "closes_at": NOON + DAY,
    }
    return Call(**{**values, **changes})


def a_cohort(**changes: Any) -> Cohort:
    """A cohort that starts weeks after noon."""
    values: dict[str, Any] = {
        "cohort_id": COHORT,
        "country_code": "AZ",
        "starts_on": date(2021, 1, 9),
        "ends_on": date(2021, 7, 3),
        "zone": "Asia/Baku",
    }
    return Cohort(**{**values, **changes})


def a_screening(**changes: Any) -> Screening:
    """A screening that waits to be judged."""
    values: dict[str, Any] = {
        "application_id": APPLICATION,
        "call_id": CALL,
        "cohort_id": COHORT,
        "subject_id": SUBJECT,
        "country_code": "AZ",
        "route": "open",
        "preferences": (COHORT,),
        "answers": GOOD_ANSWERS,
    }
    values |= changes
    values.setdefault("screening_id", Screening.id_for(values["application_id"]))
    return Screening(**values)


def an_eligible_screening(**changes: Any) -> Screening:
    """A screening that waits for reviews."""
    screening = a_screening(**changes)
    screening.judge({cohort_id: some_rules() for cohort_id in screening.preferences}, now=NOON)
    return screening


def a_reviewed_screening(
    points: int = 80, *, sheets: Mapping[str, int] | None = None, **changes: Any
) -> Screening:
    """A screening with sealed reviews: two of the same points, or as ``sheets`` says."""
    screening = an_eligible_screening(**changes)
    for reviewer_id, given in (sheets or dict.fromkeys(REVIEWERS[:2], points)).items():
        screening.assign(reviewer_id)
        sheet = {"motivation": given, "ideas": given}
        screening.seal(reviewer_id, sheet, some_rules(), now=NOON)
    return screening


def a_shortlisted_screening(**changes: Any) -> Screening:
    """A screening that goes to the interview."""
    screening = a_reviewed_screening(**changes)
    screening.shortlist(now=NOON)
    screening.recorded.clear()
    return screening


def a_slot(**changes: Any) -> Slot:
    """Half an hour, a day after noon."""
    values: dict[str, Any] = {
        "starts_at": NOON + DAY,
        "ends_at": NOON + DAY + HOUR / 2,
        "zone": "Asia/Baku",
        "mode": Presence.ONSITE,
    }
    return Slot(**{**values, **changes})


def an_interview(**changes: Any) -> Interview:
    """A booked interview before two panelists."""
    interview = Interview.book(
        a_shortlisted_screening(**changes),
        slot=a_slot(),
        panelist_ids=REVIEWERS[2:4],
        rules=some_rules(),
        now=NOON,
    )
    interview.recorded.clear()
    return interview


def a_candidate(number: int, *, score: int, cohorts: tuple[str, ...] = (COHORT,)) -> Candidate:
    """A candidate of band 0 with one score everywhere."""
    return Candidate(
        application_id=application_id(number),
        country_code="AZ",
        scores=Scores(review_milli=score, interview_milli=score),
        standings=tuple(Standing(cohort_id=c, band=0, score_milli=score) for c in cohorts),
    )


def a_run(
    *candidates: Candidate,
    drawn: bool = True,
    shortlists: Iterable[Shortlist] = (),
    **changes: Any,
) -> Run:
    """A run with a snapshot of these candidates, drawn unless said."""
    run = Run.commit(
        run_id=RUN, call=a_call(), secret="secret", public_value_name="az-lottery-5", now=NOON
    )
    run.take_snapshot(
        call=a_call(closed_at=NOON + DAY),
        rule_sets=[a_rule_set(**changes)],
        candidates=candidates,
        shortlists=shortlists,
    )
    if drawn:
        run.draw("5 12 17 33 41")
    run.recorded.clear()
    return run


def an_offer(**changes: Any) -> Offer:
    """An offer made at noon that stands for three days."""
    offer = Offer.make(
        a_shortlisted_screening(**changes),
        run_id=RUN,
        round_number=1,
        cohort_id=COHORT,
        answer_hours=72,
        now=NOON,
    )
    offer.recorded.clear()
    return offer
